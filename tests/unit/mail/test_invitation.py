"""Invitations as words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.invitation import describe

MEETING = r"""BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:GMT Standard Time
DTSTART:16010101T020000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY;LANGUAGE=en-GB:Viewing of the files\, room 2
DTSTART:20240603T090000Z
DTEND;TZID="GMT Standard Time":20240603T110000
LOCATION:Town Hall
DESCRIPTION:Please bring the list\nof potholes and
  the map.
END:VEVENT
BEGIN:VEVENT
SUMMARY:Another
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_what_when_and_where_are_told(breaks: str) -> None:
    assert describe(MEETING.replace("\n", breaks)).split("\n") == [
        "What: Viewing of the files, room 2",
        "When: Monday 3 June 2024, 10:00",
        "Until: Monday 3 June 2024, 11:00 (GMT Standard Time)",
        "Where: Town Hall",
        "About: Please bring the list of potholes and the map.",
    ]


def test_a_whole_day_has_no_hour_and_a_cancelled_meeting_says_so() -> None:
    text = "METHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Viewing\nDTSTART;VALUE=DATE:20240603\nEND:VEVENT"
    assert describe(text) == "What: Viewing\nWhen: Monday 3 June 2024\nIt is cancelled."


@pytest.mark.parametrize("text", ["", "no calendar", "BEGIN:VEVENT\nEND:VEVENT", "BEGIN:VCALENDAR\nSUMMARY:x"])
def test_what_tells_nothing_is_nothing(text: str) -> None:
    assert describe(text) == ""


def test_a_date_that_is_none_is_shown_as_it_is_written() -> None:
    assert "When: 20249999T999999" in describe("BEGIN:VEVENT\nDTSTART:20249999T999999\nEND:VEVENT")


LINE = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "DTSTART:00010101T000000Z", "DTEND;TZID=:2024", " x", "SUMMARY:\\"]
)


@given(st.lists(LINE | st.text(max_size=40)))
def test_no_text_breaks_it(lines: list[str]) -> None:
    describe("\r\n".join(lines))

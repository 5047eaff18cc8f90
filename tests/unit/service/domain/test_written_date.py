"""Dates in the words of mail programs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.written_date import read_written_date

FRI_MAY_12_0923 = datetime(2023, 5, 12, 9, 23, tzinfo=UTC)  # 10:23 in London


@pytest.mark.parametrize(
    "line",
    [
        "12 May 2023 10:23",  # Outlook
        "Friday, May 12, 2023 10:23 AM",  # Outlook, American
        "Fri, 12 May 2023 at 10:23",  # Gmail
        "Fri, May 12, 2023 at 10:23\u202fAM",  # Gmail, American, with its narrow space
        "Fri, 12 May 2023 10:23:00 +0100",  # Thunderbird
        "12 May 2023 at 10:23:00 BST",  # Apple Mail
        "On Friday, May 12th, 2023 at 10:23 AM",  # Proton
        "12/05/2023 10:23",  # Lotus Notes
        "2023-05-12T09:23:00Z",
        "2023-05-12 10:23",
        "12.05.2023 10.23",
        "Fri, 12 May 2023 09:23:00 GMT",
        "Fri, 12 May 2023 05:23:00 -0400 (EDT)",
        "12 Mai 2023 10:23",  # Outlook in Welsh
        "Friday 12th May 2023 10:23 and more words",
    ],
)
def test_each_programs_way_is_read(line: str) -> None:
    assert read_written_date(line) == FRI_MAY_12_0923


def test_a_time_without_a_zone_is_londons_in_winter_too() -> None:
    assert read_written_date("12 January 2023 22:23") == datetime(2023, 1, 12, 22, 23, tzinfo=UTC)


@pytest.mark.parametrize(("line", "hour"), [("12:05 AM", 0), ("12:05 p.m.", 12), ("1:05 pm", 13), ("1:05", 1)])
def test_the_two_halves_of_the_day_are_told_apart(line: str, hour: int) -> None:
    assert read_written_date(f"12 January 2023 {line}") == datetime(2023, 1, 12, hour, 5, tzinfo=UTC)


def test_a_day_without_an_hour_is_taken_at_midday() -> None:
    assert read_written_date("Thursday, 12 January 2023") == datetime(2023, 1, 12, 12, tzinfo=UTC)


def test_a_date_in_figures_that_can_only_be_american_is() -> None:
    assert read_written_date("1/29/2023 10:23 AM") == datetime(2023, 1, 29, 10, 23, tzinfo=UTC)


@pytest.mark.parametrize("line", ["", "soon", "31 February 2023", "12 May", "12 May 2023 29:00", "12 May 2023 10:99"])
def test_what_is_no_date_is_none(line: str) -> None:
    assert read_written_date(line) is None


@given(st.text(max_size=120) | st.from_regex(r"[0-9]{1,2}[ /.-](May|[0-9]{1,2})[ /.-][0-9]{4} [0-9:apm+ -]{0,20}"))
def test_no_text_breaks_it(text: str) -> None:
    moment = read_written_date(text)
    assert moment is None or moment.tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_a_date_as_headers_write_it_is_read_to_the_second(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read_written_date(f"{whole:%a, %d %b %Y %H:%M:%S +0000}") == whole

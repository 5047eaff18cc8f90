"""A file of bank holidays from gov.uk, and what it changes."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.calendars import CalendarChange, Calendars, ChangeKind, load_calendars
from service.domain.published_holidays import PARTS, PublishedHolidaysFault, difference, read_published
from service.domain.working_days import Division
from tests.unit.service.domain.histories import calendars as some_calendars
from tests.unit.service.domain.published_files import a_file, as_held, some_parts

CALENDARS = load_calendars()
MADE_ON = date(2026, 11, 23)
FRI_JUN_11_2027 = date(2027, 6, 11)
WHOLE: dict[str, Any] = json.loads(a_file(as_held(CALENDARS, 2019, 2028)))


def changes(parts: dict[Division, dict[date, str]], calendars: Calendars = CALENDARS) -> list[CalendarChange]:
    return difference(read_published(a_file(parts)), calendars, made_on=MADE_ON)


def told(made: list[CalendarChange]) -> list[tuple[ChangeKind, date, Division | None]]:
    return [(change.kind, change.on, change.division) for change in made]


def test_the_file_we_agree_with_changes_nothing() -> None:
    assert changes(as_held(CALENDARS, 2019, 2028)) == []


def test_a_day_that_only_the_file_has_is_added_with_its_title() -> None:
    parts = as_held(CALENDARS, 2019, 2028)
    parts[Division.SCT][FRI_JUN_11_2027] = "Men’s World Cup"
    [change] = changes(parts)
    assert told([change]) == [(ChangeKind.ADDED, FRI_JUN_11_2027, Division.SCT)]
    assert (change.title, change.source, change.made_on) == ("Men’s World Cup", "gov.uk/bank-holidays", MADE_ON)


def test_a_day_that_the_file_no_longer_has_is_withdrawn() -> None:
    parts = as_held(CALENDARS, 2019, 2028)
    del parts[Division.NIR][date(2027, 7, 12)]
    assert told(changes(parts)) == [(ChangeKind.WITHDRAWN, date(2027, 7, 12), Division.NIR)]


def test_holidays_outside_the_days_that_a_division_is_covered_for_stay() -> None:
    parts = as_held(CALENDARS, 2026, 2027)
    mon_apr_6 = date(2026, 4, 6)
    parts[Division.ENG] = {day: title for day, title in parts[Division.ENG].items() if day >= mon_apr_6}
    assert changes(parts) == []


def test_a_new_year_of_all_divisions_moves_the_horizon_last() -> None:
    parts = as_held(CALENDARS, 2027, 2028)
    for titles in parts.values():
        titles[date(2029, 12, 25)] = "Christmas Day"
    made = changes(parts)
    assert told(made)[-1] == (ChangeKind.HORIZON, date(2029, 12, 31), None)
    assert CALENDARS.with_changes(made).horizon == date(2029, 12, 31)


def test_the_horizon_waits_for_the_last_division() -> None:
    parts = as_held(CALENDARS, 2027, 2028)
    for division in (Division.ENG, Division.NIR):
        parts[division][date(2029, 12, 25)] = "Christmas Day"
    assert {kind for kind, _, _ in told(changes(parts))} == {ChangeKind.ADDED}


def test_a_year_that_breaks_off_before_christmas_speaks_for_its_days_only() -> None:
    parts = {division: {date(2028, 1, 3): "New Year’s Day (substitute day)"} for division in PARTS.values()}
    assert changes(parts) == []


def test_a_weekend_and_a_day_that_stands_twice_are_passed_over_and_said() -> None:
    data = deepcopy(WHOLE)
    data["scotland"]["events"] += [
        {"title": "St Andrew’s Day", "date": "2024-11-30"},
        {"title": "Boxing", "date": "2024-12-26"},
    ]
    published = read_published(json.dumps(data).encode())
    assert difference(published, CALENDARS, made_on=MADE_ON) == []
    assert published.passed_over == (
        "St Andrew’s Day in Scotland on Saturday 30 November 2024 is at a weekend, which is no working day anyway.",
        "Boxing in Scotland on Thursday 26 December 2024 stands there twice: that day is Boxing Day already.",
    )


@settings(deadline=None)
@given(parts=some_parts(), calendars=some_calendars(date(2024, 6, 3)))
def test_once_a_file_was_taken_over_it_changes_nothing_more(
    parts: dict[Division, dict[date, str]], calendars: Calendars
) -> None:
    published = read_published(a_file(parts))
    after = calendars.with_changes(difference(published, calendars, made_on=MADE_ON))
    assert difference(published, after, made_on=MADE_ON) == []
    for part in published.parts:
        before, now = (_days(each, part.division) for each in (calendars, after))
        assert {day for day in now if part.first <= day <= part.last} == {
            d for d in parts[part.division] if _weekday(d)
        }
        assert {day for day in before ^ now if not part.first <= day <= part.last} == set()


def _days(calendars: Calendars, division: Division) -> set[date]:
    return {row.on for row in calendars.uk.holidays if row.division is division and _weekday(row.on)}


def _weekday(day: date) -> bool:
    return day.weekday() < 5


def _with(path: tuple[str | int, ...], value: object) -> bytes:
    """The whole file with one thing in it replaced."""
    data: Any = deepcopy(WHOLE)
    inner = data
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return json.dumps(data).encode()


def _without(name: str) -> bytes:
    return json.dumps({key: part for key, part in WHOLE.items() if key != name}).encode()


EVENT = ("scotland", "events", 2)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1 is no JSON, Expecting value"),
        (b"<!DOCTYPE html>", "line 1 is no JSON"),
        (b'{"scotland":\n {"events": [}', "line 2 is no JSON"),
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b"[" * 100_000, "no JSON that anyone would publish"),
        (b"[" + b"9" * 10_000 + b"]", "no JSON that anyone would publish"),
        (b"[]", "the file is not an object"),
        (b'{"scotland": 1, "scotland": 2}', '"scotland" twice in one place'),
        (_without("northern-ireland"), 'no part "northern-ireland"'),
        (b"{}", 'no part "england-and-wales", "scotland", "northern-ireland"'),
        (_with(("scotland",), []), '"scotland" is not an object'),
        (_with(("scotland", "division"), "wales"), '"scotland" says that it is the part of another division'),
        (_with(("scotland", "events"), []), '"scotland" has no list of "events"'),
        (_with(("scotland", "events"), {}), '"scotland" has no list of "events"'),
        (_with(EVENT, "Easter"), 'event 3 of "scotland" is not an object'),
        (_with((*EVENT, "title"), " \n"), 'event 3 of "scotland" has no title'),
        (_with((*EVENT, "title"), "\x1b[2J"), 'event 3 of "scotland" has no title that can be shown'),
        (_with((*EVENT, "date"), None), 'event 3 of "scotland" has no date'),
        (_with((*EVENT, "date"), "2024-02-30"), "is on '2024-02-30', which is no date"),
        (_with((*EVENT, "date"), "30/11/2024"), "is on '30/11/2024', which is no date"),
        (_with((*EVENT, "date"), "20241130"), "not written YEAR-MONTH-DAY"),
        (_with((*EVENT, "date"), "9999-12-31"), "in the year 9999, outside 2005 to 2199"),
        (_with((*EVENT, "date"), "2031-12-25"), '"scotland" has no holiday at all in 2029'),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_is_wrong_in_it(content: bytes, says: str) -> None:
    with pytest.raises(PublishedHolidaysFault) as fault:
        read_published(content)
    assert says in str(fault.value)
    assert "\n" not in str(fault.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["2024-12-25", *PARTS]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["events", "title", "date", "division", *PARTS]), inner, max_size=4)
    ),
)


@settings(deadline=None)
@given(JSON.map(lambda data: json.dumps(data).encode()) | st.binary(max_size=200))
def test_whatever_a_file_holds_it_is_used_or_refused(content: bytes) -> None:
    try:
        published = read_published(content)
    except PublishedHolidaysFault:
        return
    assert len(published.parts) == 3


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_published(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()).horizon == date(2028, 12, 31)

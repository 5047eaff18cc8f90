"""Working days, against a naive walk from day to day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.calendars import load_calendars
from service.domain.working_days import Division, Holiday, Weekend, WorkingDays

UK = load_calendars().uk
A_DAY = timedelta(days=1)
DAYS = st.dates(date(2012, 1, 1), date(2029, 12, 31))


def holiday(on: date, proclaimed_on: date | None = None) -> Holiday:
    return Holiday(on, Division.SCT, "a holiday", "a test", proclaimed_on)


def calendar(*rows: Holiday) -> WorkingDays:
    return WorkingDays(rows, "test", date(2024, 1, 1), date(2025, 12, 31))


def test_day_one_is_the_first_working_day_after_a_day_that_may_be_none_itself() -> None:
    fri_7, sat_8, sun_9, mon_10 = (date(2024, 6, n) for n in (7, 8, 9, 10))
    assert {UK.after(day, 1) for day in (fri_7, sat_8, sun_9)} == {mon_10}


def test_a_weekend_and_a_holiday_say_what_they_are() -> None:
    assert UK.why_not(date(2024, 6, 8)) == Weekend(date(2024, 6, 8))
    reasons = UK.why_not(date(2024, 3, 18))
    assert isinstance(reasons, tuple)
    assert [(row.division.place, row.title) for row in reasons] == [
        ("Northern Ireland", "St Patrick’s Day (substitute day)")
    ]
    assert UK.why_not(date(2024, 6, 10)) is None


def test_a_day_off_in_more_places_than_one_names_them_all() -> None:
    wed_christmas = date(2024, 12, 25)
    rows = tuple(Holiday(wed_christmas, place, "Christmas Day", "a test") for place in (Division.ENG, Division.SCT))
    assert calendar(*rows).why_not(wed_christmas) == rows


def test_nothing_is_the_noughth_working_day() -> None:
    with pytest.raises(ValueError, match=r"^working days are counted from 1$"):
        UK.after(date(2024, 6, 10), 0)


@settings(deadline=None)
@given(DAYS, st.integers(1, 130))
def test_the_nth_working_day_is_the_one_a_walk_finds(day: date, n: int) -> None:
    walked, left = day, n
    while left:
        walked += A_DAY
        left -= UK.is_working(walked)
    assert UK.after(day, n) == walked
    assert UK.count(day, walked) == n
    assert UK.count(walked, day) == -n


def test_on_or_before_is_the_last_day_that_counted() -> None:
    for day, moved in ((date(2024, 5, 27), date(2024, 5, 24)), (date(2024, 5, 28), date(2024, 5, 28))):
        assert UK.on_or_before(day) == moved  # the spring bank holiday, a Monday, and the day after


@settings(deadline=None)
@given(DAYS)
def test_on_or_after_moves_only_a_day_that_does_not_count(day: date) -> None:
    moved = UK.on_or_after(day)
    assert UK.is_working(moved)
    assert (moved == day) == UK.is_working(day)
    assert UK.count(day, moved) in (0, 1)


@settings(deadline=None)
@given(DAYS, st.integers(1, 60), st.sets(DAYS, max_size=20))
def test_an_added_holiday_never_brings_a_day_forward(day: date, n: int, more: set[date]) -> None:
    assert replace(UK, holidays=(*UK.holidays, *map(holiday, more))).after(day, n) >= UK.after(day, n)


def test_a_holiday_listed_on_a_weekend_changes_nothing() -> None:
    sat_8 = date(2024, 6, 8)
    assert calendar(holiday(sat_8)).after(date(2024, 6, 7), 1) == date(2024, 6, 10)
    assert calendar(holiday(sat_8)).why_not(sat_8) == Weekend(sat_8)


def test_the_calendar_known_on_a_day_lacks_what_was_proclaimed_later() -> None:
    mon_17 = date(2024, 6, 17)
    late = calendar(holiday(mon_17, proclaimed_on=date(2024, 6, 12)))
    assert late.as_known_on(date(2024, 6, 11)).is_working(mon_17)
    assert late.as_known_on(date(2024, 6, 12)) is late
    assert late.as_known_on(date(2024, 6, 11), until=date(2024, 6, 16)) is late


def test_each_proclamation_is_known_from_its_own_day_on() -> None:
    tue_11, wed_12, thu_20, mon_17, mon_24 = (date(2024, 6, n) for n in (11, 12, 20, 17, 24))
    late = calendar(holiday(mon_17, proclaimed_on=wed_12), holiday(mon_24, proclaimed_on=thu_20))
    known = {on: late.as_known_on(on) for on in (tue_11, wed_12, thu_20)}
    days_off = {on: [day for day in (mon_17, mon_24) if not known[on].is_working(day)] for on in known}
    assert days_off == {tue_11: [], wed_12: [mon_17], thu_20: [mon_17, mon_24]}


def test_the_days_beyond_the_published_holidays_are_not_covered() -> None:
    assert UK.covers(date(2012, 1, 1), date(2028, 12, 31))
    assert not UK.covers(date(2028, 12, 1), date(2029, 1, 2))
    assert not UK.covers(date(2011, 12, 30), date(2012, 1, 10))


def test_a_closed_school_day_is_no_day_of_the_school() -> None:
    mon_22 = date(2024, 7, 22)
    school = UK.closed_on([mon_22])
    assert UK.is_working(mon_22)
    assert not school.is_working(mon_22)
    assert school.version == UK.version
    assert school.why_not(mon_22) == (Holiday(mon_22, Division.SCHOOL, "no session", "the school's calendar"),)

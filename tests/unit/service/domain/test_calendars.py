"""The shipped file of bank holidays, against an independent source."""

from dataclasses import replace
from datetime import date
from typing import Any

import holidays
import pytest

from service.domain.calendars import (
    CalendarChange,
    CalendarChangeRefused,
    CalendarError,
    Calendars,
    ChangeKind,
    load_calendars,
    read_calendars,
)
from service.domain.clock import Period
from service.domain.working_days import Division

CALENDARS = load_calendars()
DIVISIONS = (Division.ENG, Division.SCT, Division.NIR)

MON_AUG_30_2027 = date(2027, 8, 30)


def a_holiday(on: date, division: Division | None, **changes: Any) -> CalendarChange:
    words: dict[str, Any] = {"made_on": MON_AUG_30_2027, "title": "A day", "source": "a proclamation"} | changes
    return CalendarChange(ChangeKind.ADDED, on, division=division, **words)


ONE_ROW = """
version = "t"
starts = 2024-01-01
horizon = 2024-12-31
holidays = [{ on = 2024-03-18, divisions = ["NIR"], title = "St Patrick", source = "s", added_in = "t" }]
"""


@pytest.mark.parametrize("division", DIVISIONS)
@pytest.mark.parametrize("year", range(2012, 2029))
def test_every_weekday_holiday_of_every_year_agrees_with_the_holidays_package(year: int, division: Division) -> None:
    theirs = {day for day in holidays.country_holidays("GB", subdiv=division, years=year) if day.weekday() < 5}
    ours = {row.on for row in CALENDARS.uk.holidays if row.division == division and row.on.year == year}
    assert ours == theirs


def test_no_row_is_on_a_weekend_or_there_twice() -> None:
    rows = [(row.on, row.division) for row in CALENDARS.shipped]
    assert len(rows) == len(set(rows))
    assert all(on.weekday() < 5 for on, _ in rows)


def test_scotland_counts_by_its_own_holidays_alone() -> None:
    assert {row.division for row in CALENDARS.of("FOISA").holidays} == {Division.SCT}
    assert CALENDARS.of("EISR") is CALENDARS.of("FOISA")
    assert CALENDARS.of("EIR") is CALENDARS.of("FOIA")


def test_the_world_cup_holiday_of_mon_15_june_2026_is_scotlands_and_was_proclaimed_in_february() -> None:
    rows = CALENDARS.uk.why_not(date(2026, 6, 15))
    assert isinstance(rows, tuple)
    assert [(row.division, row.proclaimed_on) for row in rows] == [(Division.SCT, date(2026, 2, 3))]


def test_both_calendars_reach_the_end_of_2028_and_say_their_version() -> None:
    assert CALENDARS.horizon == date(2028, 12, 31)
    assert CALENDARS.uk.version == CALENDARS.scotland.version == CALENDARS.version != ""


def test_rows_added_at_run_time_count_where_they_belong_and_change_the_version_of_both() -> None:
    thu_2 = date(2027, 9, 2)
    added = CALENDARS.with_changes([a_holiday(thu_2, Division.NIR)])
    assert not added.uk.is_working(thu_2)
    assert added.scotland.is_working(thu_2)
    assert added.version == added.of("FOISA").version == f"{CALENDARS.version}+1"
    assert CALENDARS.uk.is_working(thu_2)


def test_a_small_file_is_read_row_by_row() -> None:
    calendars: Calendars = read_calendars(ONE_ROW)
    assert calendars.horizon == date(2024, 12, 31)
    assert not calendars.uk.is_working(date(2024, 3, 18))
    assert calendars.scotland.is_working(date(2024, 3, 18))


@pytest.mark.parametrize(
    "fault",
    [
        ("2024-03-18", '"2024-03-18"'),
        ("NIR", "WALES"),
        ("holidays =", "days ="),
        ('source = "s", ', ""),
        ("[{", "{{"),
    ],
)
def test_a_damaged_file_is_refused_whole(fault: tuple[str, str]) -> None:
    with pytest.raises(CalendarError, match="The file of bank holidays cannot be used"):
        read_calendars(ONE_ROW.replace(*fault))


THU_2 = date(2027, 9, 2)


def withdrawn(on: date, division: Division) -> CalendarChange:
    return replace(a_holiday(on, division), kind=ChangeKind.WITHDRAWN)


def horizon(on: date) -> CalendarChange:
    return CalendarChange(ChangeKind.HORIZON, on, MON_AUG_30_2027)


def test_a_withdrawn_holiday_counts_again_and_an_earlier_version_still_has_it() -> None:
    added = CALENDARS.with_changes([a_holiday(THU_2, Division.SCT)])
    mended = added.with_changes([withdrawn(THU_2, Division.SCT)])
    assert mended.uk.is_working(THU_2) and mended.scotland.is_working(THU_2)
    assert mended.version == f"{CALENDARS.version}+2"
    assert not mended.at(added.version).scotland.is_working(THU_2)
    assert mended.at(CALENDARS.version).scotland.is_working(THU_2)


def test_a_shipped_holiday_can_be_withdrawn_where_it_was_moved() -> None:
    mon_may_3_2027, fri_may_7_2027 = date(2027, 5, 3), date(2027, 5, 7)
    moved = CALENDARS.with_changes([withdrawn(mon_may_3_2027, Division.ENG), a_holiday(fri_may_7_2027, Division.ENG)])
    places = {row.division for row in moved.holidays_on(mon_may_3_2027)}
    assert places == {Division.SCT, Division.NIR}
    assert [row.division for row in moved.holidays_on(fri_may_7_2027)] == [Division.ENG]


def test_the_horizon_moves_on_and_every_calendar_knows() -> None:
    later = CALENDARS.with_changes([horizon(date(2030, 12, 31))])
    assert later.horizon == later.scotland.horizon == date(2030, 12, 31)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (a_holiday(date(2027, 9, 4), Division.SCT), "Saturday 4 September 2027 is no working day anyway"),
        (a_holiday(date(2027, 5, 3), Division.NIR), "Monday 3 May 2027 is a holiday in Northern Ireland already"),
        (a_holiday(THU_2, None), "Say in which part of the United Kingdom"),
        (a_holiday(THU_2, Division.SCHOOL), "Say in which part of the United Kingdom"),
        (a_holiday(THU_2, Division.SCT, proclaimed_on=date(2027, 8, 31)), "on 31 August 2027, which is still to come"),
        (withdrawn(THU_2, Division.SCT), "Thursday 2 September 2027 is no holiday in Scotland"),
        (horizon(date(2028, 12, 31)), "known until 31 December 2028 already"),
    ],
)
def test_a_change_that_changes_nothing_is_refused(change: CalendarChange, sentence: str) -> None:
    with pytest.raises(CalendarChangeRefused, match=sentence):
        CALENDARS.with_changes([change])


def test_a_newer_file_that_holds_an_added_row_itself_keeps_one_of_it() -> None:
    mon_may_3_2027 = date(2027, 5, 3)
    logged = CALENDARS.with_log([a_holiday(mon_may_3_2027, Division.SCT)])
    assert [row.title for row in logged.scotland.holidays if row.on == mon_may_3_2027] == ["Early May bank holiday"]
    assert logged.version == f"{CALENDARS.version}+1"


def test_an_older_version_has_no_rows_that_a_newer_file_brought() -> None:
    text = (
        ONE_ROW.replace('"t"', '"2026.1"')
        .replace(
            "holidays = [",
            'holidays = [\n{ on = 2024-03-19, divisions = ["NIR"], title = "New", source = "s", added_in = "2026.2" },',
        )
        .replace('version = "2026.1"', 'version = "2026.2"', 1)
    )
    newer = read_calendars(text)
    assert not newer.uk.is_working(date(2024, 3, 19))
    assert newer.at("2026.1").uk.is_working(date(2024, 3, 19))
    assert not newer.at("2026.1").uk.is_working(date(2024, 3, 18))
    assert newer.at("2026.1").version == "2026.1"


def test_a_schools_calendar_is_part_of_the_version() -> None:
    summer = load_calendars([Period(date(2027, 7, 20), date(2027, 9, 2))])
    longer = load_calendars([Period(date(2027, 7, 20), date(2027, 9, 3))])
    assert len({CALENDARS.version, summer.version, longer.version}) == 3
    assert longer.at(longer.version) is longer

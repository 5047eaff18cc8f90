"""The shipped file of bank holidays, against an independent source."""

from datetime import date

import holidays
import pytest

from service.domain.calendars import CalendarError, Calendars, load_calendars, read_calendars
from service.domain.working_days import Division, Holiday

CALENDARS = load_calendars()
DIVISIONS = (Division.ENG, Division.SCT, Division.NIR)

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
    rows = [(row.on, row.division, row.title) for row in CALENDARS.uk.holidays]
    assert len(rows) == len(set(rows))
    assert all(on.weekday() < 5 for on, _, _ in rows)


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
    added = CALENDARS.with_added([Holiday(thu_2, Division.NIR, "A day", "a proclamation", added_on=date(2027, 8, 30))])
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

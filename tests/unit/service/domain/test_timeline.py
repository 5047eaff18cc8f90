"""The deadline that follows from a case's facts, on the days where one rule gives way to the next."""

from datetime import date

import pytest

from service.domain.calendars import CalendarChange, ChangeKind, load_calendars
from service.domain.clock import (
    Clock,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Matter,
    Period,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    read_clock,
)
from service.domain.regime import Regime
from service.domain.working_days import Division

CALENDARS = load_calendars()

MON_3, TUE_4, WED_5, THU_6 = (date(2024, 6, n) for n in (3, 4, 5, 6))
WED_19 = date(2024, 6, 19)
MON_1_JUL, TUE_2_JUL, WED_3_JUL, TUE_9_JUL, WED_10_JUL = (date(2024, 7, n) for n in (1, 2, 3, 9, 10))
RECEIVED = Received(MON_3)  # due Mon 1 Jul 2024 under every law


def clock(*events: ClockEvent, matter: Matter = Matter.REQUEST, closed: Period | None = None) -> Clock:
    """A clock under the Act; of a school, when there are days on which it is closed."""
    return read_clock(events, "FOIA", CALENDARS, matter=matter, closures=[closed] if closed else [])


def test_a_fees_notice_on_the_last_day_stops_the_clock_and_takes_its_days_out() -> None:
    notice = FeesNoticeGiven(MON_1_JUL)
    assert clock(RECEIVED, notice).due_on is None
    assert clock(RECEIVED, notice, FeePaid(TUE_2_JUL)).due_on == WED_3_JUL


PROMISED = Extended(TUE_4, TUE_9_JUL)


@pytest.mark.parametrize(
    ("told", "due_on"),
    [
        ([FeesNoticeGiven(TUE_4), FeePaid(TUE_4), Extended(WED_5, TUE_9_JUL)], TUE_9_JUL),
        ([FeesNoticeGiven(TUE_4), FeePaid(TUE_4), PROMISED], TUE_9_JUL),
        ([PROMISED, FeesNoticeGiven(TUE_4), FeePaid(TUE_4)], WED_10_JUL),
        ([PROMISED, FeesNoticeGiven(TUE_9_JUL), FeePaid(TUE_9_JUL)], WED_10_JUL),
        ([PROMISED, FeesNoticeGiven(WED_10_JUL), FeePaid(WED_10_JUL)], TUE_9_JUL),
    ],
    ids=["before the promise", "before it, on its day", "on the day it was made", "on the day it names", "after that"],
)
def test_a_fees_notice_moves_a_promise_that_was_made_and_has_not_passed(told: list[ClockEvent], due_on: date) -> None:
    assert clock(RECEIVED, *told).due_on == due_on


def test_a_time_limit_that_has_grown_past_a_promise_is_not_cut_short_by_it() -> None:
    archives = RegimeChanged(WED_5, Regime.FOIA, Matter.ARCHIVES)
    assert clock(RECEIVED, PROMISED, archives).due_on == date(2024, 7, 16)
    corrected = ReceiptCorrected(THU_6, WED_5, "it was misdated")
    assert clock(RECEIVED, Extended(THU_6, TUE_2_JUL), corrected).due_on == WED_3_JUL


def test_a_time_limit_that_has_caught_up_with_a_promise_is_the_laws_own_count_again() -> None:
    six_days_off = Period(date(2024, 6, 10), date(2024, 6, 17))
    school = RegimeChanged(WED_5, Regime.FOIA, Matter.SCHOOL)
    caught_up = clock(RECEIVED, PROMISED, school, closed=six_days_off)
    assert (caught_up.due_on, caught_up.school_days) == (TUE_9_JUL, True)


def test_when_both_limits_of_a_school_end_on_one_day_it_is_the_school_days_that_are_told() -> None:
    fri_19_jul, sat_20_jul, tue_17_sep, tue_15_oct = (
        date(2024, month, n) for month, n in ((7, 19), (7, 20), (9, 17), (10, 15))
    )
    school = clock(Received(fri_19_jul), matter=Matter.SCHOOL, closed=Period(sat_20_jul, tue_17_sep))
    assert (school.due_on, school.school_days) == (tue_15_oct, True)


def test_every_clock_says_which_calendar_it_was_counted_by() -> None:
    changed = CALENDARS.with_changes([CalendarChange(ChangeKind.ADDED, WED_19, TUE_4, Division.ENG, "a holiday", "")])
    for calendars in (CALENDARS, changed):
        assert read_clock([RECEIVED], "FOIA", calendars).calendar_version == calendars.version
    assert changed.version == f"{CALENDARS.version}+1"

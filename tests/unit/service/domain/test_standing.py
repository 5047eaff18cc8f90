"""Where a case stands on a day."""

from datetime import date

import pytest

from service.domain.calendars import load_calendars
from service.domain.clock import Answered, ClarificationSought, ClockEvent, Received, Withdrawn, read_clock
from service.domain.standing import Standing, StandingKind, standing

CALENDARS = load_calendars()
MON_3_JUN = date(2024, 6, 3)  # due Mon 1 Jul 2024


def stands(today: date, *events: ClockEvent, received: date = MON_3_JUN, due_soon: int = 5) -> Standing:
    clock = read_clock([Received(received), *events], "FOIA", CALENDARS)
    return standing(clock, today, CALENDARS.uk, due_soon)


@pytest.mark.parametrize(
    ("today", "kind", "words"),
    [
        (date(2024, 6, 3), StandingKind.ON_TIME, "due in 20 working days"),
        (date(2024, 6, 21), StandingKind.ON_TIME, "due in 6 working days"),
        (date(2024, 6, 24), StandingKind.DUE_SOON, "due in 5 working days"),
        (date(2024, 6, 30), StandingKind.DUE_SOON, "due in 1 working day"),
        (date(2024, 7, 1), StandingKind.DUE_SOON, "due today"),
        (date(2024, 7, 2), StandingKind.OVERDUE, "overdue by 1 working day"),
        (date(2024, 7, 15), StandingKind.OVERDUE, "overdue by 9 working days"),  # Fri 12 Jul is a holiday
    ],
)
def test_an_open_case_goes_from_on_time_to_overdue(today: date, kind: StandingKind, words: str) -> None:
    found = stands(today)
    assert (found.kind, found.words) == (kind, words)


def test_overdue_begins_with_the_day_after_the_deadline_even_on_a_saturday() -> None:
    fri_5_jul, sat_6_jul = date(2024, 7, 5), date(2024, 7, 6)
    assert stands(fri_5_jul, received=date(2024, 6, 7)).kind is StandingKind.DUE_SOON
    assert stands(sat_6_jul, received=date(2024, 6, 7)) == Standing(StandingKind.OVERDUE, late=0)
    assert stands(sat_6_jul, received=date(2024, 6, 7)).words == "overdue"


def test_due_soon_is_as_soon_as_the_team_says() -> None:
    fri_21_jun = date(2024, 6, 21)
    assert stands(fri_21_jun, due_soon=6).kind is StandingKind.DUE_SOON


def test_a_stopped_clock_is_neither_late_nor_due() -> None:
    assert stands(date(2024, 9, 1), ClarificationSought(date(2024, 6, 10))) == Standing(StandingKind.STOPPED)


def test_an_answer_is_in_time_to_the_end_of_the_due_day_and_late_after_it() -> None:
    mon_1_jul, tue_2_jul, far_on = date(2024, 7, 1), date(2024, 7, 2), date(2025, 1, 1)
    assert stands(far_on, Answered(mon_1_jul)) == Standing(StandingKind.ANSWERED_IN_TIME, left=0)
    assert stands(far_on, Answered(tue_2_jul)) == Standing(StandingKind.ANSWERED_LATE, late=1)
    assert stands(far_on, Answered(mon_1_jul)).words == "answered in time"
    assert stands(far_on, Answered(tue_2_jul)).words == "answered late by 1 working day"


def test_an_answer_while_clarification_was_awaited_is_in_time() -> None:
    answered: list[ClockEvent] = [ClarificationSought(date(2024, 6, 10)), Answered(date(2024, 12, 2))]
    assert stands(date(2025, 1, 1), *answered).kind is StandingKind.ANSWERED_IN_TIME


def test_a_withdrawn_request_is_only_ended() -> None:
    assert stands(date(2024, 9, 1), Withdrawn(date(2024, 6, 10))) == Standing(StandingKind.ENDED)


def test_work_goes_to_the_prudent_date_and_lateness_is_reported_on_the_later() -> None:
    mon_5_sep = date(2022, 9, 5)  # prudent Mon 3 Oct, due Tue 4 Oct, for the funeral was proclaimed on the 10th
    assert stands(date(2022, 9, 30), received=mon_5_sep).left == 1
    assert stands(date(2022, 10, 3), received=mon_5_sep).words == "due today"
    assert stands(date(2022, 10, 4), received=mon_5_sep).kind is StandingKind.DUE_SOON
    assert stands(date(2022, 10, 5), received=mon_5_sep).kind is StandingKind.OVERDUE


def test_past_the_prudent_date_an_answer_is_due_soon_until_it_is_overdue() -> None:
    mon_1_jul, tue_2_jul, wed_10_jul = date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 10)

    class Dates:
        due_on, prudent_due_on, answered_on, ended = wed_10_jul, mon_1_jul, None, False

    assert standing(Dates(), mon_1_jul, CALENDARS.uk) == Standing(StandingKind.DUE_SOON, left=0)
    assert standing(Dates(), tue_2_jul, CALENDARS.uk) == Standing(StandingKind.DUE_SOON, left=6)
    assert standing(Dates(), date(2024, 7, 11), CALENDARS.uk).kind is StandingKind.OVERDUE

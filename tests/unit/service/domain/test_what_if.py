"""What becomes of cases, for any deadlines."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.what_if import Absence, Fate, Turn, late_by_day, turn

MON_JUN_3 = date(2024, 6, 3)
DAYS = st.dates(date(2024, 5, 1), date(2024, 8, 1))
DUE = st.none() | DAYS
ABSENCES = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(
    lambda n: Absence(MON_JUN_3, MON_JUN_3 + timedelta(days=n[0]), MON_JUN_3 + timedelta(days=n[0] + n[1]))
)


@dataclass(frozen=True)
class Held:
    number: int
    due_on: date | None


def test_a_case_is_late_from_the_day_after_its_deadline() -> None:
    away = Absence(MON_JUN_3, date(2024, 6, 14), date(2024, 6, 21))
    fates = {
        None: Fate.STOPPED,
        date(2024, 6, 2): Fate.LATE_ALREADY,
        MON_JUN_3: Fate.GOES_LATE,  # due today: whoever is away today cannot answer it
        date(2024, 6, 14): Fate.GOES_LATE,
        date(2024, 6, 15): Fate.TIGHT,
        date(2024, 6, 21): Fate.TIGHT,
        date(2024, 6, 22): Fate.LATER,
    }
    assert {due: away.fate(due) for due in fates} == fates


@given(ABSENCES, st.lists(DUE))
def test_every_case_has_one_fate_and_none_is_lost(away: Absence, due: list[date | None]) -> None:
    cases = [Held(number, on) for number, on in enumerate(due)]
    found = away.sorted_out(cases)
    assert sorted(case.number for several in found.values() for case in several) == list(range(len(cases)))
    assert set(found) == set(Fate)


@given(ABSENCES, DUE, st.integers(1, 20))
def test_a_longer_absence_saves_no_case(away: Absence, due: date | None, more: int) -> None:
    longer = Absence(away.today, away.until + timedelta(days=more), away.tight_until + timedelta(days=more))
    worst_first = [Fate.LATE_ALREADY, Fate.GOES_LATE, Fate.TIGHT, Fate.LATER, Fate.STOPPED]
    assert worst_first.index(longer.fate(due)) <= worst_first.index(away.fate(due))


@given(DUE, DUE, DAYS)
def test_a_move_and_the_move_back_are_opposites(before: date | None, after: date | None, today: date) -> None:
    opposite = {
        Turn.BECOMES_LATE: Turn.NO_LONGER_LATE,
        Turn.NO_LONGER_LATE: Turn.BECOMES_LATE,
        Turn.MORE_TIME: Turn.LESS_TIME,
        Turn.LESS_TIME: Turn.MORE_TIME,
        Turn.STAYS: Turn.STAYS,
    }
    assert turn(after, before, today) is opposite[turn(before, after, today)]


def test_a_deadline_that_moves_over_today_changes_who_is_late() -> None:
    assert turn(date(2024, 6, 3), date(2024, 6, 2), MON_JUN_3) is Turn.BECOMES_LATE
    assert turn(date(2024, 5, 31), date(2024, 6, 3), MON_JUN_3) is Turn.NO_LONGER_LATE
    assert turn(date(2024, 6, 10), date(2024, 6, 11), MON_JUN_3) is Turn.MORE_TIME


@given(st.dictionaries(DAYS, st.integers(0, 50)), DAYS, DAYS)
def test_what_is_late_on_a_day_is_all_that_was_due_by_then(due: dict[date, int], today: date, until: date) -> None:
    days = late_by_day(due, today, until)
    assert [row.day for row in days] == sorted({day for day in due if today <= day <= until and due[day]})
    for row in days:
        assert row.late == sum(number for day, number in due.items() if day <= row.day)
        assert row.due == due[row.day]

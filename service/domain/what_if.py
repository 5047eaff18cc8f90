"""What would become of open cases: while somebody is away, under another calendar, or when nobody answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

A_DAY = timedelta(days=1)


class Due(Protocol):
    """Whatever has a deadline, or none while its clock stands."""

    @property
    def due_on(self) -> date | None: ...


Held = TypeVar("Held", bound=Due)


class Fate(StrEnum):
    """What becomes of a case whose owner is away and that nobody else answers."""

    LATE_ALREADY = "late already"
    GOES_LATE = "goes late"
    TIGHT = "due soon after"
    LATER = "due later"
    STOPPED = "waiting for the requester"


@dataclass(frozen=True, slots=True)
class Absence:
    """From a day to the last day away, both included; `tight_until` is the last of the few days after it."""

    today: date
    until: date
    tight_until: date

    def fate(self, due_on: date | None) -> Fate:
        """A case is late from the day after its deadline; one due on the last day away cannot be answered in time."""
        if due_on is None:
            return Fate.STOPPED
        if due_on < self.today:
            return Fate.LATE_ALREADY
        if due_on <= self.until:
            return Fate.GOES_LATE
        return Fate.TIGHT if due_on <= self.tight_until else Fate.LATER

    def sorted_out(self, cases: Iterable[Held]) -> dict[Fate, list[Held]]:
        """Every case under its fate, in the order given."""
        found: dict[Fate, list[Held]] = {fate: [] for fate in Fate}
        for case in cases:
            found[self.fate(case.due_on)].append(case)
        return found


class Turn(StrEnum):
    """What another deadline makes of a case on a day."""

    BECOMES_LATE = "becomes late"
    NO_LONGER_LATE = "no longer late"
    MORE_TIME = "more time"
    LESS_TIME = "less time"
    STAYS = "stays"


def turn(from_on: date | None, to_on: date | None, today: date) -> Turn:
    """What a deadline moved from one day to another comes to; a clock without a date stays as it is."""
    if from_on is None or to_on is None or from_on == to_on:
        return Turn.STAYS
    if (from_on < today) != (to_on < today):
        return Turn.BECOMES_LATE if to_on < today else Turn.NO_LONGER_LATE
    return Turn.MORE_TIME if to_on > from_on else Turn.LESS_TIME


@dataclass(frozen=True, slots=True)
class DayLate:
    """A day, how many cases are due on it, and how many are late once it has ended."""

    day: date
    due: int
    late: int


def late_by_day(due: Mapping[date, int], today: date, until: date) -> list[DayLate]:
    """How the late cases grow while nothing is answered: each day from today on which any is due, up to `until`.

    `due` counts open cases by deadline; those due before today are late already.
    """
    late = sum(number for day, number in due.items() if day < today)
    days = []
    for day in sorted(day for day, number in due.items() if today <= day <= until and number):
        late += due[day]
        days.append(DayLate(day, due[day], late))
    return days

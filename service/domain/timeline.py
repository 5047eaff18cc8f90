"""The facts that a clock is computed from, as its events leave them, and the deadline that follows from those facts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice

from service.domain.regime import Extension, Matter, Regime, Rules, TimeLimit
from service.domain.working_days import A_DAY, WorkingDays


class State(StrEnum):
    """What the clock is doing."""

    RUNNING = "running"
    AWAITING_CLARIFICATION = "waiting for clarification"
    AWAITING_FEE = "waiting for the fee"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"


STOPPED = frozenset({State.AWAITING_CLARIFICATION, State.AWAITING_FEE})
ENDED = frozenset({State.ANSWERED, State.LAPSED, State.TRANSFERRED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both inclusive; `last` is None while it has not ended."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def days(self) -> Iterator[date]:
        """Each day of it; of a period without an end, its first."""
        return (self.first + A_DAY * n for n in range(((self.last or self.first) - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Promise:
    """An extension, as the requester was told of it: the day of the notice, and the day it names for the answer.

    The day it names was reckoned with the fees notices given until then, which are so many.
    """

    given_on: date
    until: date
    fees: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated facts, not yet counted: no holiday and no deadline is in here, so any calendar can be applied."""

    regime: Regime
    matter: Matter
    received_on: date
    day_zero: date
    latest: date  # the day of the last act, or of the receipt
    closures: tuple[Period, ...] = ()
    state: State = State.RUNNING
    restarted: bool = False  # day 0 is the day of a clarification
    asked_on: date | None = None  # when clarification was sought that has not come
    ended_on: date | None = None
    first_act_on: date | None = None
    fees: tuple[Period, ...] = ()  # the notices given since day 0, oldest first; only the last can be unpaid
    promise: Promise | None = None
    warnings: tuple[str, ...] = ()
    named: date | None = None  # the day for the answer that a regulator's letter names

    @property
    def rules(self) -> Rules:
        return self.regime.rules

    @property
    def limit(self) -> TimeLimit:
        return self.rules.limit(self.matter)

    @property
    def unpaid(self) -> Period | None:
        """The fees notice whose fee has not come."""
        return next((fee for fee in self.fees if fee.last is None), None)

    def warned(self, warning: str) -> "Timeline":
        """The same with one more warning."""
        return replace(self, warnings=(*self.warnings, warning))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day an answer is due, and the working days that the count came to: school days only where `school_days`."""

    on: date
    school_days: bool = False


def deadline(timeline: Timeline, working_days: WorkingDays) -> Deadline | None:
    """When the answer is due; None while clarification is awaited, or a fee that was asked for in time."""
    if timeline.asked_on is not None:
        return None  # s.1(3): no duty until the answer comes
    due, unpaid = running_deadline(timeline, working_days), timeline.unpaid
    return due if unpaid is None or unpaid.first > due.on else None


def running_deadline(timeline: Timeline, working_days: WorkingDays) -> Deadline:
    """When the answer is due, were nothing waited for."""
    due, promise = statutory_deadline(timeline, working_days), timeline.promise
    if promise is None:
        return due
    promised = _promised(timeline, promise, working_days)
    # A time limit that has grown past the promised day, by a holiday or a correction, is not cut short by it.
    return Deadline(promised) if promised > due.on else due


def statutory_deadline(timeline: Timeline, working_days: WorkingDays) -> Deadline:
    """The day the time limit itself ends, without any extension; an unpaid fee is not waited for."""
    limit = timeline.limit
    if timeline.named is not None:
        return Deadline(timeline.named)
    if limit.long_stop is None:
        return Deadline(_counted(timeline, limit.days, working_days))
    school = _counted(timeline, limit.days, school_days(timeline, working_days))
    stop = _counted(timeline, limit.long_stop, working_days)
    return Deadline(school, school_days=True) if school <= stop else Deadline(stop)  # whichever comes first


def furthest(timeline: Timeline, rule: Extension, working_days: WorkingDays) -> date:
    """The last day an extension can run to: counted from the time limit itself, so that extensions do not stack."""
    return working_days.after(statutory_deadline(timeline, working_days).on, rule.further)


def school_days(timeline: Timeline, working_days: WorkingDays) -> WorkingDays:
    """The working days on which the school holds a session."""
    return working_days.closed_on(day for closure in timeline.closures for day in closure.days())


def _counted(timeline: Timeline, limit: int, working_days: WorkingDays) -> date:
    """The limit-th working day after day 0, leaving out every fees notice that was given before the time was up."""
    zero = timeline.day_zero
    due = working_days.after(zero, limit)
    for first, days in _left_out(timeline, working_days):
        if first <= due:
            limit += days
            due = working_days.after(zero, limit)
    return due


def _promised(timeline: Timeline, promise: Promise, working_days: WorkingDays) -> date:
    """The day an extension runs to, later by the working days that a fees notice since then takes out (reg 8(6))."""
    # A promised day that has since been proclaimed a holiday rolls on, as the count itself does.
    promised = working_days.on_or_after(promise.until)
    for first, days in islice(_left_out(timeline, working_days), promise.fees, None):
        if days and first <= promised:
            promised = working_days.after(promised, days)
    return promised


def _left_out(timeline: Timeline, working_days: WorkingDays) -> Iterator[tuple[date, int]]:
    """Of each fee that was paid: when it was asked for, and the working days it takes out, both ends included.

    A day that two notices share is taken out once, and day 0 never, which does not count anyway.
    """
    taken = timeline.day_zero
    for fee in timeline.fees:
        if fee.last is not None:
            yield fee.first, working_days.count(max(taken, fee.first - A_DAY), fee.last)
            taken = fee.last


def say(day: date) -> str:
    """A day as a letter writes it: Monday 3 June 2024."""
    return f"{day:%A} {day.day} {day:%B %Y}"

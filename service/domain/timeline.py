"""The facts that a clock is computed from, as its events leave them, and the deadline that follows from those facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.regime import Matter, Regime, Rules, TimeLimit
from service.domain.working_days import WorkingDays


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
        return (self.first + timedelta(days=n) for n in range(((self.last or self.first) - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated facts, not yet counted: no holiday and no deadline is in here, so any calendar can be applied."""

    regime: Regime
    matter: Matter
    received_on: date
    day_zero: date
    latest: date  # the day of the last event
    closures: tuple[Period, ...] = ()
    state: State = State.RUNNING
    asked_on: date | None = None  # when clarification was sought that has not come
    ended_on: date | None = None
    first_act_on: date | None = None
    fees: tuple[Period, ...] = ()
    extended_on: date | None = None
    extended_until: date | None = None
    warnings: tuple[str, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day an answer is due, and the working days that the count came to: school days only where `school_days`."""

    on: date
    school_days: bool = False


def deadline(timeline: Timeline, working_days: WorkingDays) -> Deadline | None:
    """When the answer is due; None while clarification is awaited, or a fee that was asked for in time."""
    if timeline.asked_on is not None:
        return None  # s.1(3): no duty until the answer comes
    due = statutory_deadline(timeline, working_days)
    if timeline.extended_until is not None:
        due = Deadline(_promised(timeline, timeline.extended_until, working_days))
    unpaid = timeline.unpaid
    return due if unpaid is None or unpaid.first > due.on else None


def statutory_deadline(timeline: Timeline, working_days: WorkingDays) -> Deadline:
    """The day the time limit itself ends, without any extension; an unpaid fee is not waited for."""
    limit, zero = timeline.limit, timeline.day_zero
    plain = _counted(working_days, zero, limit.days, timeline.fees)
    if not limit.school_days_only:
        return Deadline(plain)
    school = _counted(school_days(timeline, working_days), zero, limit.days, timeline.fees)
    stop = _counted(working_days, zero, limit.long_stop, timeline.fees) if limit.long_stop else school
    return Deadline(school, school_days=True) if school <= stop else Deadline(stop)  # whichever comes first


def school_days(timeline: Timeline, working_days: WorkingDays) -> WorkingDays:
    """The working days on which the school holds a session."""
    return working_days.closed_on(day for closure in timeline.closures for day in closure.days())


def _counted(working_days: WorkingDays, zero: date, limit: int, fees: tuple[Period, ...]) -> date:
    """The limit-th working day after day 0, leaving out every period that began before the time was up."""
    due, taken = working_days.after(zero, limit), zero
    for fee in fees:
        if fee.last is not None and fee.first <= due:
            limit += _left_out(working_days, taken, fee.first, fee.last)
            due, taken = working_days.after(zero, limit), max(taken, fee.last)
    return due


def _promised(timeline: Timeline, until: date, working_days: WorkingDays) -> date:
    """The day an extension runs to, later by the working days that a fees notice since then takes out (reg 8(6))."""
    # A promised day that has since been proclaimed a holiday rolls on, as the count itself does.
    promised, taken = working_days.on_or_after(until), timeline.day_zero
    for fee in timeline.fees:
        if fee.last is not None and timeline.extended_on is not None and timeline.extended_on <= fee.first <= promised:
            days = _left_out(working_days, taken, fee.first, fee.last)
            promised = working_days.after(promised, days) if days else promised
        taken = max(taken, fee.last or taken)
    return promised


def _left_out(working_days: WorkingDays, taken: date, first: date, last: date) -> int:
    """The working days of a period, without those up to `taken`: a day that two notices share is left out once."""
    return max(0, working_days.count(max(taken, first - timedelta(days=1)), last))

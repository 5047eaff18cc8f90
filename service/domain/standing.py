"""Where a case stands today against its deadline: computed when asked, never stored."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from service.domain.working_days import WorkingDays

DUE_SOON = 5  # working days


class Dated(Protocol):
    """What a standing is computed from: a clock, or the dates that a case keeps of one."""

    @property
    def due_on(self) -> date | None: ...

    @property
    def prudent_due_on(self) -> date | None: ...

    @property
    def answered_on(self) -> date | None: ...

    @property
    def ended(self) -> bool: ...


class StandingKind(StrEnum):
    ON_TIME = "on time"
    DUE_SOON = "due soon"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    ANSWERED_IN_TIME = "answered in time"
    ANSWERED_LATE = "answered late"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands, with the working days left (0 on the last day) or late (0 when late by a weekend only)."""

    kind: StandingKind
    left: int | None = None
    late: int | None = None

    @property
    def words(self) -> str:
        """As a worklist says it: due today, due in 3 working days, overdue by 1 working day."""
        if self.late is not None:
            return f"{self.kind} by {_days(self.late)}" if self.late else str(self.kind)
        if self.left is None or self.kind is StandingKind.ANSWERED_IN_TIME:
            return str(self.kind)
        return f"due in {_days(self.left)}" if self.left else "due today"


def standing(clock: Dated, today: date, working_days: WorkingDays, due_soon: int = DUE_SOON) -> Standing:
    """How a clock stands on a Europe/London day; overdue begins at the midnight that ends the due day."""
    if clock.ended:
        return _ended(clock, working_days)
    if clock.due_on is None:
        return Standing(StandingKind.STOPPED)
    if today > clock.due_on:
        return Standing(StandingKind.OVERDUE, late=working_days.count(clock.due_on, today))
    # Work to the earlier date, so that a holiday proclaimed since cannot be what made us late.
    prudent = clock.prudent_due_on or clock.due_on
    if today > prudent:
        return Standing(StandingKind.DUE_SOON, left=working_days.count(today, clock.due_on))
    left = working_days.count(today, prudent)
    return Standing(StandingKind.DUE_SOON if left <= due_soon else StandingKind.ON_TIME, left=left)


def _ended(clock: Dated, working_days: WorkingDays) -> Standing:
    answered_on, due_on = clock.answered_on, clock.due_on
    if answered_on is None:
        return Standing(StandingKind.ENDED)
    if due_on is None:
        return Standing(StandingKind.ANSWERED_IN_TIME)
    if answered_on > due_on:
        return Standing(StandingKind.ANSWERED_LATE, late=working_days.count(due_on, answered_on))
    return Standing(StandingKind.ANSWERED_IN_TIME, left=working_days.count(answered_on, due_on))


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"

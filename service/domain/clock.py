"""The statutory clock: what s.10 of the Act, and its three sisters, make of a case's dated events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.calendars import Calendars
from service.domain.clock_events import (
    Answered,
    ClarificationSought,
    Clarified,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    Transferred,
    Withdrawn,
)
from service.domain.clock_steps import follow
from service.domain.regime import Matter, Regime, TimeLimit
from service.domain.timeline import ENDED, STOPPED, Period, State, Timeline, deadline, say
from service.errors import ClockError

__all__ = [
    "Answered",
    "ClarificationSought",
    "Clarified",
    "Clock",
    "ClockEvent",
    "Extended",
    "FeePaid",
    "FeesNoticeGiven",
    "Lapsed",
    "Matter",
    "Period",
    "ReceiptCorrected",
    "Received",
    "RegimeChanged",
    "State",
    "Transferred",
    "Withdrawn",
    "read_clock",
]


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case's clock stands; every date is a Europe/London day.

    `due_on` is None while the clock is stopped and no date can be given. `prudent_due_on` is the deadline by the
    calendar that was known on day 0: work to it, and report lateness by `due_on`. `provisional` dates depend on days
    whose holidays have not been published. `school_days` says that the count is of school days.
    """

    timeline: Timeline
    day_one: date
    due_on: date | None
    prudent_due_on: date | None
    school_days: bool
    provisional: bool
    calendar_version: str
    lapses_on: date | None  # the last day to pay a fee that is waited for

    @property
    def regime(self) -> Regime:
        return self.timeline.regime

    @property
    def limit(self) -> TimeLimit:
        return self.timeline.limit

    @property
    def received_on(self) -> date:
        """The true date of receipt, working day or not: the one to print."""
        return self.timeline.received_on

    @property
    def day_zero(self) -> date:
        """The day that is counted from: of receipt, or of the clarification when that was later (s.10(6))."""
        return self.timeline.day_zero

    @property
    def state(self) -> State:
        return self.timeline.state

    @property
    def stopped(self) -> bool:
        return self.state in STOPPED

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def stopped_on(self) -> date | None:
        """The day the clock was stopped, for clarification or a fee that has not come."""
        unpaid = self.timeline.unpaid
        return self.timeline.asked_on or (unpaid.first if unpaid else None)

    @property
    def ended_on(self) -> date | None:
        return self.timeline.ended_on

    @property
    def answered_on(self) -> date | None:
        return self.timeline.ended_on if self.state is State.ANSWERED else None

    @property
    def extended(self) -> bool:
        return self.timeline.promise is not None

    @property
    def disregarded(self) -> tuple[Period, ...]:
        """The periods that fees notices take out of the count, both ends inclusive."""
        return self.timeline.fees

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was done that the law allows only just or not quite, a sentence each."""
        return self.timeline.warnings


def read_clock(
    events: Iterable[ClockEvent],
    regime: Regime | str,
    calendars: Calendars,
    *,
    matter: Matter = Matter.REQUEST,
    closures: Sequence[Period] = (),
) -> Clock:
    """Replay a case's events, oldest first, into where its clock stands; raises ClockError on the impossible.

    `matter` picks a time limit other than a request's; `closures` are the days a school holds no session.
    """
    timeline: Timeline | None = None
    for event in events:
        if timeline is not None:
            law = event.regime if isinstance(event, RegimeChanged) else timeline.regime
            timeline = follow(timeline, event, calendars.of(law))
        elif isinstance(event, Received):
            timeline = _received(event, Regime(regime), matter, closures)
        else:
            raise ClockError(
                reason="A clock begins with the receipt of a request (s.10(6)), and nothing can come before it."
            )
    if timeline is None:
        raise ClockError(reason="There is no clock without the receipt of a request (s.10(6)).")
    return _clock(timeline, calendars)


def _received(event: Received, regime: Regime, matter: Matter, closures: Sequence[Period]) -> Timeline:
    if (event.answer_by is not None) != (matter is Matter.REGULATOR):
        raise ClockError(reason="The regulator's letter names the day for an answer to it, and to nothing else.")
    if event.answer_by is not None and event.answer_by <= event.on:
        raise ClockError(
            reason=f"The regulator wants an answer by {say(event.answer_by)}, which is not after {say(event.on)}, "
            "the day its letter was received: look at both dates again."
        )
    return Timeline(regime, matter, event.on, event.on, event.on, tuple(closures), named=event.answer_by)


def _clock(timeline: Timeline, calendars: Calendars) -> Clock:
    working_days = calendars.of(timeline.regime)
    due = deadline(timeline, working_days)
    known = working_days.as_known_on(timeline.day_zero, due.on) if due else working_days
    prudent = due if known is working_days else deadline(timeline, known)
    unpaid = timeline.unpaid if timeline.state is State.AWAITING_FEE else None
    return Clock(
        timeline=timeline,
        day_one=working_days.after(timeline.day_zero, 1),
        due_on=due.on if due else None,
        prudent_due_on=prudent.on if prudent else None,
        school_days=due is not None and due.school_days,
        provisional=due is not None and not working_days.covers(timeline.day_zero, due.on),
        calendar_version=working_days.version,
        lapses_on=timeline.rules.fee.last_day(unpaid.first, working_days) if unpaid else None,
    )

"""A case is the replay of its dated events: this module says which there are and what they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.domain.calendars import Calendars
from service.domain.clock import (
    Answered,
    ClarificationSought,
    Clarified,
    Clock,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    Matter,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    Transferred,
    Withdrawn,
    read_clock,
)
from service.domain.kind import CLOCK_KINDS, TAKING_BACK, Kind
from service.domain.outcome import Outcome
from service.domain.progress import progress
from service.domain.regime import Regime
from service.domain.stage import Stage

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One fact of a case: `at` is the aware instant it happened, `data` its particulars; `seq` is 0 until recorded."""

    kind: Kind
    at: datetime
    actor: str
    data: Mapping[str, str] = field(default_factory=dict)
    seq: int = 0

    @property
    def on(self) -> date:
        """The Europe/London day it happened."""
        return self.at.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class CaseState:
    """What a case's events come to."""

    clock: Clock
    stage: Stage
    owner_id: int | None
    outcome: str


def replay(history: Sequence[CaseEvent], calendars: Calendars) -> CaseState:
    """What a case's events, as recorded, come to; raises ClockError on what the law does not allow."""
    held = standing_events(history)
    opening = next((event.data for event in held if event.kind is Kind.RECEIVED), {})
    reached = progress(held)
    return CaseState(
        clock=read_clock(
            clock_events(held),
            opening.get("regime", Regime.FOIA),
            calendars,
            matter=Matter(opening.get("matter", Matter.REQUEST)),
            closures=calendars.closures,
        ),
        stage=reached.stage,
        owner_id=reached.owner_id,
        outcome=reached.outcome,
    )


def standing_events(history: Sequence[CaseEvent]) -> list[CaseEvent]:
    """The events less those that were struck out as recorded in error, or undone."""
    struck = {int(event.data["event"]) for event in history if event.kind in TAKING_BACK}
    return [event for event in history if event.seq not in struck]


def up_to(history: Sequence[CaseEvent], seq: int) -> list[CaseEvent]:
    """The events as they stood once the one numbered `seq` had been recorded."""
    return [event for event in history if event.seq <= seq]


def clock_events(history: Iterable[CaseEvent]) -> Iterator[ClockEvent]:
    """What the clock hears of a case: its receipt, then each fact by the day it happened, however late recorded."""
    heard = [event for event in history if event.kind in CLOCK_KINDS]
    for event in sorted(heard, key=lambda event: (event.kind is not Kind.RECEIVED, event.on)):
        yield _clock_event(event)


def _clock_event(event: CaseEvent) -> ClockEvent:
    on, data = event.on, event.data
    match event.kind:
        case Kind.RECEIVED:
            return Received(on, date.fromisoformat(data["answer_by"]) if "answer_by" in data else None)
        case Kind.CLARIFICATION_SOUGHT:
            return ClarificationSought(on)
        case Kind.CLARIFIED:
            return Clarified(on)
        case Kind.FEES_NOTICE:
            return FeesNoticeGiven(on)
        case Kind.FEE_PAID:
            return FeePaid(on)
        case Kind.EXTENDED:
            return Extended(on, date.fromisoformat(data["until"]), data["reason"])
        case Kind.RECEIPT_CORRECTED:
            return ReceiptCorrected(on, date.fromisoformat(data["received_on"]), data["reason"])
        case Kind.REGIME_CHANGED:
            return RegimeChanged(on, Regime(data["regime"]), Matter(data["matter"]))
    return _ending(event)


def _ending(event: CaseEvent) -> ClockEvent:
    match event.data["outcome"]:
        case Outcome.WITHDRAWN:
            return Withdrawn(event.on)
        case Outcome.TRANSFERRED:
            return Transferred(event.on)
        case Outcome.LAPSED:
            return Lapsed(event.on)
        case _:
            return Answered(event.on)

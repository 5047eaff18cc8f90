"""A case is the replay of its dated events: this module says which there are and what they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.domain.calendars import Calendars
from service.domain.clock import Answered, Clock, ClockEvent, Matter, Received, Transferred, Withdrawn, read_clock
from service.domain.outcome import Outcome
from service.domain.regime import Regime
from service.domain.stage import Stage

LONDON = ZoneInfo("Europe/London")


class Kind(StrEnum):
    """What can happen to a case."""

    RECEIVED = "received"
    NOT_ACKNOWLEDGED = "not acknowledged"
    POST_FILED = "post filed"
    LETTER_WRITTEN = "letter written"
    LETTER_SENT = "letter sent"
    LETTER_FAILED = "letter failed"
    LETTER_UNCERTAIN = "letter uncertain"
    LETTER_BOUNCED = "letter bounced"
    ASSIGNED = "assigned"
    NOTED = "noted"
    REMINDED = "reminded"
    CLOSED = "closed"


# The kinds that a replay hears; the others are the record of what was done, and change no cached column.
CHANGING = frozenset({Kind.RECEIVED, Kind.ASSIGNED, Kind.CLOSED})


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One fact of a case: `at` is the aware instant it happened, `data` its particulars."""

    kind: Kind
    at: datetime
    actor: str
    data: Mapping[str, str] = field(default_factory=dict)

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
    """What a case's events, oldest first, come to; raises ClockError on what the law does not allow."""
    opening = next((event.data for event in history if event.kind is Kind.RECEIVED), {})
    closed = _last(history, Kind.CLOSED)
    assigned = _last(history, Kind.ASSIGNED)
    return CaseState(
        clock=read_clock(
            clock_events(history),
            opening.get("regime", Regime.FOIA),
            calendars,
            matter=Matter(opening.get("matter", Matter.REQUEST)),
        ),
        stage=Stage.CLOSED if closed else Stage.ALLOCATED if assigned else Stage.NEW,
        owner_id=int(assigned.data["owner"]) if assigned else None,
        outcome=closed.data["outcome"] if closed else "",
    )


def clock_events(history: Iterable[CaseEvent]) -> Iterator[ClockEvent]:
    """The events of a case that the statutory clock hears."""
    for event in history:
        match event.kind:
            case Kind.RECEIVED:
                yield Received(event.on)
            case Kind.CLOSED:
                yield _ending(event)


def _ending(event: CaseEvent) -> ClockEvent:
    match event.data["outcome"]:
        case Outcome.WITHDRAWN:
            return Withdrawn(event.on)
        case Outcome.TRANSFERRED:
            return Transferred(event.on)
        case _:
            return Answered(event.on)


def _last(history: Sequence[CaseEvent], kind: Kind) -> CaseEvent | None:
    return next((event for event in reversed(history) if event.kind is kind), None)

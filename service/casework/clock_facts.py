"""Facts about a case's clock, told with the day they happened and held against the law before they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from service.casework.record import after, instant_of, record
from service.desk import LONDON, Desk
from service.domain.clock import Clock, State
from service.domain.history import CaseEvent, CaseState
from service.domain.kind import CLOCK_KINDS, Kind
from service.domain.regime import Regime
from service.domain.stage import Act, require
from service.domain.timeline import say
from service.errors import ClockError, DeskError
from service.store.cases import history
from service.store.tables import Case

# Mistakes about the receipt and the law may come to light when the case is closed; the other facts belong to its life.
CORRECTIONS = (Kind.RECEIPT_CORRECTED, Kind.REGIME_CHANGED)
WITH_A_REASON = (*CORRECTIONS, Kind.EXTENDED)


class FactDateImpossible(DeskError):
    """{on:%A %-d %B %Y} is still to come: record what has happened, on the day it happened."""


class ReasonMissing(DeskError):
    """Give the reason: it is kept with the case, and the regulator may ask for it."""


class NothingToStrikeOut(DeskError):
    """{reason}"""


@dataclass(frozen=True, slots=True)
class ClockFact:
    """Something that happened to a case's clock on a Europe/London day.

    `particulars`: until and reason of EXTENDED; received_on and reason of RECEIPT_CORRECTED; regime, matter and reason
    of REGIME_CHANGED; amount of FEES_NOTICE, if anyone wants it; dates are ISO 8601.
    """

    kind: Kind
    on: date
    particulars: Mapping[str, str] = field(default_factory=dict)


def possible(clock: Clock) -> tuple[Kind, ...]:
    """The facts that make sense where the clock stands; the fold has the last word on their days."""
    match clock.state:
        case State.RUNNING:
            return (*_while_running(clock), *CORRECTIONS)
        case State.AWAITING_CLARIFICATION:
            return (Kind.CLARIFIED, *CORRECTIONS)
        case State.AWAITING_FEE:
            return (Kind.FEE_PAID, *CORRECTIONS)
        case _:
            return CORRECTIONS


def _while_running(clock: Clock) -> tuple[Kind, ...]:
    matter = clock.timeline.matter
    rule = clock.regime.rules.extension(matter)
    extendable = rule is not None and not (rule.once and clock.extended)
    stops = (Kind.CLARIFICATION_SOUGHT, Kind.FEES_NOTICE) if matter.is_request else ()
    return (*stops, *((Kind.EXTENDED,) if extendable else ()))


def consider(session: Session, desk: Desk, case: Case, fact: ClockFact, *, at: datetime, by: str) -> CaseState:
    """What the case would come to; records nothing.

    Raises ClockError, NotAllowedNow, FactDateImpossible or ReasonMissing.
    """
    _require_tellable(case, fact, at)
    if fact.kind is Kind.EXTENDED:
        _require_working(desk, case, date.fromisoformat(fact.particulars["until"]))
    event = CaseEvent(fact.kind, instant_of(fact.on, at), by, dict(fact.particulars))
    return after(session, desk, case, event)


def establish(session: Session, desk: Desk, case: Case, fact: ClockFact, *, at: datetime, by: str) -> CaseState:
    """Record a fact that `consider` allows, and return what the case comes to."""
    state = consider(session, desk, case, fact, at=at, by=by)
    happened_at = instant_of(fact.on, at)
    record(session, desk, case, fact.kind, at=at, happened_at=happened_at, by=by, **dict(fact.particulars))
    return state


def _require_working(desk: Desk, case: Case, until: date) -> None:
    """The law would count on to the next working day, and the letter would promise another than the desk holds."""
    working_days = desk.calendars.of(Regime(case.regime))
    if not working_days.is_working(until):
        beside = f"{say(working_days.on_or_before(until))} or {say(working_days.on_or_after(until))}"
        raise ClockError(reason=f"{say(until)} is no working day: name {beside}.")


def _require_tellable(case: Case, fact: ClockFact, at: datetime) -> None:
    require(case.stage, Act.CORRECT if fact.kind in CORRECTIONS else Act.CLOCK)
    if fact.on > at.astimezone(LONDON).date():
        raise FactDateImpossible(on=fact.on)
    if fact.kind in WITH_A_REASON and not fact.particulars.get("reason", "").strip():
        raise ReasonMissing


def consider_striking(
    session: Session, desk: Desk, case: Case, seq: int, reason: str, *, at: datetime, by: str
) -> CaseState:
    """What the case would come to without the fact numbered `seq`; records nothing.

    Raises ClockError when what was recorded after it makes no sense without it, NothingToStrikeOut, ReasonMissing.
    """
    require(case.stage, Act.CORRECT)
    if not reason.strip():
        raise ReasonMissing
    _require_standing(history(session, case.id), seq)
    return after(session, desk, case, _striking(seq, reason, at, by))


def strike_out(session: Session, desk: Desk, case: Case, seq: int, reason: str, *, at: datetime, by: str) -> CaseState:
    """Record that a fact was recorded in error: it stays readable, and the clock no longer hears it.

    Striking out the closing of a case opens it again.
    """
    state = consider_striking(session, desk, case, seq, reason, at=at, by=by)
    record(session, desk, case, Kind.STRUCK_OUT, at=at, by=by, event=seq, reason=reason)
    return state


def _striking(seq: int, reason: str, at: datetime, by: str) -> CaseEvent:
    return CaseEvent(Kind.STRUCK_OUT, at, by, {"event": str(seq), "reason": reason})


def _require_standing(told: list[CaseEvent], seq: int) -> None:
    event = next((event for event in told if event.seq == seq), None)
    if event is None or event.kind not in CLOCK_KINDS:
        raise NothingToStrikeOut(reason="There is no such fact about the clock of this case.")
    if event.kind is Kind.RECEIVED:
        raise ClockError(reason="The receipt itself cannot be struck out (s.10(6)); its date can be corrected.")
    if any(other.kind is Kind.STRUCK_OUT and other.data["event"] == str(seq) for other in told):
        raise NothingToStrikeOut(reason="This fact has been struck out already.")

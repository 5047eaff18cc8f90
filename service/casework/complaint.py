"""A complaint to the Commissioner about an answer of ours (s.50): a case of its own, due when their letter says."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.close import close
from service.casework.open_case import Request, open_case
from service.casework.record import instant_of, record
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.regime import Matter, Regime
from service.domain.regulator import regulator
from service.domain.stage import Stage
from service.errors import DeskError
from service.store.cases import case_by_id, cases_following
from service.store.tables import Case

_KINDS = {Regime.FOIA: "ICO", Regime.EIR: "ICO", Regime.FOISA: "SIC", Regime.EISR: "SIC"}


class ComplaintUnderWay(DeskError):
    """{reference} already holds the regulator's case about this answer."""


class NothingComplainedOf(DeskError):
    """A complaint to the regulator is about a request or its review, and {reference} is neither."""


class LetterDayImpossible(DeskError):
    """The regulator's letter came on or after {received:%-d %B %Y}, when we received the request, and until today."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the regulator's letter says; both dates are Europe/London days."""

    their_reference: str
    contact: str
    address: str
    received_on: date
    answer_by: date
    about: str


def open_complaint(session: Session, desk: Desk, original: Case, told: Complaint, *, at: datetime, by: str) -> Case:
    """Open the case of a complaint; nothing is sent.

    It can be about a case that is still open, for delay is a ground (s.50(2)(b)). Raises NothingComplainedOf,
    ComplaintUnderWay, LetterDayImpossible, or ClockError for a day of answer that is not after that of the letter.
    """
    if original.matter == Matter.REGULATOR:
        raise NothingComplainedOf(reference=original.reference)
    under_way = complaint_under_way(session, original)
    if under_way is not None:
        raise ComplaintUnderWay(reference=under_way.reference)
    if not original.received_on <= told.received_on <= at.astimezone(LONDON).date():
        raise LetterDayImpossible(received=original.received_on)
    name = regulator(original.regime, told.received_on).name
    request = Request(
        f"{told.contact}, {name}" if told.contact else name,
        told.address,
        f"{told.their_reference}: {original.subject}",
        instant_of(told.received_on, at),
        original.account,
        kind=_KINDS[Regime(original.regime)],
        regime=original.regime,
        original_id=original.id,
        answer_by=told.answer_by,
    )
    case = open_case(session, desk, request, at=at)
    if told.about:
        record(session, desk, case, Kind.NOTED, at=at, by=by, text=told.about)
    record(session, desk, original, Kind.FOLLOWED, at=at, by=by, case=case.reference, kind=case.kind)
    return case


def complaint_under_way(session: Session, original: Case) -> Case | None:
    """The regulator's case about an answer, while it is open."""
    following = cases_following(session, original.id)
    return next((one for one in following if one.matter == Matter.REGULATOR and one.stage != Stage.CLOSED), None)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the regulator decided, beside the outcome: the number of its notice, and what we have to do by when."""

    notice: str = ""
    steps: str = ""
    comply_by: date | None = None


def conclude_complaint(
    session: Session,
    desk: Desk,
    case: Case,
    outcome: Outcome,
    ruling: Ruling,
    *,
    answered_on: date,
    at: datetime,
    by: str,
) -> None:
    """Close a complaint as the regulator decided it, and tell the case that it is about; raises what `close` does."""
    _tell(session, desk, case, outcome, ruling, at, by)
    close(session, desk, case, outcome, answered_on=answered_on, at=at, by=by)
    original = case_by_id(session, case.original_id) if case.original_id else None
    if original is not None:
        _tell(session, desk, original, outcome, ruling, at, by)


def _tell(session: Session, desk: Desk, case: Case, outcome: Outcome, ruling: Ruling, at: datetime, by: str) -> None:
    record(
        session,
        desk,
        case,
        Kind.REGULATOR_DECIDED,
        at=at,
        by=by,
        found=outcome.value,
        notice=ruling.notice,
        steps=ruling.steps,
        comply_by=ruling.comply_by.isoformat() if ruling.comply_by else "",
    )

"""Opening a case: number, reference, clock, first event and acknowledgement, all in the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.acknowledge import acknowledge
from service.casework.announce import announce
from service.casework.record import REQUESTER, caches, with_dates
from service.desk import Desk
from service.domain.announcement import Announcement
from service.domain.history import CaseEvent, replay
from service.domain.kind import Kind
from service.domain.regime import Matter
from service.store.cases import add_case, append_event
from service.store.numbering import take_number
from service.store.rows import change_row, new_row
from service.store.tables import Case, Message

LONGEST_SUBJECT = 200
INTERNAL_REVIEW = "IR"  # the kind of a case that reviews our answer to another (s.45 Code, part 5)


@dataclass(frozen=True, slots=True)
class Request:
    """What a case is opened with: who asked, under which heading, and when it reached the authority."""

    requester_name: str
    requester_address: str
    subject: str
    received_at: datetime
    account: str
    kind: str = "FOI"
    regime: str = "FOIA"
    original_id: int | None = None  # the closed case that it follows
    answer_by: date | None = None  # the day for our answer that a regulator's letter names


def open_case(session: Session, desk: Desk, request: Request, *, at: datetime) -> Case:
    """Open a numbered case whose clock starts on the Europe/London day of receipt (s.10(6))."""
    received = CaseEvent(
        Kind.RECEIVED,
        request.received_at,
        REQUESTER,
        {"regime": request.regime, "matter": _matter(desk, request).value} | _named(request),
    )
    state = replay([received], desk.almanac.refresh(session))
    numbers = desk.settings.reference
    series = "cases" if numbers.scope == "never" else f"cases/{received.on.year}"
    number = take_number(session, series, numbers.start if numbers.scope == "never" else 1)
    body = desk.settings.authority_of(request.account).body
    case = new_row(
        Case,
        reference=desk.references.write(body=body, kind=request.kind, year=received.on.year, number=number),
        kind=request.kind,
        year=received.on.year,
        number=number,
        account=request.account,
        subject=shorten(request.subject) or "(no subject)",
        requester_name=request.requester_name,
        requester_address=request.requester_address,
        requester_key=request.requester_address.casefold(),
        received_at=request.received_at,
        original_id=request.original_id,
        **caches(state),
    )
    add_case(session, case)
    append_event(session, case.id, with_dates(received, state), at)
    announce(session, desk, case, Announcement.RECEIVED, at=at)
    return case


def _matter(desk: Desk, request: Request) -> Matter:
    if request.kind == INTERNAL_REVIEW:
        return Matter.REVIEW
    if request.answer_by is not None:
        return Matter.REGULATOR
    return Matter.SCHOOL if desk.settings.school.closed else Matter.REQUEST


def _named(request: Request) -> dict[str, str]:
    return {"answer_by": request.answer_by.isoformat()} if request.answer_by else {}


def open_from_message(
    session: Session, desk: Desk, message: Message, request: Request, *, at: datetime, withhold: str = ""
) -> Case:
    """Open a case on a message and acknowledge it, unless `withhold` gives the reason why not."""
    case = open_case(session, desk, request, at=at)
    change_row(session, message, case_id=case.id)
    acknowledge(session, desk, case, message, at=at, withhold=withhold)
    return case


def shorten(subject: str) -> str:
    """A subject for a column and a list; the message keeps it whole."""
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"

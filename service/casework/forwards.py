"""A request that a colleague passed on: who asked and when it first came are proposed; an officer decides.

Until then the case is the colleague's, its clock runs from the colleague's mail, and nobody is acknowledged: the true
requester must hear from us once, by their own name and with the right date.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.acknowledge import acknowledge
from service.casework.clock_facts import ClockFact, establish
from service.casework.open_case import shorten
from service.casework.record import record
from service.casework.write_letter import Recipient
from service.desk import LONDON, Desk
from service.domain.forwarded import Forwarded
from service.domain.kind import Kind
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.correspondence import post_by_id
from service.store.forwards import add_forward, forward_of_case, settle_forward
from service.store.rows import change_row
from service.store.tables import Case, Forward, Message

CONFIRMED, DECLINED = "confirmed", "declined"


class NothingToConfirm(DeskError):
    """Nobody has to decide who asked in case {reference}: nothing was passed on, or it has been decided."""


class PassedOnBefore(DeskError):
    """The colleague's mail came on {came_on:%A %-d %B %Y}; the request it passes on had come by then."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, as an officer confirms it, and the Europe/London day on which the authority first had it (s.10(6))."""

    name: str
    address: str
    received_on: date
    reason: str


def propose(session: Session, case: Case, message: Message, forwarded: Forwarded) -> None:
    """Keep what a colleague's mail, on which a case was just opened, tells of the mail inside it."""
    add_forward(
        session,
        Forward(
            case_id=case.id,
            message_id=message.id,
            sender_name=forwarded.sender.name,
            sender_address=forwarded.sender.address,
            subject=forwarded.subject,
            received_at=forwarded.received_at,
        ),
    )


def waiting_forward(session: Session, case: Case) -> Forward:
    """The proposal on a case that waits for a decision; raises NothingToConfirm or NotAllowedNow."""
    forward = forward_of_case(session, case.id)
    if forward is None or forward.decided_at is not None:
        raise NothingToConfirm(reference=case.reference)
    require(case.stage, Act.CLOCK)
    return forward


def confirm(session: Session, desk: Desk, case: Case, asker: Asker, *, at: datetime, by: str) -> None:
    """Make the one who asked the requester, count from the day the authority first had it, and acknowledge it to them.

    Raises NothingToConfirm, PassedOnBefore, ClockError or ReasonMissing.
    """
    forward = _decide(session, case, CONFIRMED, at)
    came_on = case.received_at.astimezone(LONDON).date()
    if asker.received_on > came_on:
        raise PassedOnBefore(came_on=came_on)
    if asker.received_on != case.received_on:
        told = {"received_on": asker.received_on.isoformat(), "reason": asker.reason}
        establish(session, desk, case, ClockFact(Kind.RECEIPT_CORRECTED, _day(at), told), at=at, by=by)
    _name_requester(session, desk, case, forward, asker, at, by)
    to = Recipient(asker.name, asker.address)
    withhold = "" if asker.address else "the requester has no email address"
    message = session.get_one(Message, forward.message_id)
    acknowledge(session, desk, case, message, at=at, withhold=withhold or _imported(session, message), to=to)


def decline(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> None:
    """Leave the colleague the requester, and acknowledge the request to them; raises NothingToConfirm."""
    forward = _decide(session, case, DECLINED, at)
    record(session, desk, case, Kind.FORWARD_DECLINED, at=at, by=by, asked_by=_called(case))
    message = session.get_one(Message, forward.message_id)
    acknowledge(session, desk, case, message, at=at, withhold=_imported(session, message))


def _decide(session: Session, case: Case, decision: str, at: datetime) -> Forward:
    forward = waiting_forward(session, case)
    if not settle_forward(session, forward, decision, at):  # a colleague was quicker
        raise NothingToConfirm(reference=case.reference)
    return forward


def _name_requester(
    session: Session, desk: Desk, case: Case, forward: Forward, asker: Asker, at: datetime, by: str
) -> None:
    passed_on_by = _called(case)
    change_row(
        session,
        case,
        requester_name=asker.name,
        requester_address=asker.address,
        requester_key=asker.address.casefold(),
        subject=shorten(forward.subject) or case.subject,
    )
    record(
        session,
        desk,
        case,
        Kind.REQUESTER_CONFIRMED,
        at=at,
        by=by,
        name=asker.name,
        address=asker.address,
        passed_on_by=passed_on_by,
    )


def _called(case: Case) -> str:
    return case.requester_name or case.requester_address


def _imported(session: Session, message: Message) -> str:
    post = post_by_id(session, message.post_id) if message.post_id is not None else None
    return "imported mail is not acknowledged" if post and not post.acknowledge else ""


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()

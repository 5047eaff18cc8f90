"""The answer of somebody we asked: filed on the case, never taken for the requester's, heard by no clock."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.consult import CONSULTATION
from service.casework.hear_return import take_at_their_word
from service.casework.record import DESK, record
from service.casework.tell_officers import tell_suggestion, tell_written
from service.desk import Desk
from service.domain.consultation import suggested
from service.domain.kind import Kind
from service.domain.message import IncomingMessage
from service.domain.message_id import is_ours
from service.domain.reply_address import consultation_in, without_detail
from service.domain.sender_check import SenderCheck
from service.store.cases import case_by_id
from service.store.consultations import consultation_of_letters, consultation_with, waits
from service.store.correspondence import letters_named
from service.store.rows import change_row
from service.store.tables import Case, Consultation, Message

CONTRIBUTOR = "contributor"


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a mail of somebody we asked belongs; unless `filed`, a person must look at it, for the `reason`."""

    case: Case
    filed: bool
    reason: str


def answered_consultation(session: Session, desk: Desk, read: IncomingMessage) -> Consultation | None:
    """The consultation that a mail answers, by an address or a Message-ID that only we can have made."""
    found = _by_address(session, desk, read) or _by_thread(session, desk, read)
    if found is None or read.sender.key == case_by_id(session, found.case_id).requester_key:
        return None  # a mail of the requester's is the requester's, whatever it answers
    return found


def consultation_of_sender(session: Session, case: Case, read: IncomingMessage) -> Consultation | None:
    """What the sender of a mail on a case was asked there, when they were and are not the requester."""
    return None if read.sender.key == case.requester_key else consultation_with(session, case.id, read.sender.key)


def hear_consultation(
    session: Session, desk: Desk, consultation: Consultation, message: Message, read: IncomingMessage, *, at: datetime
) -> Heard:
    """File an answer with what it seems to say; a machine's is filed and does not count, a later one is looked at."""
    case = case_by_id(session, consultation.case_id)
    if read.automatic:
        _file(session, desk, case, message, at=at, by=DESK)
        _record(session, desk, case, Kind.CONSULTATION_UNATTENDED, consultation, message, at=at, by=DESK)
        change_row(session, consultation, away_at=at)
        return Heard(case, True, "a machine's answer to a question of ours; the answer itself is still waited for")
    if not waits(consultation):
        return Heard(case, False, f"More from {consultation.name}, asked on {case.reference}: file it there?")
    files = [file for file in read.attachments if not file.content_type.startswith("image/")]
    result = suggested(read.text, len(files))
    found = {
        "suggestion": result.value if result else "",
        "answered_from": _from_elsewhere(consultation, message, read),
    }
    _file(session, desk, case, message, at=at, by=CONTRIBUTOR)
    _record(session, desk, case, Kind.CONSULTATION_ANSWERED, consultation, message, at=at, by=CONTRIBUTOR, **found)
    change_row(session, consultation, answer_id=message.id, answered_at=message.at, **found)
    if not take_at_their_word(session, desk, case, consultation, message, read, at=at):
        if result:
            tell_suggestion(session, desk, case, consultation, at=at)
        else:
            tell_written(session, desk, case, restarted=False, at=at, by=CONTRIBUTOR)
    return Heard(case, True, "answers a question of ours to somebody who may hold the information")


def _record(
    session: Session,
    desk: Desk,
    case: Case,
    kind: Kind,
    consultation: Consultation,
    message: Message,
    *,
    at: datetime,
    by: str,
    suggestion: str = "",
    answered_from: str = "",
) -> None:
    record(
        session,
        desk,
        case,
        kind,
        at=at,
        by=by,
        happened_at=message.at,
        consultation=consultation.id,
        name=consultation.name,
        suggestion=suggestion,
        from_address=answered_from,
    )


def _file(session: Session, desk: Desk, case: Case, message: Message, *, at: datetime, by: str) -> None:
    change_row(session, message, case_id=case.id)
    record(session, desk, case, Kind.POST_FILED, at=at, happened_at=message.at, by=by, message=message.id)


def _from_elsewhere(consultation: Consultation, message: Message, read: IncomingMessage) -> str:
    """The address of an answer that was not asked for there, or that our mail server doubts."""
    as_asked = read.sender.key == consultation.address_key and message.sender_check != SenderCheck.FAILED
    return "" if as_asked else read.sender.address


def _by_address(session: Session, desk: Desk, read: IncomingMessage) -> Consultation | None:
    for address in (*read.to, *read.cc):
        told = consultation_in(address.key) if without_detail(address.key) in desk.settings.own else None
        found = session.get(Consultation, told.key) if told else None
        if told and found and told.holds(desk.secret, found.asked_at):
            return found
    return None


def _by_thread(session: Session, desk: Desk, read: IncomingMessage) -> Consultation | None:
    """A reminder stands in the thread of its question, so that an answer to it leads there too."""
    answered = (*read.in_reply_to, *read.references)
    letters = letters_named(
        session, [n for n in answered if n.startswith(f"<{CONSULTATION}") and is_ours(desk.secret, n)]
    )
    begun = letters_named(session, [letter.in_reply_to for letter in letters if letter.in_reply_to])
    return consultation_of_letters(session, [letter.id for letter in (*letters, *begun)])

"""A delivery report on a letter of ours, or on a mail sent by hand: an officer is told, and the clock runs on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.notice_effect import undo_effect
from service.casework.record import DESK, record
from service.casework.respond import undo_answer
from service.casework.sent_returned import sent_by_hand, take_back_sent
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import IncomingMessage
from service.domain.message_id import is_ours
from service.domain.sender_check import SenderCheck
from service.store.cases import case_by_id
from service.store.correspondence import letters_named
from service.store.tables import Case, Letter, Message

TRIED_FOR = timedelta(days=7)  # a mail server gives up after about five (RFC 5321, 4.5.4.1)


@dataclass(frozen=True, slots=True)
class Noted:
    """What a report came to: the case of what it is about, and why a person must look at it before it says anything."""

    case: Case | None
    doubt: str = ""


def note_bounce(session: Session, desk: Desk, message: Message, read: IncomingMessage, *, at: datetime) -> Noted:
    """File a report on the case of what it is about, and take back what that told when it did not arrive.

    There is no case when it is about no letter of ours, and about no mail sent by hand to a requester. A report that
    would take something back and may not be believed is filed on no case, for a person to look at.
    """
    reported = _reported(session, desk, read)
    if reported is None or reported.case_id is None:
        return Noted(None)
    case = case_by_id(session, reported.case_id)
    # What it names further down was answered by the mail that came back, and has long arrived.
    bounce = read.bounce
    lost = bounce is not None and bounce.outcome == "failed" and reported.message_id in bounce.letter_ids[:1]
    doubt = _doubt(message, reported) if lost else ""
    if doubt:
        said = f"Says that a mail of ours on {case.reference} did not arrive, {doubt}. If that is true, file it there, "
        return Noted(case, f"{said}and strike out on its clock what the mail had told.")
    message.case_id = case.id
    session.add(message)
    record(session, desk, case, Kind.POST_FILED, at=at, happened_at=message.at, by=DESK, message=message.id)
    if lost and bounce is not None and isinstance(reported, Message):
        take_back_sent(session, desk, case, reported, bounce, at=at)
    elif lost and isinstance(reported, Letter) and reported.bounced_at is None:
        _take_back(session, desk, case, reported, at)
    return Noted(case)


def _doubt(message: Message, reported: Letter | Message) -> str:
    """Why a report is not believed: whoever had the mail can write one, and so open a case that was answered."""
    if message.sender_check == SenderCheck.FAILED:
        return "but our mail server doubts its sender"
    sent = reported.sent_at if isinstance(reported, Letter) else reported.at
    late = sent is not None and message.at - sent > TRIED_FOR
    return "and comes long after it was sent" if late else ""


def _take_back(session: Session, desk: Desk, case: Case, letter: Letter, at: datetime) -> None:
    letter.bounced_at = at
    session.add(letter)
    record(session, desk, case, Kind.LETTER_BOUNCED, at=at, by=DESK, letter=letter.id, kind=letter.kind)
    undo_answer(session, desk, case, letter, at=at, by=DESK)
    undo_effect(session, desk, case, letter, at=at, by=DESK)


def _reported(session: Session, desk: Desk, read: IncomingMessage) -> Letter | Message | None:
    """The report names what came back first, and then what that answered or quoted."""
    names = [*(read.bounce.letter_ids if read.bounce else ()), *read.in_reply_to, *read.references]
    letters = letters_named(session, [name for name in names if is_ours(desk.secret, name)])
    found: dict[str, Letter | Message] = {one.message_id: one for one in sent_by_hand(session, names)}
    found |= {one.message_id: one for one in letters}
    return next((found[name] for name in names if name in found), None)

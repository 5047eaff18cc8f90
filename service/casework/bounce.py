"""A delivery report on a letter of ours, or on a mail sent by hand: an officer is told, and the clock runs on."""

from datetime import datetime

from sqlmodel import Session

from service.casework.notice_effect import undo_effect
from service.casework.record import DESK, record
from service.casework.respond import undo_answer
from service.casework.sent_returned import sent_by_hand, take_back_sent
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import IncomingMessage
from service.domain.message_id import is_ours
from service.store.cases import case_by_id
from service.store.correspondence import letters_named
from service.store.tables import Case, Letter, Message


def note_bounce(session: Session, desk: Desk, message: Message, read: IncomingMessage, *, at: datetime) -> Case | None:
    """File a report on the case of what it is about, and take back what that told when it did not arrive.

    Returns None when it is about no letter of ours, and about no mail sent by hand to a requester.
    """
    reported = _reported(session, desk, read)
    if reported is None or reported.case_id is None:
        return None
    case = case_by_id(session, reported.case_id)
    message.case_id = case.id
    session.add(message)
    record(session, desk, case, Kind.POST_FILED, at=at, happened_at=message.at, by=DESK, message=message.id)
    if read.bounce is not None and read.bounce.outcome == "failed":
        if isinstance(reported, Message):
            take_back_sent(session, desk, case, reported, read.bounce, at=at)
        elif reported.bounced_at is None:
            _take_back(session, desk, case, reported, at)
    return case


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

"""What the outbox learned about a letter, written on the letter and on its case."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.notice_effect import take_effect
from service.casework.record import DESK, record
from service.casework.respond import conclude
from service.desk import Desk
from service.domain.kind import Kind
from service.store.cases import case_by_id
from service.store.correspondence import FAILED, SENT, UNCERTAIN
from service.store.tables import Letter

ACKNOWLEDGEMENTS = ("acknowledgement", "review-acknowledgement")
A_SECOND = timedelta(seconds=1)
_EVENTS = {SENT: Kind.LETTER_SENT, FAILED: Kind.LETTER_FAILED, UNCERTAIN: Kind.LETTER_UNCERTAIN}


def settle_letter(
    session: Session,
    desk: Desk,
    letter: Letter,
    state: str,
    *,
    at: datetime,
    phase: str = "",
    trouble: str = "",
    next_try_at: datetime | None = None,
) -> None:
    """Set a letter's state after an attempt; sent, failed and uncertain are facts of its case, a retry is not."""
    letter.state, letter.phase, letter.trouble, letter.next_try_at = state, phase, trouble, next_try_at
    letter.sent_at = at if state == SENT else None
    session.add(letter)
    session.flush()
    if letter.case_id is not None and state in _EVENTS:
        case = case_by_id(session, letter.case_id)
        if letter.kind in ACKNOWLEDGEMENTS:
            case.acknowledged_after = -((case.received_at - at) // A_SECOND) if state == SENT else None
        record(session, desk, case, _EVENTS[state], at=at, by=DESK, letter=letter.id, kind=letter.kind)
        if state == SENT:
            conclude(session, desk, case, letter, at=at, by=DESK)
            take_effect(session, desk, case, letter, at=at, by=DESK)

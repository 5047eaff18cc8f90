"""A letter that did not or may not have arrived: send it once more, take it as sent, or see to it another way."""

from datetime import datetime

from sqlmodel import Session

from service.casework.record import DESK, record
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.kind import Kind
from service.errors import DeskError
from service.store.cases import case_by_id
from service.store.correspondence import FAILED, RETRY, SENT, UNCERTAIN
from service.store.outbox import lock_letter
from service.store.tables import Letter

AGAIN = "Sent once more after an attempt with an unknown end."  # stays on the letter: it is not repeated a second time


class LetterNotInDoubt(DeskError):
    """Letter {letter_id} is {state}: only a letter that may not have arrived, or that failed, can be decided upon."""


def resend(session: Session, desk: Desk, letter: Letter, at: datetime, by: str = DESK) -> None:
    """Put an uncertain or failed letter back into the outbox under its Message-ID, which lets the receiver drop a copy.

    An officer's decision is noted on the case. Raises LetterNotInDoubt when the letter is neither.
    """
    fresh = _in_doubt(session, letter, (UNCERTAIN, FAILED))
    if fresh.state == FAILED:
        fresh.attempts = 0  # its forty-eight hours are over: the tries begin anew
    settle_letter(session, desk, fresh, RETRY, at=at, trouble=AGAIN if fresh.state == UNCERTAIN else "")
    _note(session, desk, fresh, f"Asked for letter {fresh.id} ({fresh.kind}) to be sent again.", at, by)


def mark_sent(session: Session, desk: Desk, letter: Letter, at: datetime, by: str = DESK) -> None:
    """Take an uncertain letter as sent, on an officer's word; raises LetterNotInDoubt when it is not uncertain."""
    fresh = _in_doubt(session, letter, (UNCERTAIN,))
    settle_letter(session, desk, fresh, SENT, at=at, phase=fresh.phase)
    _note(session, desk, fresh, f"Took letter {fresh.id} ({fresh.kind}) as arrived.", at, by)


def deal_with(session: Session, desk: Desk, letter: Letter, at: datetime, by: str) -> None:
    """Take a letter that failed or came back off the list, once the requester has been reached another way."""
    fresh = lock_letter(session, letter.id)
    if fresh.state != FAILED and fresh.bounced_at is None:
        raise LetterNotInDoubt(letter_id=fresh.id, state=fresh.state)
    fresh.dealt_with_at = at
    session.add(fresh)
    _note(session, desk, fresh, f"Dealt with letter {fresh.id} ({fresh.kind}), which did not arrive.", at, by)


def _note(session: Session, desk: Desk, letter: Letter, text: str, at: datetime, by: str) -> None:
    if letter.case_id is not None and by != DESK:
        record(session, desk, case_by_id(session, letter.case_id), Kind.NOTED, at=at, by=by, text=text)


def _in_doubt(session: Session, letter: Letter, states: tuple[str, ...]) -> Letter:
    fresh = lock_letter(session, letter.id)
    if fresh.state not in states:
        raise LetterNotInDoubt(letter_id=fresh.id, state=fresh.state)
    return fresh

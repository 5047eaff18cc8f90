"""Taking letters out of the outbox, so that two workers never hold the same one."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from service.store.correspondence import QUEUED, RETRY, SENDING, UNCERTAIN
from service.store.tables import Letter

CLAIMED, HANDING_OVER = (
    "claimed",
    "data",
)  # the phases of a letter that is being sent: before and after its content goes


def _due(now: datetime) -> SelectOfScalar[Letter]:
    waits = col(Letter.state).in_((QUEUED, RETRY))
    due = or_(col(Letter.next_try_at).is_(None), col(Letter.next_try_at) <= now)
    # SQLite, which knows no row locks, ignores the clause: there every transaction is alone.
    return (
        select(Letter)
        .where(waits, due)
        .order_by(col(Letter.created_at), col(Letter.id))
        .with_for_update(skip_locked=True)
    )


def claim_letter(session: Session, now: datetime, until: datetime) -> Letter | None:
    """Take the oldest letter whose time has come, for nobody else to send before `until`; None when there is none."""
    letter = session.exec(_due(now).limit(1)).first()
    if letter is not None:
        letter.state, letter.phase, letter.next_try_at = SENDING, CLAIMED, until
        letter.attempts += 1
        session.add(letter)
        session.flush()
    return letter


def due_letters(session: Session, now: datetime) -> Sequence[Letter]:
    """Every letter whose time has come and that nobody holds, locked."""
    return session.exec(_due(now)).all()


def lock_letter(session: Session, letter_id: int) -> Letter:
    """A letter as it is now, locked until the transaction ends."""
    return session.get_one(Letter, letter_id, with_for_update=True, populate_existing=True)


def note_handing_over(session: Session, letter_id: int) -> None:
    """From here on a crash leaves it uncertain whether the server took the letter."""
    letter = lock_letter(session, letter_id)
    letter.phase = HANDING_OVER
    session.add(letter)
    session.flush()


def abandoned_letters(session: Session, now: datetime) -> Sequence[Letter]:
    """Letters whose sender has not come back in the time it took for them, locked."""
    query = select(Letter).where(col(Letter.state) == SENDING, col(Letter.next_try_at) <= now)
    return session.exec(query.order_by(col(Letter.id)).with_for_update(skip_locked=True)).all()


def letters_to_repeat(session: Session, now: datetime) -> Sequence[Letter]:
    """Uncertain letters that may go once more without asking anybody, and whose time has come."""
    query = select(Letter).where(col(Letter.state) == UNCERTAIN, col(Letter.next_try_at) <= now)
    return session.exec(query.order_by(col(Letter.id))).all()

"""Taking letters out of the outbox, so that two workers never hold the same one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from service.store.correspondence import QUEUED, RETRY, SENDING, SENT, UNCERTAIN
from service.store.tables import Letter, OneTimeAddress

CLAIMED, HANDING_OVER = (
    "claimed",
    "data",
)  # the phases of a letter that is being sent: before and after its content goes


@dataclass(frozen=True, slots=True)
class Outlet:
    """The letters that leave from one mailbox: those of `account` or, for the first one, of none of the `others`."""

    account: str = ""
    others: tuple[str, ...] = ()

    def holds(self) -> ColumnElement[bool]:
        """Whether a letter is one of them."""
        if self.account:
            return col(Letter.account) == self.account
        return col(Letter.account).not_in(self.others)


def _due(now: datetime, outlet: Outlet) -> SelectOfScalar[Letter]:
    waits = col(Letter.state).in_((QUEUED, RETRY))
    due = or_(col(Letter.next_try_at).is_(None), col(Letter.next_try_at) <= now)
    return select(Letter).where(waits, due, outlet.holds()).order_by(col(Letter.created_at), col(Letter.id))


def _locked(query: SelectOfScalar[Letter]) -> SelectOfScalar[Letter]:
    # SQLite, which knows no row locks, ignores the clause: there every transaction is alone.
    return query.with_for_update(skip_locked=True)


def has_due(session: Session, outlet: Outlet, now: datetime) -> bool:
    """Whether a letter's time has come."""
    return session.exec(_due(now, outlet).limit(1)).first() is not None


def claim_letter(session: Session, outlet: Outlet, now: datetime, until: datetime) -> Letter | None:
    """Take the oldest letter whose time has come, for nobody else to send before `until`; None when there is none."""
    letter = session.exec(_locked(_due(now, outlet)).limit(1)).first()
    if letter is not None:
        letter.state, letter.phase, letter.next_try_at = SENDING, CLAIMED, until
        letter.attempts += 1
        session.add(letter)
        session.flush()
    return letter


def due_letters(session: Session, outlet: Outlet, now: datetime) -> Sequence[Letter]:
    """Every letter whose time has come and that nobody holds, locked."""
    return session.exec(_locked(_due(now, outlet))).all()


def lock_letter(session: Session, letter_id: int) -> Letter:
    """A letter as it is now, locked until the transaction ends."""
    return session.get_one(Letter, letter_id, with_for_update=True, populate_existing=True)


def note_handing_over(session: Session, letter_id: int, until: datetime) -> None:
    """From here on a crash leaves it uncertain whether the server took the letter; nobody else has it `until` then."""
    letter = lock_letter(session, letter_id)
    letter.phase, letter.next_try_at = HANDING_OVER, until
    session.add(letter)
    session.flush()


def letters_to_copy(session: Session, outlet: Outlet, since: datetime, limit: int) -> Sequence[Letter]:
    """Sent letters whose copy is not yet in the Sent folder.

    Not what an officer may answer to have something done: who reads the mailbox could answer in their place.
    """
    query = select(Letter).where(col(Letter.state) == SENT, col(Letter.copied).is_(False), col(Letter.sent_at) >= since)
    answerable = select(OneTimeAddress.id).where(col(OneTimeAddress.letter_id) == Letter.id).exists()
    return session.exec(query.where(~answerable, outlet.holds()).order_by(col(Letter.id)).limit(limit)).all()


def abandoned_letters(session: Session, now: datetime) -> Sequence[Letter]:
    """Letters whose sender has not come back in the time it took for them, locked."""
    query = select(Letter).where(col(Letter.state) == SENDING, col(Letter.next_try_at) <= now)
    return session.exec(query.order_by(col(Letter.id)).with_for_update(skip_locked=True)).all()


def letters_to_repeat(session: Session, now: datetime) -> Sequence[Letter]:
    """Uncertain letters that may go once more without asking anybody, and whose time has come."""
    query = select(Letter).where(col(Letter.state) == UNCERTAIN, col(Letter.next_try_at) <= now)
    return session.exec(query.order_by(col(Letter.id))).all()

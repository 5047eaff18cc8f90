"""What can still be undone."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from service.store.tables import Undoable


def add_undoable(session: Session, row: Undoable) -> Undoable:
    """Keep what an act needs to be undone, and give it its key."""
    session.add(row)
    session.flush()
    return row


def claim_undoable(session: Session, key: int) -> Undoable | None:
    """One by its key; nobody else undoes it until this transaction ends."""
    return session.exec(select(Undoable).where(col(Undoable.id) == key).with_for_update()).first()


def forget_undoables(session: Session, before: datetime) -> None:
    """Delete those made before an instant."""
    session.exec(delete(Undoable).where(col(Undoable.made_at) < before))

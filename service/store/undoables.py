"""What can still be undone."""

from collections.abc import Sequence
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


def still_undoable(session: Session, officer_id: int, since: datetime) -> Sequence[Undoable]:
    """What an officer did since an instant and has not undone, the last first."""
    query = select(Undoable).where(col(Undoable.officer_id) == officer_id, col(Undoable.made_at) >= since)
    return session.exec(query.where(col(Undoable.undone_at).is_(None)).order_by(col(Undoable.id).desc())).all()


def forget_undoables(session: Session, before: datetime) -> None:
    """Delete those made before an instant."""
    session.exec(delete(Undoable).where(col(Undoable.made_at) < before))

"""The lists that officers keep under a name, for themselves or for the team."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, and_, col, delete, func, or_, select

from service.errors import DeskError
from service.store.tables import Officer, SavedList


class NoSuchSavedList(DeskError):
    """There is no such saved list, or it is somebody else's."""


class SavedListNameTaken(DeskError):
    """You have a list of that name already: choose another name."""


def saved_lists(session: Session, officer_id: int) -> Sequence[SavedList]:
    """An officer's own lists and those shared with the team, by name."""
    mine = or_(col(SavedList.officer_id) == officer_id, col(SavedList.shared))
    query = select(SavedList).where(mine, col(SavedList.deleted_at).is_(None))
    return session.exec(query.order_by(func.lower(SavedList.name), col(SavedList.id))).all()


def saved_list(session: Session, list_id: int) -> SavedList:
    """One that is not deleted; raises NoSuchSavedList."""
    row = session.get(SavedList, list_id)
    if row is None or row.deleted_at is not None:
        raise NoSuchSavedList
    return row


def deleted_list(session: Session, list_id: int) -> SavedList | None:
    """One that is deleted and not forgotten yet."""
    row = session.get(SavedList, list_id)
    return row if row is not None and row.deleted_at is not None else None


def keep_list(session: Session, row: SavedList) -> SavedList:
    """Add a list, or keep what was changed of it; raises SavedListNameTaken."""
    same = and_(
        col(SavedList.officer_id) == row.officer_id,
        col(SavedList.deleted_at).is_(None),
    )
    with session.no_autoflush:
        others = session.exec(select(SavedList.id, SavedList.name).where(same)).all()
    # Not by the database: SQLite makes only the letters of ASCII small.
    if any(key != row.id and name.lower() == row.name.lower() for key, name in others):
        raise SavedListNameTaken
    session.add(row)
    session.flush()
    return row


def delete_list(session: Session, row: SavedList, at: datetime) -> None:
    """Take a list away; for a while it can be brought back."""
    row.deleted_at = at
    session.add(row)
    session.flush()


def forget_deleted_lists(session: Session, before: datetime) -> None:
    """Delete for good what was taken away before an instant."""
    session.exec(delete(SavedList).where(col(SavedList.deleted_at) < before))


def keeper(session: Session, row: SavedList) -> str:
    """Whose list it is."""
    return session.get_one(Officer, row.officer_id).name

"""Undo: what it takes to put back what was just done, kept for a day, for whoever did it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from service.casework.record import officer_actor
from service.casework.sort_post import put_back
from service.casework.take_back import Recorded, stands_at, take_back
from service.desk import Desk
from service.errors import DeskError
from service.store.cases import case_by_reference
from service.store.correspondence import post_by_id
from service.store.saved_lists import deleted_list, keep_list
from service.store.tables import Case, Officer, Undoable
from service.store.undoables import add_undoable, claim_undoable

UNDO_WITHIN = timedelta(days=1)


class What(StrEnum):
    """The acts that can be undone."""

    CASE = "case"  # giving, taking on, handing back
    POST = "mail"  # setting a mail aside
    LIST = "list"  # deleting a saved list


class NothingToUndo(DeskError):
    """This can no longer be undone: it was yours to undo for a day, once."""


class ListChanged(DeskError):
    """The list cannot be brought back: it is there again, or it was deleted too long ago."""


def undoable(session: Session, officer: Officer, what: What, data: Mapping[str, object], *, at: datetime) -> int:
    """Keep what it takes to undo an act of an officer's; gives its key."""
    row = Undoable(officer_id=officer.id, what=what.value, data=json.dumps(dict(data)), made_at=at)
    return add_undoable(session, row).id


@dataclass(slots=True)
class Kept:
    """The key by which an act can be undone, once it is done."""

    key: int | None = None


@contextmanager
def undoable_on(session: Session, officer: Officer, case: Case, *, at: datetime) -> Iterator[Kept]:
    """Do something with a case that `take_back` can undo, and keep what that takes."""
    kept, before = Kept(), stands_at(session, case)
    yield kept
    data = {"reference": case.reference, "before": before, "last": stands_at(session, case)}
    kept.key = undoable(session, officer, What.CASE, data, at=at)


def undo(session: Session, desk: Desk, officer: Officer, key: int, *, at: datetime) -> tuple[What, Mapping[str, str]]:
    """Put back what was done; gives what it was, and where.

    Raises NothingToUndo, and ChangedSince, SortedSince, SavedListNameTaken or ListChanged when it has changed since.
    """
    row = claim_undoable(session, key)
    if row is None or row.officer_id != officer.id or row.undone_at is not None or at - row.made_at > UNDO_WITHIN:
        raise NothingToUndo
    what, data = What(row.what), json.loads(row.data)
    match what:
        case What.CASE:
            case = case_by_reference(session, data["reference"])
            done = Recorded(data["before"], data["last"])
            take_back(session, desk, case, done, at=at, by=officer)
        case What.POST:
            put_back(session, post_by_id(session, data["post"]), data, by=officer_actor(officer.id))
        case What.LIST:
            kept = deleted_list(session, data["list"])
            if kept is None:
                raise ListChanged
            kept.deleted_at = None
            keep_list(session, kept)
    row.undone_at = at
    session.add(row)
    return what, data

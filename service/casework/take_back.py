"""Undoing what was just done with a case: one more event for each that it recorded, while nobody has acted on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.casework.record import officer_actor, record
from service.casework.tell_officers import tell_loser
from service.desk import Desk
from service.domain.history import CaseEvent, standing_events
from service.domain.kind import PROGRESS_KINDS, Kind
from service.domain.progress import progress
from service.errors import DeskError
from service.store.cases import history, newest_seqs
from service.store.officers import officer_by_id
from service.store.tables import Case, Officer

# What an undo puts back exactly by leaving it out of the replay; anything more has reached other people.
UNDOABLE = {
    Kind.ASSIGNED: "the change of owner",
    Kind.ACCEPTED: "taking the case on",
    Kind.HANDED_BACK: "handing the case back",
}


class ChangedSince(DeskError):
    """{reference} has been changed since, so nothing was undone there. Open it to see how it stands."""


class OwnerLeft(DeskError):
    """Whoever had {reference} before does not work here any more, so it was not given back: give it to somebody."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act recorded on a case: its events numbered after `before`, up to and including `last`."""

    before: int
    last: int


def stands_at(session: Session, case: Case) -> int:
    """The number of a case's last event."""
    return newest_seqs(session, [case.id]).get(case.id, 0)


def take_back(
    session: Session, desk: Desk, case: Case, done: Recorded, *, at: datetime, by: Officer, tell: bool = True
) -> None:
    """Undo an act's events, the newest first, so that owner and stage are as before; raises ChangedSince or OwnerLeft.

    Whoever loses the case by it is told so by mail, unless not to `tell`.
    """
    loser_id, actor = case.owner_id, officer_actor(by.id)
    told = history(session, case.id)
    recorded = [event for event in told if done.before < event.seq <= done.last and event.kind in UNDOABLE]
    if not recorded or any(event.actor != actor for event in recorded) or _acted_upon(told, done, actor):
        raise ChangedSince(reference=case.reference)
    owner_id = progress(standing_events([event for event in told if event not in recorded])).owner_id
    if owner_id is not None:
        _require_here(session, owner_id, case)
    for event in reversed(recorded):
        record(session, desk, case, Kind.UNDONE, at=at, by=actor, event=event.seq, did=UNDOABLE[event.kind])
    if tell and loser_id is not None and loser_id != case.owner_id:
        tell_loser(session, desk, loser_id, [case], at=at, taker=by)


def _require_here(session: Session, owner_id: int, case: Case) -> None:
    """Nothing goes back to somebody who has left."""
    before = officer_by_id(session, owner_id)
    if before is None or not before.active:
        raise OwnerLeft(reference=case.reference)


def _acted_upon(told: Sequence[CaseEvent], done: Recorded, by: str) -> bool:
    """Whether the case has moved on since, or a colleague has done anything with it; mail coming in does not count."""
    return any(
        event.kind in PROGRESS_KINDS
        or event.kind is Kind.CLOSED
        or (event.actor.startswith("officer:") and event.actor != by)
        for event in told
        if event.seq > done.last
    )

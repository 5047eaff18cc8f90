"""One act on many cases, a batch at a time: each case by the same rules as alone, and each that is left says why."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from service.casework.assign import assign
from service.casework.permission import NotYours, require_may_assign
from service.casework.record import officer_actor
from service.casework.review import NotIndependent
from service.casework.take_back import ChangedSince, OwnerLeft, Recorded, stands_at, take_back
from service.casework.tell_officers import tell_loser, tell_of_many, tell_owner
from service.casework.undo import UNDO_WITHIN, NothingToUndo
from service.desk import Desk
from service.domain.stage import NotAllowedNow, Stage
from service.errors import ClockError, DeskError
from service.store.bulk_acts import (
    add_bulk_act,
    bulk_act,
    claim_bulk_act,
    item_of,
    items_changed,
    items_to_do,
    undone_by,
)
from service.store.cases import cases_by_id
from service.store.officers import NoSuchOfficer, active_officer, officer_by_id
from service.store.tables import BulkAct, BulkItem, Case, Officer

BATCH = 100  # cases; a transaction of a third of a second
REFUSALS = (NotYours, NotAllowedNow, NotIndependent, NoSuchOfficer, ChangedSince, OwnerLeft, ClockError)


class NothingTicked(DeskError):
    """Tick the cases first, then choose who takes them."""


class UndoneAlready(DeskError):
    """This has been undone already."""


class NotFinished(DeskError):
    """This is still being done: wait until it has come to its last case, then undo it."""


class _LeftAlone(DeskError):
    """{why}"""


def begin_giving(
    session: Session, officer: Officer, to: int, cases: Iterable[tuple[int, int | None]], *, at: datetime
) -> BulkAct:
    """Write down that cases, each by key with the owner it was seen with, are to be given to someone.

    Raises NothingTicked or NoSuchOfficer.
    """
    wanted = dict(cases)
    if not wanted:
        raise NothingTicked
    receiver = active_officer(session, to)
    act = BulkAct(officer_id=officer.id, to_id=receiver.id, asked_at=at)
    return add_bulk_act(session, act, sorted(wanted.items()))


def begin_undoing(session: Session, officer: Officer, act: BulkAct, *, at: datetime) -> BulkAct:
    """Write down that what an act changed is to be taken back; raises NotFinished, UndoneAlready or NotYours."""
    if act.officer_id != officer.id:
        raise NotYours(why="Only whoever did this can undo it. Give the cases anew instead.")
    if act.finished_at is None:
        raise NotFinished
    if at - act.asked_at > UNDO_WITHIN:
        raise NothingToUndo
    if undone_by(session, act.id) is not None or act.to_id is None:
        raise UndoneAlready
    undoing = BulkAct(officer_id=officer.id, undoes=act.id, asked_at=at)
    return add_bulk_act(session, undoing, [(item.case_id, act.to_id) for item in items_changed(session, act.id)])


def go_on(session: Session, desk: Desk, act_id: int, *, at: datetime, batch: int = BATCH) -> bool:
    """Do the next batch of an act; whether more is left. Raises NoSuchBulkAct."""
    act = claim_bulk_act(session, act_id)
    if act.finished_at is not None:
        return False
    asked_by = officer_by_id(session, act.officer_id)
    assert asked_by is not None  # officers are never deleted
    due = items_to_do(session, act.id, batch)
    for item, case in due:
        item.before = stands_at(session, case)
        try:
            _do(session, desk, act, asked_by, item, case, at)
        except (*REFUSALS, _LeftAlone) as refusal:
            item.why_not = str(refusal).removeprefix(f"{case.reference} ")  # it is shown behind the reference
        item.last, item.done_at = stands_at(session, case), at
        session.add(item)
    if len(due) < batch:
        act.finished_at = at
        session.add(act)
        _tell(session, desk, act, asked_by, at)
    session.flush()
    return act.finished_at is None


def _tell(session: Session, desk: Desk, act: BulkAct, giver: Officer, at: datetime) -> None:
    """One mail for all that somebody was given or has lost, at the end."""
    cases = [*cases_by_id(session, [item.case_id for item in items_changed(session, act.id)]).values()]
    if not cases:
        return
    if act.to_id is None:
        assert act.undoes is not None
        loser_id = bulk_act(session, act.undoes).to_id
        assert loser_id is not None  # only a giving is undone
        tell_loser(session, desk, loser_id, cases, at=at, taker=giver)
    elif len(cases) == 1:
        tell_owner(session, desk, cases[0], at=at, by=officer_actor(giver.id))
    else:
        tell_of_many(session, desk, act.to_id, cases, at=at, giver=giver)


def _do(
    session: Session, desk: Desk, act: BulkAct, asked_by: Officer, item: BulkItem, case: Case, at: datetime
) -> None:
    if not asked_by.active:
        raise _LeftAlone(why=f"{asked_by.name}, who asked for it, has left.")
    if act.undoes is not None:
        done = item_of(session, act.undoes, case.id)
        take_back(session, desk, case, Recorded(done.before, done.last), at=at, by=asked_by, tell=False)
        return
    assert act.to_id is not None
    _require_as_seen(session, item, case, act.to_id)
    require_may_assign(asked_by, case, act.to_id)
    assign(session, desk, case, act.to_id, at=at, by=officer_actor(asked_by.id), tell=False)


def _require_as_seen(session: Session, item: BulkItem, case: Case, to: int) -> None:
    """Whoever ticked a case decided by what they saw: a colleague who was quicker keeps it."""
    if case.stage == Stage.CLOSED:
        raise _LeftAlone(why="It has been closed meanwhile.")
    if case.owner_id == to:
        raise _LeftAlone(why=f"{_name(session, to)} has it already.")
    if case.owner_id != item.seen_owner_id:
        holder = _name(session, case.owner_id)
        raise _LeftAlone(why=f"{holder} got it meanwhile." if holder else "Its owner gave it up meanwhile.")


def _name(session: Session, officer_id: int | None) -> str:
    officer = officer_by_id(session, officer_id) if officer_id is not None else None
    return officer.name if officer else ""

"""Acts on many cases, done a batch at a time so that none of them holds the desk up or is lost half-way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from service.errors import DeskError
from service.store.tables import BulkAct, BulkItem, Case, Officer


class NoSuchBulkAct(DeskError):
    """There is no such act on many cases."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases an act is for, how many it has come to, and how many of these it left as they are."""

    every: int
    done: int
    left_alone: int

    @property
    def changed(self) -> int:
        return self.done - self.left_alone


def add_bulk_act(session: Session, act: BulkAct, items: Iterable[tuple[int, int | None]]) -> BulkAct:
    """Write down an act and its cases, each by key with the owner it was seen with."""
    session.add(act)
    session.flush()
    rows = [{"bulk_act_id": act.id, "case_id": case_id, "seen_owner_id": owner} for case_id, owner in items]
    if rows:
        session.execute(insert(BulkItem), rows)
    return act


def bulk_act(session: Session, act_id: int) -> BulkAct:
    """The act of a key; raises NoSuchBulkAct."""
    act = session.get(BulkAct, act_id)
    if act is None:
        raise NoSuchBulkAct
    return act


def claim_bulk_act(session: Session, act_id: int) -> BulkAct:
    """The same, and nobody else works on it until this transaction ends; raises NoSuchBulkAct."""
    act = session.exec(select(BulkAct).where(col(BulkAct.id) == act_id).with_for_update()).first()
    if act is None:
        raise NoSuchBulkAct
    return act


def givings_of(session: Session, officer_id: int, since: datetime) -> Sequence[tuple[BulkAct, str, int]]:
    """Each giving of many cases that an officer asked for since an instant and has not undone, with the receiver's
    name and how many cases were given, the last first."""
    undone = select(BulkAct.undoes).where(col(BulkAct.undoes).is_not(None))
    recent = select(BulkAct.id).where(col(BulkAct.officer_id) == officer_id, col(BulkAct.asked_at) >= since)
    given = select(BulkItem.bulk_act_id, func.count().label("number")).where(
        col(BulkItem.bulk_act_id).in_(recent), col(BulkItem.done_at).is_not(None), col(BulkItem.why_not) == ""
    )
    counted = given.group_by(col(BulkItem.bulk_act_id)).subquery()
    query = select(BulkAct, Officer.name, counted.c.number).join(Officer, col(Officer.id) == col(BulkAct.to_id))
    query = query.join(counted, counted.c.bulk_act_id == col(BulkAct.id))
    return session.exec(query.where(col(BulkAct.id).not_in(undone)).order_by(col(BulkAct.id).desc())).all()


def unfinished_bulk_acts(session: Session) -> Sequence[int]:
    """The keys of the acts that are not done yet, the oldest first."""
    return session.exec(select(BulkAct.id).where(col(BulkAct.finished_at).is_(None)).order_by(col(BulkAct.id))).all()


def items_to_do(session: Session, act_id: int, limit: int) -> list[tuple[BulkItem, Case]]:
    """The next cases of an act; nobody else changes them until this transaction ends."""
    query = (
        select(BulkItem, Case)
        .join(Case, col(Case.id) == col(BulkItem.case_id))
        .where(col(BulkItem.bulk_act_id) == act_id, col(BulkItem.done_at).is_(None))
        .order_by(col(BulkItem.case_id))
        .limit(limit)
    )
    return [(item, case) for item, case in session.exec(query.with_for_update(key_share=True)).all()]


def items_changed(session: Session, act_id: int) -> Sequence[BulkItem]:
    """The items of an act that it changed."""
    query = select(BulkItem).where(
        col(BulkItem.bulk_act_id) == act_id, col(BulkItem.done_at).is_not(None), col(BulkItem.why_not) == ""
    )
    return session.exec(query.order_by(col(BulkItem.case_id))).all()


def item_of(session: Session, act_id: int, case_id: int) -> BulkItem:
    """One item of an act."""
    return session.get_one(BulkItem, (act_id, case_id))


def tally(session: Session, act_id: int) -> Tally:
    """How far an act has come."""
    done = func.count(col(BulkItem.done_at))
    left_alone = func.count().filter(col(BulkItem.why_not) != "")
    query = select(func.count(), done, left_alone).select_from(BulkItem).where(col(BulkItem.bulk_act_id) == act_id)
    return Tally(*session.exec(query).one())


def left_alone(session: Session, act_id: int, limit: int = 500) -> list[tuple[Case, str]]:
    """The cases that an act left as they are, each with the reason."""
    query = (
        select(Case, BulkItem.why_not)
        .join(BulkItem, col(BulkItem.case_id) == col(Case.id))
        .where(col(BulkItem.bulk_act_id) == act_id, col(BulkItem.why_not) != "")
        .order_by(col(Case.id))
        .limit(limit)
    )
    return [(case, why) for case, why in session.exec(query).all()]


def undone_by(session: Session, act_id: int) -> int | None:
    """The act that takes this one back, by key."""
    return session.exec(select(BulkAct.id).where(col(BulkAct.undoes) == act_id)).first()

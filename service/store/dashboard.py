"""What the dashboard counts, each in one query whatever the number of cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, func, or_, select

from service.domain.promptness import Promptness
from service.domain.stage import Stage
from service.store.acknowledgements import acknowledged_so
from service.store.cases import is_open
from service.store.tables import Case, GroundRow
from service.store.worklist import Days, Narrowing, Selection, View, among_open, in_time, is_late, narrowed


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """How many cases are open, and of those how many are due today, due soon, overdue, stopped, or wait for an owner.

    `due_soon` holds those due today as well, as the list of that name does. `no_request` waits for a supervisor to
    confirm that it is none, `ready` for somebody to send the response.
    """

    every: int
    due_today: int
    due_soon: int
    overdue: int
    stopped: int
    unowned: int
    no_request: int
    ready: int


@dataclass(frozen=True, slots=True)
class Decided:
    """How the requests received in a time fared; `late` counts answers, `overdue` what is still owed."""

    received: int
    in_time: int
    late: int
    overdue: int
    running: int


def count_open(session: Session, selection: Selection, waits_since: date) -> OpenCounts:
    """Count the open cases of a selection's narrowing; one without an owner waits when it came by `waits_since`."""
    views = (View.DUE_SOON, View.OVERDUE, View.STOPPED)
    soon, overdue, stopped = (func.count().filter(*among_open(view, selection)) for view in views)
    today = func.count().filter(col(Case.due_on) == selection.today)
    unowned = func.count().filter(col(Case.owner_id).is_(None), col(Case.received_on) <= waits_since)
    stages = (func.count().filter(col(Case.stage) == stage.value) for stage in (Stage.NOT_FOI, Stage.READY))
    query = sa_select(func.count(), today, soon, overdue, stopped, unowned, *stages).select_from(Case)
    wanted = narrowed(selection.wanted, selection.today)
    return OpenCounts(*session.execute(query.where(is_open(), *wanted)).one())


def first_received(session: Session) -> date | None:
    """The day of the oldest case; None while there is none."""
    return session.exec(select(func.min(Case.received_on))).one()


def open_by_receipt(session: Session, wanted: Narrowing, today: date) -> Sequence[tuple[date, int]]:
    """How many open cases were received on each day."""
    return _by(session, [col(Case.received_on)], is_open(), *narrowed(wanted, today))


def open_by_owner(
    session: Session, wanted: Narrowing, today: date
) -> Sequence[tuple[int | None, str, date | None, bool | None, int]]:
    """How many open cases an owner has under each law to be done by a day, and whether that deadline is past.

    The day is the prudent one; both are None while the clock stands.
    """
    work_to = func.coalesce(col(Case.prudent_due_on), col(Case.due_on))
    keys = [col(Case.owner_id), col(Case.regime), work_to, col(Case.due_on) < today]
    return _by(session, keys, is_open(), *narrowed(wanted, today))


class Held(NamedTuple):
    """What of an open case its place in somebody's work is told by; `work_to` is the day that the team works to."""

    reference: str
    subject: str
    regime: str
    due_on: date | None
    work_to: date | None


def held_by(session: Session, owner_id: int) -> list[Held]:
    """What an officer has open, the most urgent first."""
    work_to = func.coalesce(col(Case.prudent_due_on), col(Case.due_on))
    columns = (col(Case.reference), col(Case.subject), col(Case.regime), col(Case.due_on), work_to)
    query = sa_select(*columns).where(is_open(), col(Case.owner_id) == owner_id)
    return [Held(*row) for row in session.execute(query.order_by(col(Case.due_on).asc().nulls_last(), col(Case.id)))]


def open_by_deadline(session: Session) -> dict[date, int]:
    """How many open cases are due on each day; those whose clock stands are due on none."""
    return dict(_by(session, [col(Case.due_on)], is_open(), col(Case.due_on).is_not(None)))


def received_by_day(session: Session, wanted: Narrowing, days: Days, today: date) -> Sequence[tuple[date, int]]:
    """How many cases were received on each day."""
    return _by(session, [col(Case.received_on)], *narrowed(replace(wanted, received=days), today))


def answered_by_day(session: Session, wanted: Narrowing, days: Days, today: date) -> Sequence[tuple[date, int, int]]:
    """How many cases were answered on each day in time, and how many late."""
    return _answered_by(session, col(Case.answered_on), narrowed(replace(wanted, answered=days), today))


def answered_by_owner(
    session: Session, wanted: Narrowing, days: Days, today: date
) -> Sequence[tuple[int | None, int, int]]:
    """How many cases of each owner were answered in a time in time, and how many late."""
    return _answered_by(session, col(Case.owner_id), narrowed(replace(wanted, answered=days), today))


def count_decided(session: Session, wanted: Narrowing, days: Days, today: date) -> Decided:
    """How the requests received in a time fared; those ended without an answer are received and nothing else."""
    overdue = and_(is_open(), col(Case.due_on) < today)
    running = and_(is_open(), or_(col(Case.due_on).is_(None), col(Case.due_on) >= today))
    sums = [
        func.count().filter(found)
        for found in (in_time(), and_(col(Case.answered_on).is_not(None), is_late(today)), overdue, running)
    ]
    asked = narrowed(replace(wanted, received=days, requests_only=True), today)
    return Decided(*session.execute(sa_select(func.count(), *sums).select_from(Case).where(*asked)).one())


def limbs_relied_on(session: Session, wanted: Narrowing, days: Days, today: date) -> Sequence[tuple[str, str, int]]:
    """In how many cases answered in a time each limb of each law was relied on, the most used first."""
    number, limb = func.count(func.distinct(col(GroundRow.case_id))), (col(Case.regime), col(GroundRow.citation))
    query = sa_select(*limb, number).join(GroundRow, col(Case.id) == col(GroundRow.case_id))
    query = query.where(*narrowed(replace(wanted, answered=days), today)).group_by(*limb)
    rows: Sequence[Any] = session.execute(query.order_by(number.desc(), *limb)).all()
    return rows


def acknowledged(session: Session, wanted: Narrowing, days: Days, today: date) -> dict[Promptness, int]:
    """How many of the cases received in a time were acknowledged how soon."""
    sums = [func.count().filter(acknowledged_so(soon)) for soon in Promptness]
    asked = narrowed(replace(wanted, received=days), today)
    row = session.execute(sa_select(*sums).select_from(Case).where(*asked)).one()
    return dict(zip(Promptness, row, strict=True))


def _answered_by(
    session: Session, key: SQLColumnExpression[Any], wanted: Iterator[ColumnElement[bool]]
) -> Sequence[Any]:
    timely = func.count().filter(in_time())
    return session.execute(sa_select(key, timely, func.count() - timely).where(*wanted).group_by(key)).all()


def _by(session: Session, keys: Sequence[SQLColumnExpression[Any]], *wanted: ColumnElement[bool]) -> Sequence[Any]:
    named: list[ColumnElement[Any]] = [key.label(f"key{n}") for n, key in enumerate(keys)]
    return session.execute(sa_select(*named, func.count()).where(*wanted).group_by(*named)).all()

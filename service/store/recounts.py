"""Open cases by the thousand, as plain rows: what counting them anew reads and writes."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from service.domain.kind import Kind
from service.store.cases import is_open
from service.store.tables import Case, Event


class OpenCase(NamedTuple):
    """What a recount needs of a case."""

    id: int
    reference: str
    subject: str
    owner_id: int | None
    regime: str
    received_on: date
    due_on: date | None
    calendar_version: str
    matter: str
    provisional: bool
    stopped_on: date | None


COLUMNS = [getattr(Case, name) for name in OpenCase._fields]


def open_cases_after(session: Session, case_id: int, most: int) -> list[OpenCase]:
    """The next open cases by key."""
    query = _open().where(col(Case.id) > case_id).order_by(col(Case.id)).limit(most)
    return [OpenCase._make(row) for row in session.connection().execute(query).all()]


def stale_cases(session: Session, version: str, most: int) -> list[OpenCase]:
    """Open cases that stand by another calendar than `version` and have not been tried by it.

    They are the transaction's until its end: who else asks meanwhile gets others. One that is in use waits for later.
    """
    query = _open().where(*_stale(version)).order_by(col(Case.id)).limit(most)
    # Else two recounts at once would each move a case and write to its owner; SQLite has one writer anyway.
    mine = query.with_for_update(skip_locked=True)
    return [OpenCase._make(row) for row in session.connection().execute(mine).all()]


def count_open_cases(session: Session) -> int:
    """How many cases are open."""
    return session.exec(select(func.count()).select_from(Case).where(is_open())).one()


def count_stale(session: Session, version: str) -> int:
    """How many open cases stand by another calendar than `version`."""
    return session.exec(select(func.count()).select_from(Case).where(is_open(), *_stale(version))).one()


def update_cases(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Update columns of many cases, each row a mapping of `row_key` and the columns' new values."""
    by_columns: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(row), []).append(row)
    for columns, alike in by_columns.items():
        values: dict[str, object] = {name: bindparam(name) for name in columns if name != "row_key"}
        table = Case.__table__  # type: ignore[attr-defined]
        statement = update(table).where(table.c.id == bindparam("row_key")).values(values)
        session.connection().execute(statement, alike)


def untold_cases(session: Session) -> list[tuple[int, int | None]]:
    """The key and owner of each open case that has moved without its owner's having been told, by reference.

    They are the transaction's until its end, as stale cases are.
    """
    query = select(Case.id, Case.owner_id).where(col(Case.untold), is_open()).order_by(col(Case.number), col(Case.id))
    return [(case_id, owner_id) for case_id, owner_id in session.exec(query.with_for_update(skip_locked=True))]


def mark_told(session: Session, case_ids: Sequence[int]) -> None:
    """Note that the owners of these cases know."""
    update_cases(session, [{"row_key": case_id, "untold": False} for case_id in case_ids])


def recounted(session: Session, case_ids: Sequence[int]) -> list[tuple[str, str, dict[str, str]]]:
    """Reference, subject and the particulars of the last recount of each case that had one, in the order asked for."""
    query = select(Case.id, Case.reference, Case.subject, Event.data).join(Event, col(Event.case_id) == col(Case.id))
    query = query.where(col(Case.id).in_(case_ids), col(Event.kind) == Kind.RECOUNTED.value).order_by(col(Event.seq))
    last = {key: (reference, subject, json.loads(data)) for key, reference, subject, data in session.exec(query)}
    return [last[case_id] for case_id in case_ids if case_id in last]


def _open() -> Select[tuple[object, ...]]:
    return sa_select(*COLUMNS).where(is_open())


def _stale(version: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Case.calendar_version) != version, col(Case.uncountable_by) != version

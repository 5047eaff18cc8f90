"""Intake by the group: what many mails write goes to the database together, and what all of them ask is asked once.

Within `grouped`, new rows wait in memory until the block ends or until anything else is asked of the database, so that
every look sees them. One by one the statements, and on PostgreSQL their round trips, cost more than all else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from operator import attrgetter
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, Table, event, text
from sqlmodel import Session, SQLModel, func, select

Found = TypeVar("Found")
Values = dict[str, Any]
GROUP = "group"  # where a session has it
GIVE_KEYS = text("SELECT nextval(pg_get_serial_sequence(:name, :key)) FROM generate_series(1, :many)")


@dataclass(frozen=True, slots=True)
class _Run:
    """Executions of one statement, in their order."""

    statement: Executable
    values: list[Values] = field(default_factory=list)
    rank: int = 0  # among the tables, each behind those that its rows name


@dataclass(slots=True)
class Group:
    """What a transaction has still to write, and what it has learnt; `size` is how many mails it is for."""

    size: int
    new: dict[Executable, _Run] = field(default_factory=dict)
    changes: list[_Run] = field(default_factory=list)
    counters: dict[object, _Run] = field(default_factory=dict)  # of the changes of one, only the last is written
    unwritten: dict[tuple[Table, object], Values] = field(default_factory=dict)  # new rows by their key
    keys: dict[Table, Iterator[int]] = field(default_factory=dict)
    known: dict[object, Any] = field(default_factory=dict)


@contextmanager
def grouped(session: Session, size: int) -> Iterator[None]:
    """Settle `size` mails, of which the last row is written when the block ends; never commits."""
    group = session.info[GROUP] = Group(size)

    def before(*_: object) -> None:
        _write(session, group)

    event.listen(session, "do_orm_execute", before)
    event.listen(session, "before_flush", before)
    try:
        yield
        before()
    finally:
        del session.info[GROUP]
        event.remove(session, "do_orm_execute", before)
        event.remove(session, "before_flush", before)


def group_of(session: Session) -> Group | None:
    """The group a session is settling, if it is."""
    return cast("Group | None", session.info.get(GROUP))


def ask(
    session: Session, statement: Executable, values: Values | list[Values] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Execute a plain statement at once, after all that waits; past the session, which costs as much again."""
    group = group_of(session)
    if group is not None:
        _write(session, group)
    return session.connection().execute(statement, values)


def once(session: Session, what: object, look: Callable[[], Found]) -> Found:
    """What a look finds; a group looks once."""
    group = group_of(session)
    if group is None:
        return look()
    if what not in group.known:
        group.known[what] = look()
    return cast("Found", group.known[what])


def learn(session: Session, what: object, found: Found) -> Found:
    """Have a group remember something it has looked for."""
    group = group_of(session)
    if group is not None:
        group.known[what] = found
    return found


def learnt(session: Session, what: object) -> Any:
    """What a group remembers, to be kept up to date with what it writes; None outside a group."""
    group = group_of(session)
    return group.known.get(what) if group is not None else None


def insert_soon(session: Session, table: Table, statement: Executable, values: Values) -> None:
    """Insert a row, a group with its others."""
    group = group_of(session)
    if group is None:
        session.connection().execute(statement, values)
    else:
        if statement not in group.new:
            group.new[statement] = _Run(statement, rank=_ranks()[table])
        group.new[statement].values.append(values)


def change_soon(session: Session, statement: Executable, values: Values) -> None:
    """Change rows, a group in the order it is asked for."""
    group = group_of(session)
    if group is None:
        session.connection().execute(statement, values)
        return
    last = group.changes[-1] if group.changes else None
    # One execution of many rows sets the same columns in each.
    if last is None or last.statement is not statement or last.values[-1].keys() != values.keys():
        group.changes.append(_Run(statement))
    group.changes[-1].values.append(values)


def change_last(group: Group, statement: Executable, what: object, values: Values) -> None:
    """Change rows when the group is written, unless `what` is changed again before."""
    group.counters[what] = _Run(statement, [values])


def give_key(session: Session, group: Group, table: Table) -> int:
    """A key for a new row that is not written yet."""
    key = next(group.keys.get(table, iter(())), None)
    if key is None:
        group.keys[table] = _keys(session, group, table)
        key = next(group.keys[table])
    return key


def _keys(session: Session, group: Group, table: Table) -> Iterator[int]:
    column = next(iter(table.primary_key))
    if session.get_bind().dialect.name == "postgresql":
        given = {"name": table.name, "key": column.name, "many": group.size}
        return iter(session.connection().execute(GIVE_KEYS, given).scalars().all())
    # SQLite gives the highest and one, and the transaction has the database to itself.
    return count(session.connection().execute(select(func.coalesce(func.max(column), 0) + 1)).scalar_one())


def _write(session: Session, group: Group) -> None:
    """Write what waits: new rows in the order of their foreign keys, then what changes rows."""
    new = sorted(group.new.values(), key=attrgetter("rank"))
    runs = [*new, *group.changes, *group.counters.values()]
    group.new, group.changes, group.counters = {}, [], {}
    group.unwritten, group.keys = {}, {}  # others may now give keys too
    for run in runs:
        session.connection().execute(run.statement, run.values)


@cache
def _ranks() -> dict[Table, int]:
    return {table: rank for rank, table in enumerate(SQLModel.metadata.sorted_tables)}

"""Writing one row at once, past the unit of work: intake writes thousands, and a flush costs five statements."""

from functools import cache
from typing import TypeVar

from sqlalchemy import Insert, Table, Update, bindparam, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

Row = TypeVar("Row", bound=SQLModel)
KEY = "row_key"


def add_row(session: Session, row: Row) -> Row:
    """Insert a new row now and give it its key; it then belongs to the session like any other."""
    table = _table(type(row))
    given = ((column.key, getattr(row, column.key)) for column in table.c)
    result = session.connection().execute(_insert(table), {name: value for name, value in given if value is not None})
    for column, value in zip(table.primary_key, result.inserted_primary_key or (), strict=True):
        setattr(row, column.key, value)
    make_transient_to_detached(row)
    session.add(row)
    return row


def add_values(session: Session, kind: type[SQLModel], **values: object) -> None:
    """Insert a row that nobody needs as an object."""
    session.connection().execute(_insert(_table(kind)), values)


def change_row(session: Session, row: SQLModel, **values: object) -> None:
    """Update columns of a row of the session now, by its key."""
    table = _table(type(row))
    key = next(iter(table.primary_key))
    session.connection().execute(_update(table), {KEY: getattr(row, key.key)} | values)
    for name, value in values.items():
        set_committed_value(row, name, value)


# Statements are kept: building one and its cache key costs as much as executing it.
@cache
def _table(kind: type[SQLModel]) -> Table:
    table = inspect(kind).local_table
    assert isinstance(table, Table)
    return table


@cache
def _insert(table: Table) -> Insert:
    return table.insert()


@cache
def _update(table: Table) -> Update:
    return table.update().where(next(iter(table.primary_key)) == bindparam(KEY))

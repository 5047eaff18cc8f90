"""Writing one row at once, past the unit of work: intake writes thousands, and a flush costs five statements."""

from typing import TypeVar

from sqlalchemy import Table, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

Row = TypeVar("Row", bound=SQLModel)


def add_row(session: Session, row: Row) -> Row:
    """Insert a new row now and give it its key; it then belongs to the session like any other."""
    table = _table(row)
    values = {column.key: value for column in table.c if (value := getattr(row, column.key)) is not None}
    result = session.connection().execute(table.insert(), values)
    for column, value in zip(table.primary_key, result.inserted_primary_key or (), strict=True):
        setattr(row, column.key, value)
    make_transient_to_detached(row)
    session.add(row)
    return row


def change_row(session: Session, row: SQLModel, **values: object) -> None:
    """Update columns of a row of the session now, by its key."""
    table = _table(row)
    key = next(iter(table.primary_key))
    session.connection().execute(table.update().where(key == getattr(row, key.key)), values)
    for name, value in values.items():
        set_committed_value(row, name, value)


def _table(row: SQLModel) -> Table:
    table = inspect(type(row)).local_table
    assert isinstance(table, Table)
    return table

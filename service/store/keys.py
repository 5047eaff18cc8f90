"""Naming rows one by one: however many, a single parameter, so that the statement stays the same."""

from collections.abc import Iterable
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, any_, column, func, literal, select
from sqlalchemy.types import UserDefinedType
from sqlmodel import Session


class _Keys(UserDefinedType[str]):
    """An array of PostgreSQL as text: its driver would look at each of ten thousand keys for what it might be."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        return "BIGINT[]"


def on_sqlite(session: Session) -> bool:
    """Whether a session's database is SQLite; else it is PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def among(session: Session, key: SQLColumnExpression[int], keys: Iterable[int]) -> ColumnElement[bool]:
    """Whether a key is one of some."""
    if on_sqlite(session):
        listed: Any = func.json_each(dumps(list(keys)))
        return key.in_(select(column("value")).select_from(listed))
    return key == any_(literal(f"{{{','.join(map(str, keys))}}}", _Keys()))

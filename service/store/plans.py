"""Statements whose plan a database may keep."""

from typing import Any

from sqlalchemy import BindParameter, Select
from sqlalchemy.sql.visitors import cloned_traverse


def written_out(statement: Select[Any]) -> Select[Any]:
    """A statement with its values written into it, for one that every page asks and that differs little.

    PostgreSQL plans a statement with values anew each time (see `database`), which takes longer than a short answer.
    """

    def write(value: BindParameter[object]) -> None:
        value.literal_execute = True

    return cloned_traverse(statement, {}, {"bindparam": write})

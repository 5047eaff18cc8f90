"""Rows by the million: past the mapper, with the search index made once at the end instead of row by row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, Table, text
from sqlmodel import SQLModel

from bench.siblings import aside, make_room
from service.store.rows import table_of
from service.store.search_index import FILL, FILL_ON_SQLITE, REBUILD_ON_SQLITE

CASES = 20_000  # whose papers are indexed in one transaction
SEARCHED = ("foi_case", "message", "message_body", "letter", "draft")
# What may be lost to a power cut here is made again by running the script again.
IN_HASTE = ("synchronous=off", "cache_size=-1000000", "temp_store=memory")


class Loader:
    """Writes rows, given as dictionaries whose missing columns take the model's defaults, in the order given."""

    def __init__(self, engine: Engine, connection: PoolProxiedConnection, siblings: bool) -> None:
        self._dialect, self._connection, self._siblings = engine.dialect, connection, siblings
        self._shapes: dict[type[SQLModel], _Shape] = {}

    def write(self, rows: Sequence[tuple[type[SQLModel], list[dict[str, Any]]]]) -> None:
        """All of it in one transaction."""
        cursor = self._connection.cursor()
        if self._dialect.name == "sqlite":
            cursor.execute("BEGIN")
        for kind, told in rows:
            shape = self._shapes.get(kind) or self._shapes.setdefault(kind, self._shape(kind))
            if self._dialect.name == "sqlite":
                marks = ", ".join("?" * len(shape.names))
                cursor.executemany(f"INSERT INTO {shape.target} VALUES ({marks})", [shape.values(row) for row in told])
                continue
            with cursor.copy(f"COPY {shape.target} FROM STDIN") as copy:
                for row in told:
                    copy.write_row(shape.values(row))
        self._connection.commit()

    def _shape(self, kind: type[SQLModel]) -> "_Shape":
        return _Shape(kind, self._dialect, aside(kind) if self._siblings else table_of(kind).name)


class _Shape:
    """The columns of a table, and how its driver wants their values."""

    def __init__(self, kind: type[SQLModel], dialect: Any, target: str) -> None:
        table: Table = table_of(kind)
        self.names = [column.key for column in table.c]
        self.target = f"{target} ({', '.join(_quoted(column.name) for column in table.c)})"
        self._defaults = {name: field.get_default() for name, field in kind.model_fields.items()}
        self._as_driver: list[Callable[[Any], Any] | None] = [
            column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.c
        ]

    def values(self, row: dict[str, Any]) -> list[Any]:
        full = self._defaults | row
        return [
            full[name] if convert is None else convert(full[name])
            for name, convert in zip(self.names, self._as_driver, strict=True)
        ]


def _quoted(name: str) -> str:
    return f'"{name}"'  # "references" is a reserved word


@contextmanager
def loading(engine: Engine, *, siblings: bool = False) -> Iterator[Loader]:
    """A loader into an empty, migrated database; at the end what it wrote is indexed and the planner knows of it.

    Rows that are to have siblings are written aside.
    """
    if siblings:
        make_room(engine)
    (_sqlite_rests if engine.dialect.name == "sqlite" else _postgres_rests)(engine)
    connection = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        for pragma in IN_HASTE:
            connection.cursor().execute(f"PRAGMA {pragma}")
    yield Loader(engine, connection, siblings)
    connection.detach()
    connection.close()
    (_sqlite_works if engine.dialect.name == "sqlite" else _postgres_works)(engine)


def _batches(engine: Engine) -> Iterator[dict[str, int]]:
    with engine.connect() as connection:
        last = connection.execute(text("SELECT coalesce(max(id), 0) FROM foi_case")).scalar_one()
    yield from ({"first": first, "last": first + CASES - 1} for first in range(1, last + 1, CASES))


_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search%'"


def _sqlite_rests(engine: Engine) -> None:
    """The triggers that keep the search index wait in a table until there is something to keep."""
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE resting AS {_TRIGGERS}"))
        for (name,) in connection.execute(text("SELECT name FROM resting")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))


def _sqlite_works(engine: Engine) -> None:
    for batch in _batches(engine):
        with engine.begin() as connection:
            connection.execute(FILL_ON_SQLITE, batch)
    with engine.begin() as connection:
        connection.execute(REBUILD_ON_SQLITE)
        for (made,) in connection.execute(text("SELECT sql FROM resting")).all():
            connection.exec_driver_sql(made)
        connection.execute(text("DROP TABLE resting"))
        connection.execute(text("ANALYZE"))


def _postgres_rests(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX search_index"))
        for table in SEARCHED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def _postgres_works(engine: Engine) -> None:
    """The index last; then what a server in use has long done: keys that go on where ours end, and ANALYZE."""
    for batch in _batches(engine):
        with engine.begin() as connection:
            connection.execute(FILL, batch)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        connection.execute(text("CREATE INDEX search_index ON search_entry USING gin (search_vector(vector))"))
        for table in SEARCHED:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in ("foi_case", "message", "letter", "officer", "post"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, greatest((SELECT max(id) FROM {table}), 1))"))
        connection.execute(text("VACUUM ANALYZE"))

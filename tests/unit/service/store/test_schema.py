"""A database of another program's: a newer one's, or one that cannot hold what people write."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Engine, text

from service.desk import Desk
from service.store.database import NoDatabaseUrl, NotUtf8, open_engine, reading, transaction
from service.store.schema import SchemaAhead, SchemaBehind, migrate, require_current, stands_at


def put_at(engine: Engine, migration: str) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": migration})


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(desk: Desk) -> None:
    put_at(desk.engine, "9999")
    for act in (migrate, require_current):
        with pytest.raises(SchemaAhead, match="made by a newer program: install that one"):
            act(desk.engine)
    assert stands_at(desk.engine) == "9999"


def test_a_database_of_an_older_program_is_behind(desk: Desk) -> None:
    put_at(desk.engine, "0001")
    with pytest.raises(SchemaBehind, match="foidesk migrate"):
        require_current(desk.engine)


@contextmanager
def in_encoding(server: str, encoding: str) -> Iterator[str]:
    name = Identifier(made := f"t{uuid4().hex}")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0").format(
                name, Literal(encoding)
            )
        )
        yield f"{server}/{made}"
        connection.execute(SQL("DROP DATABASE {}").format(name))


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_does_not_hold_every_script_is_refused(postgres_url: str, encoding: str) -> None:
    with in_encoding(postgres_url, encoding) as url:
        engine = open_engine(url)
        for act in (stands_at, migrate):
            with pytest.raises(NotUtf8, match=f"its encoding is {encoding}.*ENCODING 'UTF8'"):
                act(engine)
        with pytest.raises(NotUtf8), reading(engine) as session:
            session.execute(text("SELECT 1"))
        engine.dispose()


def test_a_port_that_is_no_number_is_told_without_the_password() -> None:
    with pytest.raises(NoDatabaseUrl, match="its port is no number") as fault:
        open_engine("postgresql://foidesk:hush@127.0.0.1:often/foidesk")
    assert "often" not in str(fault.value)
    assert fault.value.__suppress_context__

"""A PostgreSQL server that was restarted is noticed, and nobody has to restart the desk."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from service.store import database
from service.store.database import DatabaseUnavailable, SomeoneWasQuicker, open_engine, reading, transaction
from tests.conftest import a_postgres_database


@pytest.fixture
def engine(postgres_url: str, postgres_template: str) -> Iterator[Engine]:
    with a_postgres_database(postgres_url, postgres_template) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def backend(engine: Engine) -> int:
    """The server's process that answers us."""
    with reading(engine) as session:
        return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end(url: str, process: int) -> None:
    """What a restart does to a connection."""
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_a_connection_that_died_while_nobody_used_it_is_replaced_unseen(
    engine: Engine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BRIEFLY", 0)
    died = backend(engine)
    assert backend(engine) == died
    end(postgres_url, died)
    assert backend(engine) != died


def test_one_that_dies_between_two_questions_is_told_once_and_replaced(engine: Engine, postgres_url: str) -> None:
    died = backend(engine)
    end(postgres_url, died)
    with pytest.raises(DatabaseUnavailable):
        backend(engine)
    assert backend(engine) != died


def test_a_connection_is_not_asked_again_within_a_moment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    ping = engine.dialect.do_ping

    def counting(connection: object) -> bool:
        asked.append(connection)
        return ping(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(engine.dialect, "do_ping", counting)
    for _ in range(5):
        backend(engine)
    assert len(asked) <= 1
    monkeypatch.setattr(database, "BRIEFLY", 0)
    backend(engine)
    assert asked


def test_a_database_that_may_only_be_read_is_one_that_cannot_be_used(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{engine.url.database}" SET default_transaction_read_only = on'))
        connection.commit()
    engine.dispose()
    with reading(engine) as session:
        assert session.execute(text("SELECT count(*) FROM foi_case")).scalar_one() == 0
    with pytest.raises(DatabaseUnavailable, match="read-only transaction"), transaction(engine) as session:
        session.execute(text("DELETE FROM numbering"))


def test_a_table_that_we_have_no_right_to_is_told_as_such(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SET ROLE pg_monitor"))  # which every server has
        connection.commit()
    with pytest.raises(DatabaseUnavailable, match="permission denied"), reading(engine) as session:
        session.execute(text("SELECT count(*) FROM foi_case"))


def test_a_slip_of_ours_is_no_trouble_of_the_databases(engine: Engine) -> None:
    with pytest.raises(ProgrammingError), reading(engine) as session:
        session.execute(text("SELECT nothing FROM foi_case"))


def test_of_two_transactions_that_wait_for_each_other_one_is_told_that_somebody_was_quicker(engine: Engine) -> None:
    ended = text("DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$")
    with pytest.raises(SomeoneWasQuicker), transaction(engine) as session:
        session.execute(ended)

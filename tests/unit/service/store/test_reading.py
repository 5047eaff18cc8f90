"""A session for looking only: what it may not do, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select, update

from service.store.database import WritesWhileLooking, reading, snapshot, transaction
from service.store.tables import Officer
from tests.conftest import MON_JUN_3_2024

Opened = Callable[[Engine], AbstractContextManager[Session]]


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return len(session.exec(select(Officer)).all())


def add(session: Session) -> None:
    session.add(
        Officer(email="sam@council.example", name="Sam", role="officer", password_hash="", created_at=MON_JUN_3_2024)
    )
    session.flush()


def change(session: Session) -> None:
    session.execute(update(Officer).values(name="Sam"))


def speak(session: Session) -> None:
    session.execute(text("\n  delete FROM officer"))


@pytest.mark.parametrize("opened", [reading, snapshot])
@pytest.mark.parametrize("write", [add, change, speak])
def test_a_statement_that_writes_is_refused_and_nothing_is_kept(
    engine: Engine, opened: Opened, write: Callable[[Session], None]
) -> None:
    before = count(engine)
    with opened(engine) as session, pytest.raises(WritesWhileLooking):
        write(session)
    assert count(engine) == before


def test_a_transaction_may_write_on_the_connection_that_was_looked_through(engine: Engine) -> None:
    before = count(engine)
    with transaction(engine) as session:
        add(session)
    assert count(engine) == before + 1


def test_a_transaction_that_fails_after_a_look_keeps_nothing(engine: Engine) -> None:
    before = count(engine)
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        add(session)
        raise ZeroDivisionError
    assert count(engine) == before

"""Killed in the middle of two hundred mails: another goes on, and every mail is one case and one acknowledgement."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from time import monotonic

import pytest
from sqlalchemy import Engine, text

from service.store.database import open_engine
from tests.conftest import new_postgres_database
from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail, fill
from tests.system.conftest import Sink
from tests.system.installation import Installation, Running, Visitor, until

MAILS = 200
HALF = MAILS // 2
BOUND = 180  # seconds from the first mail to the last acknowledgement, on a loaded machine


def _counted(engine: Engine, words: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {words}")).scalar_one())


@pytest.fixture
def on_sqlite(desk: Installation) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{desk.folder / 'var' / 'foidesk.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def on_postgres(desk: Installation, postgres_url: str) -> Iterator[Engine]:
    url = new_postgres_database(postgres_url)
    desk.change("database", url=url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def _let_the_claims_end(engine: Engine) -> None:
    """The letter that a killed process held is its own for five minutes: have them pass."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE letter SET next_try_at = '2024-06-03 08:00:00' WHERE state = 'sending'"))


def _finish(engine: Engine, sink: Sink, running: Running) -> None:
    """Wait until every mail has its acknowledgement, whoever writes them."""
    _let_the_claims_end(engine)
    until(lambda: len(set(sink.message_ids())) >= MAILS, BOUND, running.said)
    until(lambda: _counted(engine, "letter WHERE state <> 'sent'") == 0, what=running.said)


def _nothing_lost_and_nothing_twice(engine: Engine, sink: Sink, dovecot: Dovecot, kills: int) -> None:
    assert _counted(engine, "foi_case") == MAILS
    assert _counted(engine, "(SELECT DISTINCT reference FROM foi_case) AS r") == MAILS
    assert _counted(engine, "post WHERE state = 'filed'") == _counted(engine, "post") == MAILS
    arrived = Counter(sink.message_ids())
    assert len(arrived) == MAILS
    # Only the letter whose content was under way at a kill may go once more, under the Message-ID it had.
    assert arrived.total() <= MAILS + kills
    until(lambda: dovecot.folder_content("INBOX") == [], what=lambda: dovecot.folder_content("INBOX"))
    assert len(dovecot.folder_content("FOI/Filed")) == MAILS


def _request(dovecot: Dovecot, numbers: range) -> None:
    fill(dovecot, {number: a_mail(number) for number in numbers}, datetime.now(UTC))


def test_one_process_on_sqlite(desk: Installation, on_sqlite: Engine, dovecot: Dovecot, sink: Sink) -> None:
    with desk.running("serve", "--from", "2026-01-01") as first:
        first.url()
        began = monotonic()
        _request(dovecot, range(HALF))
        until(lambda: _counted(on_sqlite, "post WHERE state = 'filed'") >= 25, what=first.said)
        first.kill()
        assert list(desk.temporary.iterdir()) != []
    _request(dovecot, range(HALF, MAILS))  # mail does not wait until somebody reads it
    with desk.running("serve") as second:
        until(lambda: len(sink.acknowledgements()) >= 50, what=second.said)
        second.kill()
    with desk.running("serve") as third:
        _finish(on_sqlite, sink, third)
        assert monotonic() - began < BOUND
        _nothing_lost_and_nothing_twice(on_sqlite, sink, dovecot, kills=2)
        assert Visitor(third.url()).health()[0] == 200
        assert third.stop() == 0
        assert "Traceback" not in third.said()
    assert list(desk.temporary.iterdir()) == []  # the killed ones' copies of mail are gone too


def test_two_workers_and_the_pages_on_postgresql(
    desk: Installation, on_postgres: Engine, dovecot: Dovecot, sink: Sink
) -> None:
    assert desk.run("migrate").returncode == 0
    with ExitStack() as running:
        pages = running.enter_context(desk.running("web"))
        leading = running.enter_context(desk.running("work", "--from", "2026-01-01"))
        until(lambda: _counted(on_postgres, "mailbox WHERE read_at IS NOT NULL"), what=leading.said)
        other = running.enter_context(desk.running("work"))
        visitor = Visitor(pages.url())
        began = monotonic()
        _request(dovecot, range(HALF))
        until(lambda: len(sink.acknowledgements()) >= 50, what=leading.said)
        leading.kill()
        _request(dovecot, range(HALF, MAILS))
        _finish(on_postgres, sink, other)
        assert monotonic() - began < BOUND
        _nothing_lost_and_nothing_twice(on_postgres, sink, dovecot, kills=1)
        assert visitor.health()[0] == 200
        assert [other.stop(), pages.stop()] == [0, 0]
        assert "Traceback" not in leading.said() + other.said() + pages.said()

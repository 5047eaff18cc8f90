"""What every test may ask for: a database of each kind, and a desk on it."""

import gc
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine, QueuePool, make_url

from service.bootstrap import open_desk
from service.desk import Desk
from service.settings import Settings
from service.store.database import open_engine
from service.store.schema import migrate
from tests.chromium import chromium  # noqa: F401 - a fixture
from tests.once import keep_what_is_compiled, statements_kept
from tests.servers import memory, need, postgres, postgres_binaries

# The kinds of tests that take long, and of them those that take longest.
LONGEST = {"system": (), "integration": ("test_a_week_in_the_mailbox", "test_poll_crashes"), "e2e": ()}
MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Have the collector of garbage pass over what lasts until the end: seven thousand tests and what they import."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_configure() -> None:
    """Let the tests' own files lie in memory: each change of a database on a disk waits for the disk."""
    if found := memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(found))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that take long: at the end one worker would wait for another that has only such left. Each kind
    of them mostly waits for servers, so each leads the share of another worker, which get equal rows of what we give.
    """
    kinds: dict[str, list[pytest.Item]] = {name: [] for name in LONGEST}
    rest: list[pytest.Item] = []
    for item in items:
        kinds.get(item.path.parent.name, rest).append(item)
    share = len(items) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items.clear()
    for name, led in kinds.items():
        led.sort(key=lambda item: item.path.stem not in LONGEST[name])
        filled = max(share - len(led), 0)
        items += [*led, *rest[:filled]]
        del rest[:filled]
    items += rest


@dataclass
class Time:
    """The tests' clock: it moves only when told to."""

    moment: datetime = MON_JUN_3_2024

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **amount: float) -> None:
        self.moment += timedelta(**amount)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """On a busy machine any count may take long; the tests' clock stands, and they look again after each act."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.kept.SLOW", timedelta(days=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, statements_kept():
        keep_what_is_compiled(patch)
        yield


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    binaries = postgres_binaries()
    need("postgres", binaries)
    assert binaries is not None
    with postgres(binaries, folder=memory()) as url:
        yield url


def new_postgres_database(url: str, template: str = "template1") -> str:
    """A database of its own on the tests' server, as empty or as full as its template."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        # Copying files takes half the time of copying by the log, which is all that servers before 15 do not know.
        how = SQL(" STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else "")
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}{}").format(Identifier(name), Identifier(template), how))
    return f"{url}/{name}"


@contextmanager
def a_postgres_database(url: str, template: str) -> Iterator[str]:
    """One that is gone afterwards: thousands of them fill a disk, and deleting them all at the end takes minutes."""
    made = new_postgres_database(url, template)
    yield made
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(made.rpartition("/")[2])))


def _migrated(url: str) -> str:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()  # a template must have no connections, and a copied file no journal
    return url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database: copying it is ten times quicker than migrating anew."""
    return _migrated(new_postgres_database(postgres_url)).rpartition("/")[2]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "foidesk.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    copyfile(sqlite_template, tmp_path / "foidesk.db")
    return f"sqlite:///{tmp_path / 'foidesk.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of each kind."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    url, template = (request.getfixturevalue(name) for name in ("postgres_url", "postgres_template"))
    with a_postgres_database(url, template) as made:
        yield made


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    # A session used after its end opens another connection, which would be told of at random and in another test.
    assert not isinstance(engine.pool, QueuePool) or engine.pool.checkedout() == 0
    engine.dispose()


def council_settings(folder: Path, **sections: dict[str, Any]) -> Settings:
    """Settings of an invented council; `sections` add to or replace their words."""
    words: dict[str, Any] = {
        "authority": {"name": "Anytown Borough Council"},
        "mailbox": {
            "address": "foi@anytown.example",
            "host": "127.0.0.1",
            "security": "none",
            "user": "foi",
            "password": "x",
        },
        "smtp": {"host": "127.0.0.1", "security": "none", "pace_seconds": 0},
        "database": {"url": f"sqlite:///{folder / 'foidesk.db'}"},
        "secret_file": folder / "secret",
        "team": {"address": "team@anytown.example"},
        "web": {"secure_cookies": False},
    }
    for name, section in sections.items():
        words[name] = words.get(name, {}) | section if isinstance(section, dict) else section
    return Settings.model_validate(words)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return council_settings(tmp_path)


@pytest.fixture
def desk(engine: Engine, settings: Settings, time: Time) -> Desk:
    """A desk on each kind of database, whose clock is `time`."""
    return replace(open_desk(settings, time.now), engine=engine)


@pytest.fixture
def sqlite_desk(sqlite_url: str, settings: Settings, time: Time) -> Iterator[Desk]:
    """A desk on SQLite only, for what does not depend on the database."""
    desk = open_desk(settings, time.now)
    assert desk.engine.url == make_url(sqlite_url)
    yield desk
    desk.engine.dispose()

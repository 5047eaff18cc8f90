"""One engine recipe for both databases, and the two ways a door may open a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlmodel import Session

from service.errors import DeskError

READONLY = "foidesk_readonly"
LOOKS = ("SELECT", "WITH", "BEGIN")  # what a statement of a session for looking only begins with
# PostgreSQL's codes: it may only be read, as after a failover or where a provider's storage is full; the user of
# [database] url has no right, as after a restore by another user.
REFUSALS = ("25006", "42501")
CROSSED = ("40001", "40P01")  # PostgreSQL ends one of two transactions that get in each other's way
LAST_USED, BRIEFLY = "foidesk_last_used", 1.0  # seconds


class DatabaseUnavailable(DeskError):
    """The database at {where} cannot be used: {reason}. Check [database] url, that the server runs and that the disk
    has room; nothing was lost."""


class NotUtf8(DatabaseUnavailable):
    """The database at {where} cannot be used: {reason}. {advice}"""


class NoDatabaseUrl(DeskError):
    """[database] url cannot be read: its port is no number. Write postgresql://user:password@host:5432/name, and in the
    password %40 for @, %3A for : and %2F for /."""


class WritesWhileLooking(Exception):
    """A session for looking only was given a statement that writes: a fault of this program."""


class SomeoneWasQuicker(DeskError):
    """Someone else changed the same case or mail at the same moment: look at it again, then repeat what you did."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://...`, connected at first use.

    Raises NoDatabaseUrl.
    """
    parsed = _read_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            hide_parameters=True,  # an exception must not carry a requester's words
        )
        _require_utf8(engine)
        event.listen(engine, "connect", _prepare_postgres)
        _ping_what_was_idle(engine)
        _refuse_writes(engine)
        return engine
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        event.listen(engine, "do_connect", lambda *_: _make_file(path, url))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _refuse_writes(engine)
    return engine


def _read_url(url: str) -> URL:
    try:
        return make_url(url)
    except ValueError:
        raise NoDatabaseUrl from None  # its text would show a part of the password


def _require_utf8(engine: Engine) -> None:
    """Let no connection be to a database that cannot hold what people write."""

    def look(connection: Any, _record: object) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding == "UTF8":
            return
        connection.close()
        raise NotUtf8(
            where=engine.url.render_as_string(hide_password=True),
            reason=f"its encoding is {encoding}, which does not hold all that people write",
            advice="Make one with CREATE DATABASE foidesk ENCODING 'UTF8' TEMPLATE template0; [database] url names it.",
        )

    # Before SQLAlchemy's own first look, which already fails at what SQL_ASCII answers.
    event.listen(engine, "connect", look, insert=True)


def _prepare_postgres(connection: Any, _record: object) -> None:
    # To compile a plan takes longer than our statements do; and a plan made for any value reads, for a word that every
    # mail has, what is right for a rare one.
    connection.autocommit = True
    connection.execute("SET jit = off; SET plan_cache_mode = force_custom_plan")
    connection.autocommit = False


def _ping_what_was_idle(engine: Engine) -> None:
    """Ask a connection that lay unused whether its server is still there; a page uses one several times in a moment,
    and SQLAlchemy's own pool_pre_ping would ask each time."""

    def note(_connection: Any, record: Any) -> None:
        record.info[LAST_USED] = monotonic()

    def ping(connection: Any, record: Any, _proxy: object) -> None:
        if monotonic() - record.info.get(LAST_USED, 0) < BRIEFLY:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool opens another, and throws those that are as old away

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ping)


def _make_file(path: Path, url: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # requesters' mail is in it; SQLite gives its other files the same rights
    except OSError as error:
        raise DatabaseUnavailable(where=url, reason=error.strerror) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy, not sqlite3, shall say BEGIN: sqlite3 begins only at the first write, which deadlocks two writers.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",  # in WAL, "normal" may lose a committed mail to a power cut after the mailbox was tidied
        "foreign_keys=on",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    readonly = connection.get_execution_options().get(READONLY)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits when its block ends well and rolls back when it does not.

    Raises DatabaseUnavailable when the database cannot be reached or written, is locked or its disk is full, and
    SomeoneWasQuicker when two transactions wanted to write the same next thing, or waited for each other.
    """
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError as error:
        raise SomeoneWasQuicker from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in CROSSED:
            raise SomeoneWasQuicker from error
        _raise_if_unavailable(engine, error)
        raise


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """A part of a transaction that is undone alone when its block raises; the session then reads everything anew."""
    try:
        with session.begin_nested():
            yield
    except DeskError:
        session.expire_all()
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for looking only: it takes no lock of SQLite's writers, and a statement that writes is refused."""
    # PostgreSQL's statements see each its own moment, in a transaction or not: two messages less for each session.
    with _looking(engine, "AUTOCOMMIT") as session:
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A session for looking only, all of whose queries see the database as it stood at the first."""
    with _looking(engine, "REPEATABLE READ") as session:
        yield session


def writes(session: Session) -> bool:
    """Whether a session is for more than looking."""
    return READONLY not in session.get_bind().get_execution_options()


@contextmanager
def _looking(engine: Engine, on_postgres: str) -> Iterator[Session]:
    try:
        with Session(_for_looking(engine, on_postgres), expire_on_commit=False) as session:
            yield session
    except DBAPIError as error:
        _raise_if_unavailable(engine, error)
        raise


@lru_cache(maxsize=16)  # a page asks for it five times, and a desk has one engine
def _for_looking(engine: Engine, on_postgres: str) -> Engine:
    # SQLite's transactions see one moment by themselves.
    level = {"isolation_level": on_postgres} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(**{READONLY: True}, **level)


def _refuse_writes(engine: Engine) -> None:
    """A slip that writes while looking must fail where it is made: SQLite would lose it, PostgreSQL might keep it."""

    def look(_c: object, _cursor: object, statement: str, _p: object, context: Any, _many: bool) -> None:
        if not context.execution_options.get(READONLY):
            return
        compiled = context.compiled
        writes = (compiled.isinsert or compiled.isupdate or compiled.isdelete) if compiled else False
        if writes or not statement.lstrip(" \n(").upper().startswith(LOOKS):
            raise WritesWhileLooking

    event.listen(engine, "before_cursor_execute", look)


@contextmanager
def telling(engine: Engine) -> Iterator[None]:
    """Raise DatabaseUnavailable for anything the database refuses: for work on the schema, outside the sessions."""
    try:
        yield
    except DBAPIError as error:
        raise _unavailable(engine, error) from error


def _raise_if_unavailable(engine: Engine, error: DBAPIError) -> None:
    """Raise DatabaseUnavailable where it is the database that fails, or refuses us, and not our statement."""
    if isinstance(error, OperationalError) or getattr(error.orig, "sqlstate", None) in REFUSALS:
        raise _unavailable(engine, error) from error


def _unavailable(engine: Engine, error: DBAPIError) -> DatabaseUnavailable:
    # The driver's own words only: SQLAlchemy's text would add the statement and its parameters, personal data included.
    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
    return DatabaseUnavailable(where=engine.url.render_as_string(hide_password=True), reason=reason)

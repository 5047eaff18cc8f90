"""One leader at a time over all processes of a desk: only the leader runs the timetable.

PostgreSQL holds it as a session advisory lock, SQLite as a lock on a file beside the database; both are let go by the
system when the process dies. A lock on a file does not hold over network file systems: with SQLite, one host.
"""

import fcntl
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

LOCK_NUMBER = 0x464F49  # "FOI"


class Leadership(Protocol):
    """A claim to lead."""

    def try_lead(self) -> bool:
        """Lead if nobody else does; True as long as we are the leader."""

    def still(self) -> bool:
        """Whether we are the leader now, asked of whoever keeps the lock."""

    def resign(self) -> None:
        """Let another lead."""


def leadership(engine: Engine) -> Leadership:
    """The claim to lead for a database."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine)
    return FileLock(Path(f"{engine.url.database}.leader"))


class FileLock:
    """Leads while it holds an exclusive lock on a file (flock)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def try_lead(self) -> bool:
        if self._file is not None:
            return True
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def still(self) -> bool:
        return self._file is not None

    def resign(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLock:
    """Leads while its own connection holds a session advisory lock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def try_lead(self) -> bool:
        if self.still():
            return True
        try:
            connection = self._engine.connect()
        except DBAPIError:
            return False
        if connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": LOCK_NUMBER}).scalar():
            self._connection = connection
            return True
        connection.close()
        return False

    def still(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._connection.invalidate()
            self._connection = None
            return False
        return True

    def resign(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

"""One leader at a time over all processes of a desk: only the leader runs the timetable.

PostgreSQL holds it as a session advisory lock, SQLite as a lock on a file beside the database; both are let go by the
system when the process dies. A lock on a file does not hold over network file systems: with SQLite, one host.
"""

import fcntl
import logging
from pathlib import Path
from threading import Lock
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from service.errors import DeskError
from service.store.database import DatabaseUnavailable, telling

log = logging.getLogger(__name__)
LOCK_NUMBER = 0x464F49  # "FOI"


class CannotLead(DeskError):
    """The file {path} cannot be used: {reason}. Without it nobody reads the mailbox: give it, and the folder it lies
    in, to the user that the desk runs as."""


class Leadership(Protocol):
    """A claim to lead."""

    def try_lead(self) -> bool:
        """Lead if nobody else does; True as long as we are the leader."""

    def still(self) -> bool:
        """Whether we are the leader now, asked of whoever keeps the lock."""

    def resign(self) -> None:
        """Let another lead."""


def leadership(engine: Engine) -> Leadership:
    """The claim to lead for a database; raises CannotLead."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine)
    return FileLock(Path(f"{engine.url.database}.leader"))


class FileLock:
    """Leads while it holds an exclusive lock on a file (flock)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._open().close()  # a desk that could never lead must not start as if it would

    def _open(self) -> IO[str]:
        try:
            return self._path.open("a")
        except OSError as error:
            raise CannotLead(path=self._path, reason=error.strerror) from error

    def try_lead(self) -> bool:
        if self._file is not None:
            return True
        try:
            file = self._open()  # anew each time: it may have been replaced
        except CannotLead as error:
            log.error("%s", error)
            return False
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
    """Leads while its own connection holds a session advisory lock; the threads of the timetable share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._alone = Lock()
        self._told = False

    def try_lead(self) -> bool:
        with self._alone:
            return self._leads() or self._takes_over()

    def still(self) -> bool:
        with self._alone:
            return self._leads()

    def _takes_over(self) -> bool:
        try:
            with telling(self._engine):
                connection = self._engine.connect()
        except DatabaseUnavailable as error:
            # No job runs until it is back, so that none would tell; and each would ask every few seconds.
            if not self._told:
                log.error("%s", error)
            self._told = True
            return False
        self._told = False
        try:
            if connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": LOCK_NUMBER}).scalar():
                self._connection = connection
                return True
        except DBAPIError:  # the server goes down at this moment
            connection.invalidate()
        connection.close()
        return False

    def _leads(self) -> bool:
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
        with self._alone:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

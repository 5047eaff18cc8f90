"""The composition root: settings make a desk; the only reader of the wall clock."""

import gc
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile

import templates
from service.desk import Desk
from service.domain.calendars import load_calendars
from service.errors import DeskError
from service.letters import Stationery
from service.servers import is_there, read_secret
from service.settings import Settings
from service.store.almanac import Almanac
from service.store.database import open_engine

log = logging.getLogger(__name__)
SHORTEST_SECRET = 32  # characters

WORDING = Path(templates.__file__).parent


class SecretUnwritable(DeskError):
    """The secret file {path} cannot be made: {reason}. Give its folder to the user that the desk runs as, or name
    another as secret_file."""


class SecretTooShort(DeskError):
    """The secret in {path} has fewer than {least} characters, so that it could be guessed. Put it back from your
    backup; if there never was another, delete the file and the desk makes one."""


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def keep_what_is_loaded() -> None:
    """Take what a long-running process has loaded for good out of the search for garbage.

    A full search comes every dozen pages, and would go through some hundred thousand objects that are never garbage:
    150 ms in which no page is answered.
    """
    gc.collect()
    gc.freeze()


def open_desk(settings: Settings, now: Callable[[], datetime] = utc_now, *, secret: bytes | None = None) -> Desk:
    """A desk on these settings; connects to nothing yet; makes the secret on its first start, unless told one."""
    return Desk(
        settings=settings,
        engine=open_engine(settings.database.url),
        almanac=Almanac(load_calendars(settings.school.closures)),
        stationery=Stationery(WORDING, settings.templates),
        secret=_secret(settings.secret_file) if secret is None else secret,
        now=now,
    )


def _secret(path: Path) -> bytes:
    if not is_there(path):
        try:
            _make_secret(path)
        except OSError as error:
            raise SecretUnwritable(path=path, reason=error.strerror) from error
        log.info("made a new secret in %s; keep it with your backups", path)
    secret = read_secret(path).encode()
    if len(secret) < SHORTEST_SECRET:
        raise SecretTooShort(path=path, least=SHORTEST_SECRET)
    return secret


def _make_secret(path: Path) -> None:
    """Write a secret whole or not at all: where the disk is full, or two processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-", encoding="utf-8") as out:  # for us alone
        out.write(token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())
        with suppress(FileExistsError):  # of two at once the second reads the first one's
            os.link(out.name, path)

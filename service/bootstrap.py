"""The composition root: settings make a desk; the only reader of the wall clock."""

import gc
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import templates
from service.desk import Desk
from service.domain.calendars import load_calendars
from service.letters import Stationery
from service.servers import read_secret
from service.settings import Settings
from service.store.almanac import Almanac
from service.store.database import open_engine

log = logging.getLogger(__name__)

WORDING = Path(templates.__file__).parent


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


def open_desk(settings: Settings, now: Callable[[], datetime] = utc_now) -> Desk:
    """A desk on these settings; connects to nothing yet, and makes the secret on its first start."""
    return Desk(
        settings=settings,
        engine=open_engine(settings.database.url),
        almanac=Almanac(load_calendars(settings.school.closures)),
        stationery=Stationery(WORDING, settings.templates),
        secret=_secret(settings.secret_file),
        now=now,
    )


def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Exclusive: of two processes starting at once, one writes and both read the same secret.
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return read_secret(path).encode()
        with os.fdopen(file, "w", encoding="utf-8") as out:
            out.write(token_hex(32) + "\n")
        log.info("made a new secret in %s; keep it with your backups", path)
    return read_secret(path).encode()

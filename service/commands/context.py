"""What the commands share: the desk of the chosen settings file, and a place for its temporary files."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from pathlib import Path
from shutil import rmtree
from typing import Any

import click

from mail.reader import Reader
from service.bootstrap import open_desk
from service.desk import Desk
from service.errors import DeskError
from service.servers import is_there
from service.settings import Settings, read_settings
from service.store.correspondence import has_letters
from service.store.database import open_engine, reading
from service.store.schema import migrate, require_current, stands_at

TEMPORARY = "foidesk-spool-"


class SecretLost(DeskError):
    """The secret file {path} is not there, and the database holds letters that are sealed with it: put it back from
    your backup. If it is lost for good, write a new one into the file (`openssl rand -hex 32`): then answers to those
    letters are known by their reference alone, and everybody signs in again."""


def ready_desk(config: Path | None) -> Desk:
    """The desk, its database prepared: a new one is made, an older one refused with SchemaBehind.

    Raises SecretLost.
    """
    settings = read_settings(config)
    require_secret(settings)
    desk = open_desk(settings)
    if stands_at(desk.engine) == "none":
        migrate(desk.engine)
    require_current(desk.engine)
    with reading(desk.engine) as session:
        desk.almanac.refresh(session)
    return desk


def require_secret(settings: Settings) -> None:
    """Refuse to make a new secret for a desk that has sealed letters with another; raises SecretLost."""
    if is_there(settings.secret_file):
        return
    engine = open_engine(settings.database.url)
    try:
        with reading(engine) as session:
            lost = stands_at(engine) != "none" and has_letters(session)
    finally:
        engine.dispose()
    if lost:
        raise SecretLost(path=settings.secret_file)


def with_desk(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a click command the prepared desk as its first argument, and close its database when the command ends."""

    @click.pass_obj
    def run(config: Path | None, *args: Any, **options: Any) -> Any:
        desk = ready_desk(config)
        try:
            return command(desk, *args, **options)
        finally:
            desk.engine.dispose()

    return update_wrapper(run, command)


@contextmanager
def open_reader(settings: Settings) -> Iterator[Reader]:
    """A reader of mail, with a folder of its own for the files that it takes out."""
    with _temporary_folder() as folder, Reader(folder / "spool", settings.own) as reader:
        yield reader


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """A folder for every temporary file of this process; whoever starts next clears away those of a killed one.

    Else parts of requesters' mail would stay on the disk for ever.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        with _locked(left) as free:
            if free:
                rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY) as name, _locked(Path(name)):
        before, tempfile.tempdir = tempfile.tempdir, name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = before


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether the folder is ours and no living process holds it; if so, we hold it until the block's end."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        yield os.fstat(handle).st_uid == os.geteuid() and _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""What the commands share: the desk of the chosen settings file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from mail.reader import Reader
from service.bootstrap import open_desk
from service.desk import Desk
from service.settings import Settings, read_settings
from service.store.schema import migrate, require_current, stands_at


def ready_desk(config: Path | None) -> Desk:
    """The desk, its database prepared: a new one is made, an older one refused with SchemaBehind."""
    desk = open_desk(read_settings(config))
    if stands_at(desk.engine) == "none":
        migrate(desk.engine)
    require_current(desk.engine)
    return desk


def with_desk(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand a click command the prepared desk as its first argument."""

    @click.pass_obj
    def run(config: Path | None, *args: Any, **options: Any) -> Any:
        return command(ready_desk(config), *args, **options)

    return update_wrapper(run, command)


@contextmanager
def open_reader(settings: Settings) -> Iterator[Reader]:
    """A reader of mail, with a folder of its own for the files that it takes out."""
    with TemporaryDirectory(prefix="foidesk-spool-") as spool, Reader(Path(spool), settings.mailbox.own) as reader:
        yield reader

"""A worker that is killed at a step of its work, as a power cut would: no handler runs, nothing is tidied."""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mail.deliver import deliver_outbox
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.bootstrap import open_desk
from service.errors import DeskError
from service.settings import Settings
from service.store.database import open_engine

MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)
SAT_JUN_1_2024 = datetime(2024, 6, 1, tzinfo=UTC)
# Each step: the function at which it happens, and whether death comes before or after it.
INTAKE = {
    "fetched": ("mail.poll._store", "before"),
    "stored": ("mail.poll._store", "after"),
    "parsed": ("mail.take_in._settle_together", "before"),
    "in the transaction": ("mail.take_in._receive", "after"),
    "committed": ("mail.take_in._settle_together", "after"),
    "moved": ("mail.poll._tidy", "after"),
}
SENDING = {
    "claimed": ("mail.deliver._submit", "before"),
    "handed over": ("mail.deliver._submit", "after"),
    "settled": ("mail.deliver._settle", "after"),
}
STEPS = INTAKE | SENDING


def die_at(step: str, times: int) -> None:
    """Have this process killed when it comes to a step for the so-manyth time."""
    path, when = STEPS[step]
    module, _, name = path.rpartition(".")
    home = import_module(module)
    setattr(home, name, _deadly(getattr(home, name), when, times))


def _deadly(function: Callable[..., Any], when: str, times: int) -> Callable[..., Any]:
    calls = count(1)

    def call(*words: Any, **named: Any) -> Any:
        last = next(calls) == times
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*words, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


def work(words: str, step: str, times: str) -> None:
    """Poll once and send what waits, unless death comes before; trouble of a server is for the next worker."""
    settings = Settings.model_validate(json.loads(words))
    desk = replace(open_desk(settings, lambda: MON_JUN_3_2024), engine=open_engine(settings.database.url))
    if step:
        die_at(step, int(times))
    with TemporaryDirectory() as spool, Reader(Path(spool), settings.mailbox.own) as reader:
        try:
            poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
            deliver_outbox(desk, limit=1000)
        except DeskError as trouble:
            sys.stdout.write(f"{trouble}\n")


if __name__ == "__main__":
    work(*sys.argv[1:])

"""The scan before release: a file is looked into in a child process that may use only so much memory and time."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from service.release.child import OUT_OF_MEMORY
from service.release.found import Found, cannot

log = logging.getLogger(__name__)
_AT_ONCE = BoundedSemaphore(2)  # of the server's memory, a few large files take much

HOME = Path(__file__).resolve().parents[2]  # what `service` is imported from
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from service.release.child import answer; answer(sys.argv[2:])"
_INHERITED = ("LD_LIBRARY_PATH", "TMPDIR")  # of the environment; passwords may stand in the rest
_TOO_LONG = "It takes too long to look into safely. Split it into smaller files, or save its sheets as CSV."
_TOO_LARGE = "It takes too much memory to look into safely. Split it into smaller files."
_FAULTY = "It could not be looked into: it is damaged, or the desk has a fault."


@dataclass(frozen=True, slots=True)
class Limits:
    """What looking into one file may use; memory is the child's whole address space."""

    memory_mb: int = 1536
    cpu_seconds: int = 90
    wall_seconds: float = 120.0


def scan(name: str, content: bytes, limits: Limits = Limits()) -> tuple[Found, ...]:
    """What a file holds that its reader does not see, serious things first; nothing when it looks clean.

    Whatever the file is, this returns: what cannot be judged is told as found.
    """
    with _AT_ONCE:
        return _scanned(name, content, limits)


def _scanned(name: str, content: bytes, limits: Limits) -> tuple[Found, ...]:
    command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(HOME)]
    allowed = [str(limits.memory_mb), str(limits.cpu_seconds)]
    environment = {one: os.environ[one] for one in _INHERITED if one in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter and our own words
            [*command, *allowed],
            input=json.dumps(name).encode() + b"\n" + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return (cannot(_TOO_LONG),)
    if done.returncode != 0:
        return (cannot(_why(done.returncode)),)
    return _read(done.stdout)


def serious(found: Sequence[Found]) -> bool:
    """Whether any of it needs a reason before the file may go out."""
    return any(one.serious for one in found)


def _read(answer: bytes) -> tuple[Found, ...]:
    try:
        words = json.loads(answer)
        found = [Found.read(one) for one in words["found"]]
    except (ValueError, KeyError, TypeError):
        return (cannot(_FAULTY),)
    if words["fault"]:
        log.error("the scan before release has a fault: %s", words["fault"])
        found.append(cannot(_FAULTY))
    return tuple(sorted(found, key=lambda one: not one.serious))


def _why(status: int) -> str:
    log.warning("a file could not be looked into: its reader ended with %d", status)
    if status == -signal.SIGXCPU:
        return _TOO_LONG
    return _TOO_LARGE if status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGSEGV) else _FAULTY

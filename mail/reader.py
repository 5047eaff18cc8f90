"""The guarded reader: mail is parsed in a child process that may use only so much memory, processor and time."""

import contextlib
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fcntl import F_SETPIPE_SZ, fcntl
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

from mail.frames import LENGTH, LONGEST, pack, read_message, unpack
from mail.parse import LARGEST
from mail.reader_child import OUT_OF_MEMORY
from mail.unreadable import BY_HAND
from service.domain.message import IncomingMessage, Unreadable
from service.errors import DeskError

log = logging.getLogger(__name__)

HOME = Path(__file__).resolve().parent.parent  # what `mail` and `service` are imported from
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from mail.reader_child import serve; serve(int(sys.argv[2]))"
_INHERITED = ("LD_LIBRARY_PATH", "TMPDIR")  # of the environment; passwords may stand in the rest
_TOO_LONG = f"The message took too long to read safely. {BY_HAND}"
_TOO_LARGE = f"The message took too much memory to read safely. {BY_HAND}"
_FAULTY = f"The message could not be read: a fault of ours. {BY_HAND}"
ANSWERS = 1 << 20  # bytes of answers that the child can have ready before we listen
AHEAD = 64  # requests that surely fit into a pipe's 64 kB together
_START_SECONDS = 30.0  # for a child's first answer on a busy machine, beside the wall clock limit


class ChildLostError(DeskError):
    """The reading process was lost: {reason}"""

    @property
    def blameless(self) -> bool:
        """Whether somebody else may have ended the child: then the mail deserves a second try."""
        return bool(self.particulars.get("killed"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may use; memory is the child's whole address space."""

    memory_mb: int = 768
    cpu_seconds: int = 10
    wall_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of a message, its content key, and the folder its files wait in until Reader.discard."""

    message: IncomingMessage | Unreadable
    content_key: str
    folder: Path


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message the child is asked for: its place in a file, and the folder for what it takes out."""

    path: Path
    start: int
    size: int
    folder: Path

    @property
    def small(self) -> bool:
        return self.size <= LARGEST


class Reader:
    """Reads mail in a child process, started at the first message and again whenever one was its end; thread-safe."""

    def __init__(
        self, spool: Path, own_addresses: frozenset[str] = frozenset(), *, limits: Limits | None = None
    ) -> None:
        self._spool = spool.resolve()
        self._own_addresses = sorted(own_addresses)
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._waiting = 0  # answers that the child still owes
        self._grace = 0.0

    def read(self, raw: bytes | Path) -> Reading:
        """Read a message from its bytes or from a file; whatever is in it, a Reading comes back."""
        with self.ahead([raw]) as readings:
            return readings()[0]

    @contextmanager
    def ahead(self, mails: Sequence[bytes | Path]) -> Iterator[Callable[[], list[Reading]]]:
        """Have the child read some mails while the caller does other work; calling what is given waits for them.

        The requests are written at once, so that neither process waits for the other between two mails. They must be
        few enough for a pipe: AHEAD. Other threads wait for the end of the block.
        """
        assert len(mails) <= AHEAD
        with self._lock:
            self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
            spool = self._spool / f"{token_hex(8)}.eml"
            try:
                asked = self._asked(mails, spool)
                self._send([self._request(one) for one in asked if one.small])
                yield lambda: self._collect(asked)
            finally:
                if self._waiting:
                    self._end()  # its answers belong to nobody now
                spool.unlink(missing_ok=True)

    def discard(self, reading: Reading) -> None:
        """Remove the files of a reading from the spool."""
        if reading.folder.parent == self._spool:
            shutil.rmtree(reading.folder, ignore_errors=True)

    def close(self) -> None:
        """End the child; the next read starts another."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, mails: Sequence[bytes | Path], spool: Path) -> list[_Asked]:
        """What the child is asked for; the bytes go into one file: to make one costs as much as to parse a mail."""
        spool.write_bytes(b"".join(raw for raw in mails if isinstance(raw, bytes)))
        asked, start = [], 0
        for raw in mails:
            folder = self._spool / token_hex(8)
            if isinstance(raw, Path):
                asked.append(_Asked(raw.resolve(), 0, raw.stat().st_size, folder))
            else:
                asked.append(_Asked(spool, start, len(raw), folder))
                start += len(raw)
        return asked

    def _collect(self, asked: list[_Asked]) -> list[Reading]:
        return [self._reading(one) for one in asked]

    def _reading(self, one: _Asked) -> Reading:
        if not one.small:
            return self._read_header(one, f"The message is larger than {LARGEST // 10**6} MB. {BY_HAND}")
        try:
            answer = self._answered(one)
        except ChildLostError as fault:
            log.warning("a message was not read in full: %s", fault.particulars["reason"])
            shutil.rmtree(one.folder, ignore_errors=True)
            return self._read_header(one, str(fault.particulars["reason"]))
        return Reading(read_message(answer["message"]), answer["content_key"], one.folder)

    def _answered(self, one: _Asked) -> dict[str, Any]:
        if self._waiting:
            try:
                return self._answer()
            except ChildLostError as fault:
                if not fault.particulars["killed"]:
                    raise
                shutil.rmtree(one.folder, ignore_errors=True)  # killed by another's hand, so it is asked for once more
        self._send([self._request(one)])
        return self._answer()

    def _read_header(self, one: _Asked, reason: str) -> Reading:
        """For a message that cannot be read whole: who sent it and about what, so that an officer can find it."""
        if self._waiting:
            self._end()  # it has been asked for others, which are then asked for again
        with _alone(one) as mail:
            try:
                self._send([self._request(mail, header_only=True)])
                answer = self._answer()
            except ChildLostError:
                with mail.path.open("rb") as file:
                    return Reading(Unreadable(reason), file_digest(file, "sha256").hexdigest(), one.folder)
        message = read_message(answer["message"])
        assert isinstance(message, Unreadable)
        return Reading(replace(message, reason=reason), answer["content_key"], one.folder)

    def _request(self, one: _Asked, *, header_only: bool = False) -> bytes:
        return pack(
            {
                "path": str(one.path),
                "start": one.start,
                "size": one.size,
                "folder": str(one.folder),
                "own_addresses": self._own_addresses,
                "cpu_seconds": self._limits.cpu_seconds,
                "header_only": header_only,
            }
        )

    def _send(self, requests: list[bytes]) -> None:
        started = self._child is not None and self._child.poll() is None
        self._grace = 0.0 if started else _START_SECONDS
        child = self._running()
        assert child.stdin is not None
        self._waiting += len(requests)
        with contextlib.suppress(OSError):  # it has died: why is learnt where its answer is missing
            child.stdin.write(b"".join(requests))

    def _answer(self) -> dict[str, Any]:
        child = self._child
        assert child is not None
        assert child.stdout is not None
        until = monotonic() + self._limits.wall_seconds + self._grace
        try:
            length = LENGTH.unpack(_read_exactly(child.stdout, LENGTH.size, until))[0]
            if length > LONGEST:
                raise ChildLostError(reason=_TOO_LARGE, killed=False)
            answer = unpack(_read_exactly(child.stdout, length, until))
        except (OSError, EOFError, TimeoutError, ValueError, ChildLostError) as fault:
            self._end()
            if isinstance(fault, ChildLostError):
                raise
            killed = isinstance(fault, EOFError) and child.returncode == -signal.SIGKILL
            raise ChildLostError(reason=_why(fault, child.returncode), killed=killed) from fault
        self._waiting -= 1
        self._grace = 0.0
        if "fault" in answer:
            log.error("the mail reader has a fault: %s", answer["fault"])
            raise ChildLostError(reason=_FAULTY, killed=False)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(HOME), str(self._limits.memory_mb)]
            environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
            self._child = subprocess.Popen(  # noqa: S603 our own interpreter and our own words
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd="/", bufsize=0
            )
            assert self._child.stdout is not None
            with contextlib.suppress(OSError):  # a system may allow less: then the child waits for us now and then
                fcntl(self._child.stdout, F_SETPIPE_SZ, ANSWERS)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        self._waiting = 0
        if child is None:
            return
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.close()  # an idle one leaves; one that is dying already tells why
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.2)
        child.kill()
        child.wait()
        child.stdout.close()


@contextmanager
def _alone(one: _Asked) -> Iterator[_Asked]:
    """A message in a file that holds no other."""
    if one.path.stat().st_size == one.size:
        yield one
        return
    path = one.folder.with_suffix(".eml")
    with one.path.open("rb") as file:
        file.seek(one.start)
        path.write_bytes(file.read(one.size))
    try:
        yield replace(one, path=path, start=0)
    finally:
        path.unlink()


def _read_exactly(pipe: IO[bytes], size: int, until: float) -> bytes:
    """`size` bytes; raises TimeoutError when they are not there in time, EOFError when the writer has gone."""
    poller = select.poll()
    poller.register(pipe, select.POLLIN)
    data = bytearray()
    while len(data) < size:
        if not poller.poll(max(0.0, until - monotonic()) * 1000):
            raise TimeoutError
        piece = os.read(pipe.fileno(), min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def _why(fault: Exception, status: int | None) -> str:
    if isinstance(fault, TimeoutError) or status == -signal.SIGXCPU:
        return _TOO_LONG
    return _TOO_LARGE if status in (OUT_OF_MEMORY, -signal.SIGKILL, -signal.SIGSEGV) else _FAULTY

"""The guarded reader: mail is parsed in a child process that may use only so much memory, processor and time."""

import contextlib
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
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

    def read(self, raw: bytes | Path) -> Reading:
        """Read a message from its bytes or from a file; whatever is in it, a Reading comes back."""
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._spool / token_hex(8)
        if isinstance(raw, Path):
            return self._read_file(raw, folder)
        path = folder.with_suffix(".eml")
        try:
            path.write_bytes(raw)
            return self._read_file(path, folder)
        finally:
            path.unlink(missing_ok=True)

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

    def _read_file(self, path: Path, folder: Path) -> Reading:
        with self._lock:
            if path.stat().st_size > LARGEST:
                return self._read_header(path, folder, f"The message is larger than {LARGEST // 10**6} MB. {BY_HAND}")
            try:
                answer = self._ask_twice(path, folder)
            except ChildLostError as fault:
                log.warning("a message was not read in full: %s", fault.particulars["reason"])
                shutil.rmtree(folder, ignore_errors=True)
                return self._read_header(path, folder, str(fault.particulars["reason"]))
        return Reading(read_message(answer["message"]), answer["content_key"], folder)

    def _ask_twice(self, path: Path, folder: Path) -> dict[str, Any]:
        try:
            return self._ask(path, folder)
        except ChildLostError as fault:
            if not fault.blameless:
                raise
        return self._ask(path, folder)

    def _read_header(self, path: Path, folder: Path, reason: str) -> Reading:
        """For a message that cannot be read whole: who sent it and about what, so that an officer can find it."""
        try:
            answer = self._ask(path, folder, header_only=True)
        except ChildLostError:
            with path.open("rb") as file:
                return Reading(Unreadable(reason), file_digest(file, "sha256").hexdigest(), folder)
        message = read_message(answer["message"])
        assert isinstance(message, Unreadable)
        return Reading(replace(message, reason=reason), answer["content_key"], folder)

    def _ask(self, path: Path, folder: Path, *, header_only: bool = False) -> dict[str, Any]:
        started = self._child is not None and self._child.poll() is None
        seconds = self._limits.wall_seconds + (0 if started else _START_SECONDS)
        request = pack(
            {
                "path": str(path.resolve()),
                "folder": str(folder),
                "own_addresses": self._own_addresses,
                "cpu_seconds": self._limits.cpu_seconds,
                "header_only": header_only,
            }
        )
        answer = self._exchange(request, monotonic() + seconds)
        if "fault" in answer:
            log.error("the mail reader has a fault: %s", answer["fault"])
            raise ChildLostError(reason=_FAULTY)
        return answer

    def _exchange(self, request: bytes, until: float) -> dict[str, Any]:
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(request)
            child.stdin.flush()
            length = LENGTH.unpack(_read_exactly(child.stdout, LENGTH.size, until))[0]
            if length > LONGEST:
                raise ChildLostError(reason=_TOO_LARGE)
            return unpack(_read_exactly(child.stdout, length, until))
        except (OSError, EOFError, TimeoutError, ValueError) as fault:
            self._end()
            killed = child.returncode in (-signal.SIGKILL, -signal.SIGTERM) and not isinstance(fault, TimeoutError)
            raise ChildLostError(reason=_why(fault, child.returncode), killed=killed) from fault

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(HOME), str(self._limits.memory_mb)]
            environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
            self._child = subprocess.Popen(  # noqa: S603 our own interpreter and our own words
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd="/", bufsize=0
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
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

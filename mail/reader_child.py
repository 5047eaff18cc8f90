"""The child process that parses: it may be slow, greedy or killed, and nothing of ours is lost with it."""

import contextlib
import logging
import os
import resource
import signal
import time
from math import ceil
from pathlib import Path
from traceback import extract_tb
from typing import IO, Any

from mail.attachments import File
from mail.content_key import content_key, key_of_file
from mail.frames import LENGTH, pack, unpack, write_message
from mail.parse import Dissected, dissect, read_header
from service.domain.message import Unreadable

OUT_OF_MEMORY = 3  # exit status
HEADER_BYTES = 64 * 1024


def serve(memory_mb: int) -> None:
    """Answer one frame after another until the parent closes the pipe, within `memory_mb` of address space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())  # it logs what it throws, with what it read
    logging.getLogger("flufl.bounce").propagate = False
    requests, answers = _channel()
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold someone's mail
    with contextlib.suppress(BrokenPipeError), requests, answers:
        while len(length := requests.read(LENGTH.size)) == LENGTH.size:
            request = unpack(requests.read(LENGTH.unpack(length)[0]))
            answers.write(pack(_answer(request)))
            answers.flush()


def _channel() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes on descriptors of their own: what a library prints goes to standard error and spoils no frame."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, answers


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    spent = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time()) + request["cpu_seconds"], spent))
    try:
        read = _read_header if request["header_only"] else _read_whole
        return read(request)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # not sys.exit: unwinding may want memory too
    except Exception as fault:  # noqa: BLE001 the job's edge: one bad mail must not stop the post
        place = extract_tb(fault.__traceback__)[-1]
        return {"fault": f"{type(fault).__name__} at {Path(place.filename).name}:{place.lineno}"}


def _read_whole(request: dict[str, Any]) -> dict[str, Any]:
    with Path(request["path"]).open("rb") as file:
        file.seek(request["start"])
        raw = file.read(request["size"])
    found = dissect(raw, frozenset(request["own_addresses"]))
    return {"message": _spooled(found, Path(request["folder"])), "content_key": content_key(raw)}


def _read_header(request: dict[str, Any]) -> dict[str, Any]:
    with Path(request["path"]).open("rb") as file:
        message = read_header(file.read(HEADER_BYTES))
        return {"message": write_message(message), "content_key": key_of_file(file)}


def _spooled(found: Dissected, folder: Path) -> dict[str, Any]:
    """The message with each file's place in `folder`, which is made when there is something to put in it."""
    content = write_message(found.message)
    if found.files and not isinstance(found.message, Unreadable):
        folder.mkdir(mode=0o700, exist_ok=True)
        content["attachments"] = [
            attachment | {"spool": _write(folder / str(number), file)}
            for number, (attachment, file) in enumerate(zip(content["attachments"], found.files, strict=True))
        ]
    return content


def _write(path: Path, file: File) -> str:
    with path.open("wb") as out:
        for piece in file.pieces():
            out.write(piece)
    return str(path)

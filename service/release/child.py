"""The child process that looks into a file: it may be slow, greedy or killed, and nothing of ours is lost with it."""

import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from service.release.found import Found, cannot
from service.release.looking import look

OUT_OF_MEMORY = 3  # exit status
MOST_FOUND = 200


def answer(limits: Sequence[str]) -> None:
    """Read a name and a file from standard input, and write what was found as JSON to standard output."""
    memory_mb, cpu_seconds = map(int, limits)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    logging.disable()  # what a library says of a file may be the file's words
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what is not released yet
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nor does a library write any other
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    said = sys.stdout
    sys.stdout = sys.stderr
    name = json.loads(sys.stdin.buffer.readline())
    json.dump(_looked(name, sys.stdin.buffer.read()), said)


def _looked(name: str, content: bytes) -> dict[str, object]:
    found, fault = list[Found](), ""
    try:
        for one in look(name, content):
            if len(found) == MOST_FOUND:
                found.append(cannot(f"More than {MOST_FOUND} things were found; the rest is not listed."))
                break
            found.append(one)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # not sys.exit: unwinding may want memory too
    except Exception as error:  # noqa: BLE001 the job's edge: what was found until then is told
        place = extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return {"found": [one.as_dict() for one in found], "fault": fault}

"""The words of a letter that somebody else wrote, read in a child process that may use only so much of everything."""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from service.documents.reading import LARGEST, DocumentUnreadable, text_of_document

log = logging.getLogger(__name__)

HOME = Path(__file__).resolve().parents[2]  # what `service` is imported from
MEMORY_MB, CPU_SECONDS, WALL_SECONDS = 1024, 30, 60.0
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from service.documents.guarded import answer; answer(sys.argv[2:])"
)
_INHERITED = ("LD_LIBRARY_PATH", "TMPDIR")  # of the environment; passwords may stand in the rest


def words_of_letter(content: bytes) -> str:
    """The words of a docx, PDF or text file; none where it cannot be read within the limits."""
    if len(content) > LARGEST:
        return ""
    command = [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(HOME), str(MEMORY_MB), str(CPU_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter and our own words
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={one: os.environ[one] for one in _INHERITED if one in os.environ},
            cwd="/",
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    if done.returncode != 0:
        log.warning("a letter could not be read: its reader ended with %d", done.returncode)
        return ""
    return str(json.loads(done.stdout))


def answer(limits: Sequence[str]) -> None:
    """In the child: read a file from standard input and write its words as JSON to standard output."""
    memory_mb, cpu_seconds = map(int, limits)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    logging.disable()  # what a library says of a file may be the file's words
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the letter
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    said, sys.stdout = sys.stdout, sys.stderr
    try:
        text = text_of_document(sys.stdin.buffer.read(), "the letter")
    except DocumentUnreadable:
        text = ""
    json.dump(text, said)

"""Mail in files: a single .eml, a folder of them, a Maildir or an mbox, one after the other and never all in memory."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path

from mail.headers import read_date, split_headers
from service.errors import DeskError

IN_MEMORY = 1 << 20  # bytes; a larger file is handed on by its path
BEGINNING = 64 << 10  # bytes in which to look for the dates
SUFFIXES = (".eml", ".txt")
MBOX_LINE = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}")  # RFC 4155: an address and a time
QUOTED_MBOX_LINE = re.compile(rb"^>(>*From )", re.MULTILINE)
MAILDIR_NAME = re.compile(r"(\d{9,10})\.")  # the second of delivery, https://cr.yp.to/proto/maildir.html


class NoMailThere(DeskError):
    """There is no mail at {path}. It must be an .eml file, an mbox, a Maildir, or a folder with .eml or .txt files."""


class MailUnreadable(DeskError):
    """{path} cannot be read: {reason}. It may hold requests, so the import stops here. Let the user that the desk runs
    as read all of the archive, then run the same command again: it goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class ArchivedMail:
    """A mail of an archive.

    `name` says where it lies in it; `number` is made from its bytes, so that name and number together are the same at
    every run and never another mail's. `received_at` is aware, UTC, or None when nothing says.
    """

    name: str
    number: int
    raw: bytes | Path
    received_at: datetime | None


def mails_in(path: Path) -> Iterator[ArchivedMail]:
    """The mails of an archive, in the order of their names. Raises NoMailThere or MailUnreadable.

    Each came in when the top-most Received header says, which a server wrote; else when its Maildir name says; else,
    for want of better, when its sender claims (Date). A file's own time is that of the last copying and is not used.
    """
    if _is_mbox(path):
        yield from _mbox(path)
        return
    for file in _files(path):
        with _told(file):
            raw = file if file.stat().st_size > IN_MEMORY else file.read_bytes()
            number, beginning = _number(raw), _beginning(raw)
        delivered = MAILDIR_NAME.match(file.name) if file.parent.name in ("new", "cur") else None
        when = datetime.fromtimestamp(int(delivered[1]), UTC) if delivered else None
        name = file.name if file == path else file.relative_to(path).as_posix()
        yield ArchivedMail(name, number, raw, _received_at(beginning, when))


def count(path: Path) -> int:
    """How many mails an archive holds. Raises NoMailThere or MailUnreadable."""
    if _is_mbox(path):
        return sum(1 for _ in _split(path))
    return len(_files(path))


def _files(path: Path) -> list[Path]:
    with _told(path):
        if path.is_file():
            return [path]
        if _is_maildir(path):
            found = [file for folder in ("new", "cur") for file in sorted((path / folder).iterdir()) if _shows(file)]
        else:
            found = sorted(file for file in _below(path) if _may_be_mail(file.relative_to(path)))
        files = [file for file in found if file.is_file()]
    if not files:
        raise NoMailThere(path=path)
    return files


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MailUnreadable(path=error.filename or path, reason=error.strerror) from error


def _below(path: Path) -> Iterator[Path]:
    """All files in a folder and in those within it; raises OSError for one that is closed to us, which Path.rglob()
    passes over."""

    def stop(error: OSError) -> None:
        raise error

    for folder, within, names in os.walk(path, onerror=stop):
        within[:] = [name for name in within if not name.startswith(".")]  # which hold no mail of ours
        yield from (Path(folder, name) for name in names)


def _shows(file: Path) -> bool:
    return not file.name.startswith(".")


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _may_be_mail(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in file.parts)


def _is_mbox(path: Path) -> bool:
    """Whether a file begins as an mbox does; a single mail saved with such a line is an mbox of one."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return MBOX_LINE.match(file.readline(1000)) is not None


def _mbox(path: Path) -> Iterator[ArchivedMail]:
    for position, mail in enumerate(_split(path), start=1):
        raw = QUOTED_MBOX_LINE.sub(rb"\1", mail)
        yield ArchivedMail(f"{path.name}#{position}", _number(raw), raw, _received_at(raw[:BEGINNING], None))


def _split(path: Path) -> Iterator[bytes]:
    """The mails between the separating lines; a sentence that happens to begin with "From " separates nothing."""
    mail: list[bytes] = []
    blank = True
    with path.open("rb") as lines:
        next(lines)
        for line in lines:
            if blank and MBOX_LINE.match(line):
                yield b"".join(mail[:-1])  # the blank line belongs to the separator
                mail = []
            else:
                mail.append(line)
            blank = not line.rstrip(b"\r\n")
    yield b"".join(mail)


def _number(raw: bytes | Path) -> int:
    if isinstance(raw, bytes):
        digest = sha256(raw).digest()
    else:
        with raw.open("rb") as file:
            digest = file_digest(file, "sha256").digest()
    return int.from_bytes(digest[:8]) >> 1  # 63 bits: it is stored as a signed 64-bit number


def _beginning(raw: bytes | Path) -> bytes:
    if isinstance(raw, bytes):
        return raw[:BEGINNING]
    with raw.open("rb") as file:
        return file.read(BEGINNING)


def _received_at(beginning: bytes, delivered: datetime | None) -> datetime | None:
    headers, _ = split_headers(beginning, 0, len(beginning))
    stamped = read_date(headers.text("received", 5000).rpartition(";")[2])
    return stamped or delivered or read_date(headers.text("date"))

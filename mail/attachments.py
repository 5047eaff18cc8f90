"""The files that came with a message: which parts they are, their bytes, and names safe to show and to save under."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from mail.headers import decode_words
from mail.mime import Part
from mail.text import is_shown
from mail.words import BIDI, clean_line
from service.domain.message import Attachment

LONGEST_NAME = 180  # characters
LARGE = 1 << 20  # bytes, encoded, from which a file is decoded piece by piece rather than held

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")  # devices to Windows, whatever the ending
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pgp-signature": ".asc",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
}


@dataclass(frozen=True, slots=True)
class File:
    """An attachment and the name it is shown under; a large one is a part that is decoded when it is asked for."""

    name: str
    content_type: str
    source: bytes | Part

    @property
    def data(self) -> bytes:
        """All its bytes, decoded."""
        return self.source if isinstance(self.source, bytes) else self.source.content

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, decoded piece by piece."""
        return iter((self.source,)) if isinstance(self.source, bytes) else self.source.pieces()

    def starts_with(self, mark: bytes) -> bool:
        source = self.source if isinstance(self.source, bytes) else self.source.beginning(len(mark))
        return source.startswith(mark)

    @property
    def attachment(self) -> Attachment:
        size, digest = 0, sha256()
        for piece in self.pieces():
            size += len(piece)
            digest.update(piece)
        return Attachment(self.name, self.content_type, size, digest.hexdigest())


def files_of(root: Part) -> Iterator[File]:
    """The files among the parts of one message, in order; an enclosed message is a file, sliced from the raw bytes."""
    number = 0
    for part in root.walk():
        if part.children or part.type.value.startswith("multipart/") or is_shown(part):
            continue
        source = part if part.end - part.start > LARGE else part.content
        if not _given_name(part) and _is_blank(source):
            continue
        number += 1
        kind = part.type.value if _TYPE.fullmatch(part.type.value) else "application/octet-stream"
        yield File(safe_name(_given_name(part) or _described(part), number, kind), kind, source)


def _is_blank(source: bytes | Part) -> bool:
    pieces = (source,) if isinstance(source, bytes) else source.pieces()
    return all(not piece or piece.isspace() for piece in pieces)


def _given_name(part: Part) -> str:
    return part.disposition.get("filename") or part.type.get("name")


def _described(part: Part) -> str:
    """A name for a part without one: an enclosed message is called by its subject."""
    if part.type.value != "message/rfc822":
        return ""
    match = re.search(rb"(?mi)^subject:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", part.beginning(65536))
    subject = clean_line(decode_words(match[1].replace(b"\r", b"").replace(b"\n", b"")), 80) if match else ""
    return re.sub(r"[/\\]", "-", subject) + ".eml" if subject else ""


def safe_name(given: str, number: int, content_type: str) -> str:
    """A file name without folders, reserved names, control or direction characters, at most LONGEST_NAME long."""
    name = unicodedata.normalize("NFC", BIDI.sub("", given))
    if re.match(r"^(?:[A-Za-z]:|[/\\~])", name) or ".." in name or "\\" in name:  # a path: only its last step is a name
        name = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    name = clean_line(_FORBIDDEN.sub(" ", name).replace("/", "-"), 1000).strip(". ")
    if not name:
        name = f"attachment-{number}{_ENDINGS.get(content_type, '')}"
    if _RESERVED.fullmatch(name):
        name = "_" + name
    return _fit(name, LONGEST_NAME)


def _fit(name: str, longest: int) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= longest:
        return name
    if not dot or len(ending) > 10:
        return name[:longest].rstrip(". ")
    return stem[: longest - len(ending) - 1].rstrip(". ") + "." + ending


def tell_apart(files: Iterable[File]) -> tuple[File, ...]:
    """The same files, no two of one name: the second `notes.txt` is `notes (2).txt`."""
    taken: set[str] = set()
    out: list[File] = []
    for file in files:
        name, count = file.name, 1
        while name.casefold() in taken:
            count += 1
            name = _numbered(file.name, count)
        taken.add(name.casefold())
        out.append(File(name, file.content_type, file.source))
    return tuple(out)


def _numbered(name: str, count: int) -> str:
    short = _fit(name, LONGEST_NAME - 6)
    stem, dot, ending = short.rpartition(".")
    return f"{stem} ({count}).{ending}" if stem and dot else f"{short} ({count})"

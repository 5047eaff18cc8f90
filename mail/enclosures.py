"""Files in a mail of ours (RFC 2046, 5.1.3): their bytes, and every header around them, are the letter's alone."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from sqlmodel import Session

from service.domain.mail_size import LINE
from service.store.case_files import letter_files
from service.store.originals import read_all
from service.store.tables import Letter, LetterFile

LONGEST_NAME = 50  # characters of a file's name on a line of the header
AS_BYTES = "application/octet-stream"
_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")  # RFC 2046, 5.1, 5.2


class FileLost(Exception):
    """The bytes of a letter's file are not what was enclosed."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that goes out with a letter, with its bytes."""

    name: str
    content_type: str
    content: bytes


def outgoing_files(session: Session, letter: Letter) -> list[OutgoingFile]:
    """A letter's files with their bytes, in order; raises FileLost."""
    return [_read(session, file) for file in letter_files(session, [letter.id])]


def _read(session: Session, file: LetterFile) -> OutgoingFile:
    content = read_all(session, file.sha256)
    if len(content) != file.size or sha256(content).hexdigest() != file.sha256:
        raise FileLost
    return OutgoingFile(file.name, file.content_type, content)


def boundary_of(message_id: str, secret: bytes) -> str:
    """What parts a mail; '=_' stands in no quoted-printable or base64 text (RFC 2045, 6.7), the rest nobody guesses."""
    return "=_" + hmac.new(secret, b"boundary:" + message_id.encode(), sha256).hexdigest()[:32]


def parted(text: bytes, files: Sequence[OutgoingFile], boundary: str) -> bytes:
    """The body of multipart/mixed: a part that begins with its own headers, then the files in order."""
    between = f"--{boundary}\r\n".encode()
    pieces = [between, text]
    for file in files:
        pieces += [b"\r\n", between, *_part(file)]
    return b"".join([*pieces, f"\r\n--{boundary}--\r\n".encode()])


def _part(file: OutgoingFile) -> Iterator[bytes]:
    kind = file.content_type if _TYPE.fullmatch(file.content_type) else AS_BYTES
    headers = [f"Content-Type: {kind}", *_named(file.name), "Content-Transfer-Encoding: base64", "", ""]
    yield "\r\n".join(headers).encode()
    yield b"\r\n".join(_encoded(file.content))


def _encoded(content: bytes) -> Iterable[bytes]:
    """Base64 in lines of 76 characters (RFC 2045, 6.8)."""
    return (b64encode(content[start : start + LINE]) for start in range(0, len(content), LINE))


def _named(name: str) -> Iterator[str]:
    """Content-Disposition with a name (RFC 2183, 2.3): quoted where it is plain and short, else as RFC 2231 has it."""
    if len(name) <= LONGEST_NAME and name.isascii() and name.isprintable() and "=?" not in name:
        plain = re.sub(r'(["\\])', r"\\\1", name)
        yield f'Content-Disposition: attachment;\r\n filename="{plain}"'
        return
    pieces = list(_cut(name))
    lines = [f" filename*{number}*={piece}" for number, piece in enumerate(["utf-8''" + pieces[0], *pieces[1:]])]
    yield "Content-Disposition: attachment;\r\n" + ";\r\n".join(lines)


def _cut(name: str) -> Iterator[str]:
    """A name percent-encoded, in pieces that fit a line; no letter is cut in two (RFC 2231, 3, 4)."""
    piece = ""
    for letter in name.encode("utf-8", "replace").decode():
        encoded = quote(letter, safe="")
        if len(piece) + len(encoded) > LONGEST_NAME:
            yield piece
            piece = ""
        piece += encoded
    yield piece

"""The header of a message or of a part: fields as bytes, read one by one, each capped (RFC 5322 2.2).

The standard library's parser is not used: a hostile address header hangs or breaks it (python/cpython#105802, #117849).
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from mail.charset import decode
from mail.words import clean_line

LONGEST_BLOCK = 64 * 1024  # bytes kept of a header; what is essential is kept beyond it
LONGEST_FIELD = 16 * 1024
MOST_IDENTIFIERS = 100
LONGEST_IDENTIFIER = 400

_ESSENTIAL = frozenset(
    b"from sender reply-to to cc subject date message-id in-reply-to references content-type content-disposition "
    b"content-transfer-encoding auto-submitted precedence return-path mime-version".split()
)
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_BLANK_LINE = re.compile(rb"\n\r*\n")
_STRAY = re.compile(rb"(?mi)^(from|to|subject|date|message-id|received|content-type)[ \t]*:")
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_IDENTIFIER = re.compile(r"<([^<>]{1,2000})>")
_NOT_BASE64 = bytes(byte for byte in range(256) if not re.match(rb"[A-Za-z0-9+/=]", bytes([byte])))
_PIECE = 1 << 20
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Headers:
    """Fields in their order: lower-case name, raw unfolded value. `damaged`: a stray line stands between the fields."""

    fields: tuple[tuple[str, bytes], ...] = ()
    damaged: bool = False
    cut: bool = False

    def all(self, name: str) -> list[bytes]:
        return [value for field, value in self.fields if field == name]

    def first(self, name: str) -> bytes:
        return next((value for field, value in self.fields if field == name), b"")

    def has(self, name: str) -> bool:
        """Whether the field is there; some machines' marks are there and empty."""
        return any(field == name for field, _ in self.fields)

    def text(self, name: str, longest: int = 1000) -> str:
        """The first such field, decoded (RFC 2047), on one line, at most `longest` characters."""
        return clean_line(decode_words(self.first(name)), longest)

    def trace(self, names: frozenset[str], most: int, longest: int = 2000) -> tuple[str, ...]:
        """The topmost fields of these names in their order, at most `most`, each as "name: value" on one line."""
        fields = ((name, value) for name, value in self.fields if name in names)
        return tuple(f"{name}: {clean_line(decode(value), longest)}" for name, value in islice(fields, most))

    def word(self, name: str) -> str:
        """The keyword a field holds, in lower case: what stands before any parameter or comment."""
        return re.split(r"[;\s(,]", _COMMENT.sub(" ", self.text(name)).strip().lower(), maxsplit=1)[0]


def split_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header that begins at `start`, and where the body begins; `end` is where the part ends."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n" or start >= end:
        return Headers(), min(end, raw.find(b"\n", start) + 1 if start < end else end)
    blank = _BLANK_LINE.search(raw, start, end)
    block_end = blank.start() if blank else end
    body = blank.end() if blank else end
    return _read_block(raw, start, block_end, body)


def _read_block(raw: bytes, start: int, block_end: int, body: int) -> tuple[Headers, int]:
    fields: list[tuple[bytes, bytearray]] = []
    at, damaged = start, False
    while at < block_end:
        line_end = raw.find(b"\n", at, block_end)
        line_end = block_end if line_end < 0 else line_end
        line = raw[at:line_end].rstrip(b"\r")
        match = _FIELD.fullmatch(line)
        if line[:1] in (b" ", b"\t") and fields:
            if len(fields[-1][1]) < LONGEST_FIELD:
                fields[-1][1].extend(b" " + line.strip())
        elif match:
            fields.append((match[1].lower(), bytearray(match[2].strip())))
        elif line.strip() and not line.startswith((b">From ", b"From ")):
            damaged, body = _STRAY.search(raw, at, block_end) is not None, at
            break
        at = line_end + 1
    kept, cut = _cap(fields)
    return Headers(tuple(kept), damaged, cut), body


def _cap(fields: Iterable[tuple[bytes, bytearray]]) -> tuple[list[tuple[str, bytes]], bool]:
    kept: list[tuple[str, bytes]] = []
    seen: dict[bytes, int] = {}
    room, cut = LONGEST_BLOCK, False
    for name, value in fields:
        seen[name] = seen.get(name, 0) + 1
        cut = cut or len(value) > LONGEST_FIELD
        short = bytes(value[:LONGEST_FIELD]).replace(b"\r", b" ")
        room -= len(name) + len(short)
        if room > 0 or (name in _ESSENTIAL and seen[name] <= 4):
            kept.append((name.decode("ascii"), short))
        else:
            cut = True
    return kept, cut


def decode_words(value: bytes, label: str = "") -> str:
    """A field's value as text: encoded words (RFC 2047) joined as bytes where they follow one another."""
    text = decode(value, label)
    if "=?" not in text:
        return text
    text = _BETWEEN_ENCODED.sub(r"\1", text)
    out: list[str] = []
    pending, charset, at = b"", "", 0
    for match in _ENCODED.finditer(text):
        label = match[1].partition("*")[0].lower()  # RFC 2231 5: a language may follow
        if match.start() > at or label != charset:
            out += [decode(pending, charset), text[at : match.start()]]
            pending = b""
        pending += _decode_word(match[2].lower(), match[3])
        charset, at = label, match.end()
    return "".join([*out, decode(pending, charset), text[at:]])


def _decode_word(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data.replace(b"_", b" "))
    return decode_base64(data)


def decode_base64(data: bytes | memoryview) -> bytes:
    """Base64 as found in mail: foreign characters, missing or early padding, and a torn end are all put up with."""
    return b"".join(base64_pieces(data))


def base64_pieces(data: bytes | memoryview) -> Iterator[bytes]:
    """As decode_base64, piece by piece, so that a large file need not stand in memory beside its mail."""
    held, at = b"", 0
    while at + _PIECE < len(data):
        piece = held + bytes(data[at : at + _PIECE]).translate(None, _NOT_BASE64)
        if b"=" in piece:
            break
        whole = len(piece) // 4 * 4
        yield base64.b64decode(piece[:whole])
        held, at = piece[whole:], at + _PIECE
    yield _decode_runs(held + bytes(data[at:]))


def _decode_runs(data: bytes) -> bytes:
    kept = data.translate(None, _NOT_BASE64)
    runs = [run for run in re.split(rb"=+", kept) if run]
    whole = (run[: len(run) - 1] if len(run) % 4 == 1 else run for run in runs)
    return b"".join(base64.b64decode(run + b"=" * (-len(run) % 4)) for run in whole)


def identifiers(headers: Headers, name: str) -> tuple[str, ...]:
    """The Message-IDs in a field, with angle brackets, in order and without repeats; at most MOST_IDENTIFIERS."""
    # Python's own email package writes a long identifier as encoded words, against RFC 2047 5: it is read all the same.
    value = decode_words(b" ".join(headers.all(name)[:4]))
    found = (re.sub(r"[\s\x00-\x1f\x7f]", "", match) for match in _IDENTIFIER.findall(value))
    kept = dict.fromkeys(f"<{one}>" for one in found if 0 < len(one) <= LONGEST_IDENTIFIER)
    ids = tuple(kept)
    return ids if len(ids) <= MOST_IDENTIFIERS else (ids[0], *ids[-MOST_IDENTIFIERS + 1 :])


def message_id(headers: Headers) -> str:
    """The sender's Message-ID with angle brackets, or "" when there is none to be used."""
    found = identifiers(headers, "message-id")
    if found:
        return found[0]
    bare = headers.text("message-id").strip("<> ")
    usable = bare and len(bare) <= LONGEST_IDENTIFIER and "@" in bare and not re.search(r"[\s<>]", bare)
    return f"<{bare}>" if usable else ""


def read_date(text: str) -> datetime | None:
    """A date of RFC 5322 3.3, in UTC, or None when it is not one."""
    try:
        moment = parsedate_to_datetime(_COMMENT.sub(" ", text[:200]).strip())
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # RFC 5322 3.3: -0000 is UTC, place unknown
        return aware.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None

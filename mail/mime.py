"""The tree of a message's parts (RFC 2046), cut out of the raw bytes: nothing is written anew, depth is capped."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mail.headers import Headers, base64_pieces, split_headers
from mail.parameters import Field, read_field
from mail.uuencode import decode_lines
from service.errors import DeskError

DEEPEST = 20
MOST_PARTS = 500

_PIECE = 1 << 20
_ENCODINGS = {"base64": "base64", "quotedprintable": "quotedprintable"} | dict.fromkeys(
    ("xuuencode", "uuencode", "xuue", "uue"), "uuencode"
)
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?:\r*\n|\r|\Z)")


class TooIntricateError(DeskError):
    """The message has {what}."""


@dataclass(slots=True)
class Part:
    """One part: its header, where its body lies in `raw`, and its own parts when it is a multipart."""

    headers: Headers
    raw: bytes
    start: int
    end: int
    type: Field
    disposition: Field
    children: list["Part"] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The body as it was sent, undecoded."""
        return self.raw[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone (RFC 2045 6); an unknown encoding is taken for none."""
        return b"".join(self.pieces()) if self._encoding else self.body

    def beginning(self, most: int) -> bytes:
        """The first `most` bytes of the content."""
        found = b""
        for piece in self.pieces():
            found += piece
            if len(found) >= most:
                break
        return found[:most]

    def pieces(self) -> Iterator[bytes]:
        """The content piece by piece, so that a large file need not stand in memory beside its mail."""
        if self._encoding == "base64":
            yield from base64_pieces(memoryview(self.raw)[self.start : self.end])
        elif self._encoding == "quotedprintable":
            yield from map(binascii.a2b_qp, self._lines())
        elif self._encoding == "uuencode":
            yield decode_lines(self.body)
        else:
            yield from self._lines()

    @property
    def _encoding(self) -> str:
        """The transfer encoding; "" for an unknown one and for those that change nothing."""
        named = re.sub(r"[^a-z0-9]", "", self.headers.text("content-transfer-encoding").lower())
        return _ENCODINGS.get(named, "")

    def _lines(self) -> Iterator[bytes]:
        """The body in pieces of whole lines."""
        at = self.start
        while at < self.end:
            stop = self.raw.find(b"\n", min(at + _PIECE, self.end), self.end) + 1 or self.end
            yield self.raw[at:stop]
            at = stop

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in order; an enclosed message is a part, what it holds is not."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting += reversed(part.children)


@dataclass(slots=True)
class _Budget:
    parts: int = 0

    def take(self, depth: int) -> None:
        self.parts += 1
        if depth > DEEPEST:
            raise TooIntricateError(what=f"parts nested deeper than {DEEPEST}")
        if self.parts > MOST_PARTS:
            raise TooIntricateError(what=f"more than {MOST_PARTS} parts")


def read_parts(raw: bytes, default_type: str = "text/plain") -> Part:
    """The tree of a whole message; raises TooIntricateError beyond DEEPEST levels or MOST_PARTS parts."""
    return _read(raw, 0, len(raw), default_type, 0, _Budget())


def _read(raw: bytes, start: int, end: int, default_type: str, depth: int, budget: _Budget) -> Part:
    budget.take(depth)
    headers, body = split_headers(raw, start, end)
    kind = read_field(headers.first("content-type"))
    if "/" not in kind.value:
        kind = Field(default_type, kind.parameters)
    part = Part(headers, raw, body, end, kind, read_field(headers.first("content-disposition")))
    boundary = kind.get("boundary").encode("utf-8", "replace").rstrip()
    if kind.value.startswith("multipart/") and boundary:
        inner = "message/rfc822" if kind.value == "multipart/digest" else "text/plain"
        for child_start, child_end in _between(raw, body, end, boundary):
            part.children.append(_read(raw, child_start, child_end, inner, depth + 1, budget))
    return part


def _between(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each body part lies; the line break before a delimiter belongs to the delimiter (RFC 2046 5.1.1)."""
    opened = -1
    for at, after, closing in _delimiters(raw, start, end, boundary):
        if opened >= 0:
            yield opened, max(opened, _without_break(raw, at))
        if closing:
            return
        opened = after
    if opened >= 0:
        yield opened, end


def _delimiters(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    mark = b"--" + boundary
    at = raw.find(mark, start, end)
    while at >= 0:
        after = at + len(mark)
        match = _AFTER_MARK.match(raw, after, end) if at == start or raw[at - 1] in b"\r\n" else None
        if match:
            yield at, match.end(), match[1] is not None
        at = raw.find(mark, after, end)


def _without_break(raw: bytes, at: int) -> int:
    at -= raw[at - 1 : at] == b"\n"
    return at - (raw[at - 1 : at] == b"\r")

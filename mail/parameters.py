"""A field with parameters: Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2183, RFC 2231), broken or not."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from mail.charset import decode
from mail.headers import decode_words

_PIECE = re.compile(r"([^*\s]+?)(?:\*(\d{1,3}))?(\*)?")
MOST_PARAMETERS = 100


@dataclass(frozen=True, slots=True)
class Field:
    """The keyword in lower case ("text/plain", "attachment") and its parameters, names in lower case."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")


def read_field(value: bytes) -> Field:
    """A field's keyword and parameters; never raises, the first of a repeated parameter counts."""
    head, *rest = _split(value)
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for one in rest[:MOST_PARAMETERS]:
        name, equals, content = one.partition(b"=")
        match = _PIECE.fullmatch(name.strip().lower().decode("ascii", "replace"))
        if match and equals:
            piece = (int(match[2] or 0), match[3] is not None, _unquote(content.strip()))
            pieces.setdefault(match[1] + ("" if match[2] or match[3] else "\0plain"), []).append(piece)
    return Field(head.strip().lower().decode("ascii", "replace"), _join(pieces))


def _split(value: bytes) -> list[bytes]:
    """Split at semicolons outside quotation marks; an unquoted value may hold spaces, it ends at the semicolon."""
    parts, start, quoted, escaped = [], 0, False, False
    for at, byte in enumerate(value):
        if escaped:
            escaped = False
        elif byte == 0x5C:
            escaped = quoted
        elif byte == 0x22:
            quoted = not quoted
        elif byte == 0x3B and not quoted:
            parts.append(value[start:at])
            start = at + 1
    return [*parts, value[start:]]


def _unquote(content: bytes) -> bytes:
    if not content.startswith(b'"'):
        return content
    inner = content[1:-1] if len(content) > 1 and content.endswith(b'"') else content[1:]
    return re.sub(rb'\\(["\\])', rb"\1", inner)  # any other backslash is a Windows path's


def _join(pieces: dict[str, list[tuple[int, bool, bytes]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, parts in sorted(pieces.items(), key=lambda item: item[0].endswith("\0plain")):
        plain = name.endswith("\0plain")
        found.setdefault(name.removesuffix("\0plain"), decode_words(parts[0][2]) if plain else _joined(parts))
    return found


def _joined(parts: list[tuple[int, bool, bytes]]) -> str:
    """Continuations joined (RFC 2231 3), the charset from the first; some senders cut an encoded word across them."""
    parts = sorted(parts, key=lambda part: part[0])
    charset = ""
    if parts[0][1] and parts[0][2].count(b"'") >= 2:
        label, _, content = parts[0][2].split(b"'", 2)
        charset, parts = label.decode("ascii", "replace"), [(0, True, content), *parts[1:]]
    data = b"".join(unquote_to_bytes(content) if percent else content for _, percent, content in parts)
    return decode(data, charset) if charset else decode_words(data)

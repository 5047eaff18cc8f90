"""Files written into the text as uuencode does (POSIX), from old scanners and Lotus Notes; torn ends included."""

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,255})\n(?=[!-`][!-`]{4,84}[ \t]*\n|`[ \t]*\n)", re.MULTILINE)
_LINE = re.compile(rb"[ -`]{1,90}")
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Found:
    name: str
    data: bytes


def take_files(text: str) -> tuple[str, list[Found]]:
    """The text without the files in it, and the files; each file's place is marked with its name."""
    out: list[str] = []
    found: list[Found] = []
    at = 0
    for match in _BEGIN.finditer(text):
        if match.start() < at or len(found) >= MOST_FILES:
            continue
        stop, lines = _body(text, match.end())
        found.append(Found(match[1].strip(), decode_lines("\n".join(lines).encode("ascii", "replace"))))
        out += [text[at : match.start()], f"[file: {match[1].strip()}]\n"]
        at = stop
    return "".join([*out, text[at:]]), found


def _body(text: str, at: int) -> tuple[int, list[str]]:
    lines: list[str] = []
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip(" \r")
        if line == "end":
            return min(stop + 1, len(text)), lines
        if line and not re.fullmatch(r"[ -`]{1,90}", line):
            return at, lines  # torn off: ordinary text follows
        lines.append(line)
        at = stop + 1
    return len(text), lines


def decode_lines(data: bytes) -> bytes:
    """The bytes that uuencoded lines stand for; `begin` and `end` lines and what is not uuencoded are passed over."""
    out: list[bytes] = []
    for line in data.splitlines():
        if not _LINE.fullmatch(line) or line.startswith(b"begin ") or line == b"end":
            continue
        out.append(_decode(line))
    return b"".join(out)


def _decode(line: bytes) -> bytes:
    length = (line[0] - 32) & 63
    enough = line[: 1 + (length + 2) // 3 * 4]
    try:
        return binascii.a2b_uu(enough)
    except binascii.Error:
        return b""

"""The words of Rich Text as Outlook stores it: unpacked from its compressed form (MS-OXRTFCP), then read as text."""

import re
import struct

from mail.charset import decode
from mail.container_fault import ContainerFault

LONGEST_RTF = 8_000_000  # bytes, unpacked

_HEADER = struct.Struct("<IIII")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_BEGINNING = (  # MS-OXRTFCP 2.1.3.1.1: what every window begins with
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    rb"\pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict header footer object objdata listtable listoverridetable rsidtbl themedata "
    b"generator xmlnstbl datastore latentstyles mmathPr".split()
)
_SAYS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"row": "\n",
    b"cell": "\t",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}
_SIGNS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


def unpack_rtf(data: bytes) -> bytes:
    """The Rich Text in a compressed stream; raises ContainerFault when it is none, or beyond LONGEST_RTF."""
    if len(data) < _HEADER.size:
        raise ContainerFault(what="its rich text is cut off")
    _, size, kind, _ = _HEADER.unpack_from(data)
    if size > LONGEST_RTF:
        raise ContainerFault(what="its rich text is too long")
    if kind == _PLAIN:
        return data[_HEADER.size : _HEADER.size + size]
    if kind != _PACKED:
        raise ContainerFault(what="its rich text is packed in an unknown way")
    return _inflate(data, size)


def _inflate(data: bytes, size: int) -> bytes:
    out = bytearray(_BEGINNING)
    end, at = len(_BEGINNING) + size, _HEADER.size
    while at < len(data) and len(out) < end:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) >= end:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
            elif (length := _length(data, at, out)) == 0:
                return bytes(out[len(_BEGINNING) : end])
            else:
                _repeat(out, data[at] << 4 | data[at + 1] >> 4, length)
                at += 2
    return bytes(out[len(_BEGINNING) : end])


def _length(data: bytes, at: int, out: bytearray) -> int:
    """How long the repetition is that two bytes tell; 0 at the end, which points to where it would be written."""
    if at + 1 >= len(data) or (data[at] << 4 | data[at + 1] >> 4) == len(out) % _WINDOW:
        return 0
    return (data[at + 1] & 15) + 2


def _repeat(out: bytearray, place: int, length: int) -> None:
    back = (len(out) - place) % _WINDOW
    if back > len(out):
        raise ContainerFault(what="its rich text repeats what is not there")
    for _ in range(length):
        out.append(out[-back])


class _State:
    """What a group of the text inherits: whether it is shown, and how many fallback characters follow a code point."""

    __slots__ = ("hidden", "skip")

    def __init__(self, hidden: bool = False, skip: int = 1) -> None:
        self.hidden = hidden
        self.skip = skip


class _Reader:
    """Reads tokens one after another, without recursion; letters of the code page are decoded in runs."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.run = bytearray()
        self.codepage = "cp1252"
        self.states = [_State()]
        self.to_skip = 0

    def say(self, text: str) -> None:
        if not self.states[-1].hidden:
            self._flush()
            self.out.append(text)

    def letters(self, data: bytes) -> None:
        taken = min(self.to_skip, len(data))
        self.to_skip -= taken
        if not self.states[-1].hidden:
            self.run += data[taken:]

    def _flush(self) -> None:
        if self.run:
            self.out.append(decode(bytes(self.run), self.codepage))
            self.run.clear()

    def brace(self, mark: bytes) -> None:
        self.to_skip = 0
        if mark == b"{":
            self.states.append(_State(self.states[-1].hidden, self.states[-1].skip))
        elif len(self.states) > 1:
            self.states.pop()

    def control(self, word: bytes, number: int | None) -> None:
        state = self.states[-1]
        if word in _SAYS:
            self.say(_SAYS[word])
        elif word == b"u" and number is not None:
            self.say(_character(number % 65536))
            self.to_skip = state.skip
        elif word == b"uc" and number is not None:
            state.skip = max(0, min(number, 100))
        elif word == b"ansicpg" and number is not None:
            self.codepage = f"cp{number}"
        elif word == b"bin":
            self.to_skip = max(0, number or 0)
        elif word in _HIDDEN:
            state.hidden = True

    def sign(self, mark: bytes) -> None:
        if mark == b"*":  # a group that a reader may leave out when it does not know it
            self.states[-1].hidden = True
        elif mark in _SIGNS:
            self.say(_SIGNS[mark])

    def text(self) -> str:
        self._flush()
        joined = "".join(self.out)
        # Two halves of a pair were written one by one (RTF 1.9, \\u).
        return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def _character(number: int) -> str:
    return chr(number) if number else ""


def rtf_to_text(rtf: bytes) -> str:
    """The words of a Rich Text; never raises, "" when there are none."""
    if not rtf.lstrip()[:5].startswith(b"{\\rtf"):
        return ""
    reader = _Reader()
    for match in _TOKEN.finditer(rtf):
        code, word, number, sign, brace, letters = match.groups()
        if code:
            reader.letters(bytes([int(code, 16)]))
        elif word:
            reader.control(word, int(number) if number else None)
        elif sign:
            reader.sign(sign)
        elif brace:
            reader.brace(brace)
        elif letters:
            reader.letters(letters)
    return reader.text()

"""What Outlook keeps of a message (MS-OXPROPS), whichever container it came in: its properties and its attachments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from mail.attachments import File, safe_name
from mail.charset import decode
from mail.container_fault import ContainerFault
from mail.rich_text import rtf_to_text, unpack_rtf
from mail.text import Words, html_to_text
from mail.words import clean_line

STRING8, UNICODE, BINARY, TIME, OBJECT = 0x1E, 0x1F, 0x102, 0x40, 0x0D
MULTIPLE = 0x1000  # a flag of a property's type
FIXED = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, TIME: 8, 0x48: 16}  # bytes

SUBJECT, BODY, RTF, HTML = 0x0037, 0x1000, 0x1009, 0x1013
SENDER_NAME, DISPLAY_TO = 0x0C1A, 0x0E04
SENDER_ADDRESSES = (0x5D01, 0x5D02, 0x0C1F, 0x0065)  # SMTP before what Exchange writes, which may be none
SUBMITTED, DELIVERED = 0x0039, 0x0E06
ATTACHED_DATA, MIME_TAG = 0x3701, 0x370E
FILE_NAMES = (0x3707, 0x3704, 0x3001)
CODEPAGES = (0x3FFD, 0x3FDE)

_BEGINNING = datetime(1601, 1, 1, tzinfo=UTC)  # FILETIME
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Value:
    """A property as it was written; `kind` is its type."""

    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Attached:
    """A file or a message in a message."""

    properties: Mapping[int, Value]
    message: "MapiMessage | None" = None


@dataclass(frozen=True, slots=True)
class MapiMessage:
    """A message as Outlook keeps it."""

    properties: Mapping[int, Value] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()
    codepage: str = ""  # as the container tells it

    def text(self, *names: int) -> str:
        """The first of these properties that says something."""
        return read_text(self.properties, names, self._codepage())

    def _codepage(self) -> str:
        for name in CODEPAGES:
            value = self.properties.get(name)
            if value and len(value.data) >= 4:
                return f"cp{int.from_bytes(value.data[:4], 'little')}"
        return self.codepage

    def moment(self, name: int) -> datetime | None:
        """A property that tells a time, in UTC."""
        value = self.properties.get(name)
        if value is None or value.kind != TIME or len(value.data) < 8:
            return None
        try:
            return _BEGINNING + timedelta(microseconds=int.from_bytes(value.data[:8], "little") // 10)
        except OverflowError:
            return None

    def words(self) -> Words:
        """Its text, and its HTML when it has any."""
        html, text = self.text(HTML), self.text(BODY)
        text = text if text.strip() else _rich(self.properties.get(RTF))
        return Words(text if text.strip() else html_to_text(html), html)

    def head(self) -> list[tuple[str, str]]:
        """From, Received, Date, To and Subject as the lines of a header would say them."""
        address = next((found for name in SENDER_ADDRESSES if "@" in (found := self.text(name))), "")
        name = self.text(SENDER_NAME)
        sender = f"{name} <{address}>" if name and address and name != address else address or name
        lines = [
            ("From", sender),
            ("Received", _date(self.moment(DELIVERED))),
            ("Date", _date(self.moment(SUBMITTED))),
            ("To", self.text(DISPLAY_TO)),
            ("Subject", self.text(SUBJECT)),
        ]
        return [(name, clean_line(value, _LONGEST_LINE)) for name, value in lines if value.strip()]

    def files(self) -> list[File]:
        """Its files; a message within it is none."""
        found = [one for one in self.attached if one.message is None and ATTACHED_DATA in one.properties]
        return [_file(one, number, self._codepage()) for number, one in enumerate(found, 1)]


def read_text(properties: Mapping[int, Value], names: tuple[int, ...], codepage: str) -> str:
    """The first of these properties that says something, as text."""
    for name in names:
        value = properties.get(name)
        text = _decoded(value, codepage) if value else ""
        if text:
            return text
    return ""


def _decoded(value: Value, codepage: str) -> str:
    if value.kind == UNICODE:
        return value.data.decode("utf-16-le", "replace").rstrip("\0")
    if value.kind in (STRING8, BINARY):
        return decode(value.data.rstrip(b"\0"), codepage)
    return ""


def _rich(value: Value | None) -> str:
    try:
        return rtf_to_text(unpack_rtf(value.data)) if value else ""
    except ContainerFault:
        return ""  # its files may be read all the same


def _file(attached: Attached, number: int, codepage: str) -> File:
    kind = read_text(attached.properties, (MIME_TAG,), codepage) or "application/octet-stream"
    kind = clean_line(kind, 80) if "/" in kind else "application/octet-stream"
    name = safe_name(read_text(attached.properties, FILE_NAMES, codepage), number, kind)
    return File(name, kind, attached.properties[ATTACHED_DATA].data)


def _date(moment: datetime | None) -> str:
    return format_datetime(moment) if moment else ""

"""Outlook's winmail.dat (MS-OXTNEF): the message and the files that it hides from every other mail program."""

import struct
from dataclasses import dataclass, field

from mail.container_fault import ContainerFault
from mail.mapi import (
    ATTACHED_DATA,
    BINARY,
    BODY,
    FILE_NAMES,
    FIXED,
    MULTIPLE,
    OBJECT,
    STRING8,
    SUBJECT,
    UNICODE,
    Attached,
    MapiMessage,
    Value,
)

SIGNATURE = b"\x78\x9f\x3e\x22"
DEEPEST = 3
MOST_ATTACHED = 200
MOST_ATTRIBUTES = 5000
MOST_PROPERTIES = 5000

_ATTRIBUTE = struct.Struct("<BII")
_SUBJECT, _BODY, _PROPERTIES, _CODEPAGE = 0x00018004, 0x0002800C, 0x00069003, 0x00069007
_NEXT_FILE, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage


class _Cursor:
    """Bytes being read; what is not there raises ContainerFault."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.at + size > len(self.data):
            raise ContainerFault(what="it is cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int = 4) -> int:
        return int.from_bytes(self.take(size), "little")

    def padded(self, size: int) -> bytes:
        """`size` bytes, and those that fill them up to a multiple of four."""
        taken = self.take(size)
        self.at = min(len(self.data), self.at + -size % 4)
        return taken


@dataclass(slots=True)
class _Gathered:
    """What the attributes have told so far; a file begins with its own attribute."""

    properties: dict[int, Value] = field(default_factory=dict)
    files: list[dict[int, Value]] = field(default_factory=list)
    codepage: str = ""


def read_tnef(data: bytes, depth: int = 0) -> MapiMessage:
    """The message in a TNEF stream; raises ContainerFault."""
    if not data.startswith(SIGNATURE):
        raise ContainerFault(what="it is no TNEF")
    if depth > DEEPEST:
        raise ContainerFault(what=f"messages are nested deeper than {DEEPEST}")
    cursor, gathered = _Cursor(data), _Gathered()
    cursor.take(len(SIGNATURE) + 2)
    for _ in range(MOST_ATTRIBUTES):
        if cursor.at + _ATTRIBUTE.size > len(data):
            break
        _, name, size = _ATTRIBUTE.unpack(cursor.take(_ATTRIBUTE.size))
        _hear(gathered, name, cursor.take(size))
        cursor.at += 2  # a checksum, which some programs get wrong
    attached = tuple(_attached(properties, depth) for properties in gathered.files[:MOST_ATTACHED])
    return MapiMessage(gathered.properties, attached, gathered.codepage)


def _hear(gathered: _Gathered, name: int, data: bytes) -> None:
    latest = gathered.files[-1] if gathered.files else {}
    if name == _CODEPAGE:
        gathered.codepage = f"cp{int.from_bytes(data[:4], 'little')}"
    elif name == _SUBJECT:
        gathered.properties.setdefault(SUBJECT, Value(STRING8, data))
    elif name == _BODY:
        gathered.properties.setdefault(BODY, Value(STRING8, data))
    elif name == _PROPERTIES:
        gathered.properties |= read_properties(data)
    elif name == _NEXT_FILE:
        gathered.files.append({})
    elif name == _FILE_NAME:
        latest.setdefault(FILE_NAMES[-1], Value(STRING8, data))
    elif name == _FILE_DATA:
        latest.setdefault(ATTACHED_DATA, Value(BINARY, data))
    elif name == _FILE_PROPERTIES:
        latest.update(_of_file(read_properties(data), latest))


def _of_file(told: dict[int, Value], before: dict[int, Value]) -> dict[int, Value]:
    """A file's properties; its bytes, where they came by themselves, go before those of an object drawn into a text."""
    data = told.get(ATTACHED_DATA)
    drawn = data is not None and data.kind == OBJECT and not data.data.startswith(_MESSAGE_OBJECT)
    return {name: told[name] for name in told if name != ATTACHED_DATA} if drawn and ATTACHED_DATA in before else told


def _attached(properties: dict[int, Value], depth: int) -> Attached:
    data = properties.get(ATTACHED_DATA)
    if data is None or data.kind != OBJECT:
        return Attached(properties)
    if data.data.startswith(_MESSAGE_OBJECT):
        return Attached(properties, read_tnef(data.data[len(_MESSAGE_OBJECT) :], depth + 1))
    return Attached(properties | {ATTACHED_DATA: Value(BINARY, data.data[16:])})


def read_properties(data: bytes) -> dict[int, Value]:
    """The properties of a message or a file, by their number (MS-OXTNEF 2.1.3.4); raises ContainerFault."""
    cursor, found = _Cursor(data), dict[int, Value]()
    for _ in range(min(cursor.number(), MOST_PROPERTIES)):
        kind, name = cursor.number(2), cursor.number(2)
        if name >= 0x8000:
            _pass_over_name(cursor)
        value = _value(cursor, kind)
        found.setdefault(name, Value(kind & ~MULTIPLE, value))
    return found


def _pass_over_name(cursor: _Cursor) -> None:
    cursor.take(16)
    if cursor.number() == 0:
        cursor.take(4)
    else:
        cursor.padded(cursor.number())


def _value(cursor: _Cursor, kind: int) -> bytes:
    """The value of a property, the first where it has several."""
    single = kind & ~MULTIPLE
    if single in (STRING8, UNICODE, BINARY, OBJECT):
        values = [cursor.padded(cursor.number()) for _ in range(_several(cursor))]
    elif single in FIXED:
        values = [cursor.padded(FIXED[single]) for _ in range(_several(cursor) if kind & MULTIPLE else 1)]
    else:
        raise ContainerFault(what="it has a property of an unknown type")
    return values[0] if values else b""


def _several(cursor: _Cursor) -> int:
    number = cursor.number()
    if number > MOST_PROPERTIES:
        raise ContainerFault(what="a property has too many values")
    return number

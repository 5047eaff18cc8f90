"""Outlook's .msg files (MS-OXMSG): a message saved from Outlook, often the request itself."""

import re
import struct

from mail.compound_file import CompoundFile, Entry
from mail.container_fault import ContainerFault
from mail.mapi import ATTACHED_DATA, FIXED, OBJECT, Attached, MapiMessage, Value

DEEPEST = 3
MOST_ATTACHED = 200

_PROPERTY = re.compile(r"__substg1\.0_([0-9a-f]{4})([0-9a-f]{4})")
_ATTACHED = "__attach_version1.0_#"
_FIXED_PROPERTIES = "__properties_version1.0"
_FIXED_VALUE = struct.Struct("<HHI8s")
_HEADERS = {"root": 32, "message": 24, "attached": 8}  # bytes before the fixed properties (MS-OXMSG 2.4)


def read_msg(data: bytes) -> MapiMessage:
    """The message in a .msg file; raises ContainerFault."""
    file = CompoundFile(data)
    if _FIXED_PROPERTIES not in file.root.children:
        raise ContainerFault(what="it holds no message")
    return _message(file, file.root, "root", 0)


def _message(file: CompoundFile, storage: Entry, place: str, depth: int) -> MapiMessage:
    if depth > DEEPEST:
        raise ContainerFault(what=f"messages are nested deeper than {DEEPEST}")
    storages = [storage.children[name] for name in sorted(storage.children) if name.startswith(_ATTACHED)]
    attached = tuple(_attached(file, one, depth) for one in storages[:MOST_ATTACHED] if not one.is_stream)
    return MapiMessage(_properties(file, storage, place), attached)


def _attached(file: CompoundFile, storage: Entry, depth: int) -> Attached:
    properties = _properties(file, storage, "attached")
    inner = storage.children.get(f"__substg1.0_{ATTACHED_DATA:04x}{OBJECT:04x}")
    if inner is None or inner.is_stream or _FIXED_PROPERTIES not in inner.children:
        return Attached(properties)  # a picture drawn into the text stays in the .msg file
    return Attached(properties, _message(file, inner, "message", depth + 1))


def _properties(file: CompoundFile, storage: Entry, place: str) -> dict[int, Value]:
    found = _fixed(file, storage, _HEADERS[place])
    for name, entry in storage.children.items():
        match = _PROPERTY.fullmatch(name)
        if match and entry.is_stream:
            found[int(match[1], 16)] = Value(int(match[2], 16), file.read(entry))
    return found


def _fixed(file: CompoundFile, storage: Entry, header: int) -> dict[int, Value]:
    """Numbers and times, which stand in one stream together."""
    stream = storage.children.get(_FIXED_PROPERTIES)
    data = file.read(stream) if stream and stream.is_stream else b""
    found: dict[int, Value] = {}
    for at in range(header, len(data) - _FIXED_VALUE.size + 1, _FIXED_VALUE.size):
        kind, name, _, value = _FIXED_VALUE.unpack_from(data, at)
        if kind in FIXED:
            found[name] = Value(kind, value)
    return found

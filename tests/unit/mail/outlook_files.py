"""Outlook's files as Outlook writes them, small: a winmail.dat, and a compound file with a message in it."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Properties = dict[int, tuple[int, bytes]]  # a number, with its type and its value

TEXT8, TEXT, BINARY, TIME, LONG, OBJECT = 0x1E, 0x1F, 0x102, 0x40, 0x03, 0x0D
A_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
FREE, END, TABLE, LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
SECTOR, SMALL, CUTOFF = 512, 64, 4096


def words(text: str) -> tuple[int, bytes]:
    return TEXT, text.encode("utf-16-le")


def moment(at: datetime) -> tuple[int, bytes]:
    since = at - datetime(1601, 1, 1, tzinfo=UTC)
    return TIME, struct.pack("<Q", (since.days * 86400 + since.seconds) * 10_000_000)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def properties(given: Properties) -> bytes:
    """Properties as they stand in a TNEF stream."""
    out = [struct.pack("<I", len(given))]
    for name, (kind, data) in given.items():
        out.append(struct.pack("<HH", kind, name))
        if kind in (TEXT8, TEXT, BINARY, OBJECT):
            ended = data + (b"\0\0" if kind == TEXT else b"")
            out += [struct.pack("<II", 1, len(ended)), _padded(ended)]
        else:
            out.append(_padded(data))
    return b"".join(out)


def attribute(name: int, data: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) % 65536)


def tnef(message: Properties, files: Sequence[tuple[str, bytes]] = (), inner: Sequence[bytes] = ()) -> bytes:
    """A winmail.dat with a message's properties, its files, and messages enclosed in it (each a TNEF)."""
    out = [b"\x78\x9f\x3e\x22\x01\x00", attribute(0x00089006, struct.pack("<I", 0x10000))]
    out += [attribute(0x00069007, struct.pack("<II", 1252, 0)), attribute(0x00069003, properties(message))]
    for name, data in files:
        out += [attribute(0x00069002, b"\0" * 14, 2), attribute(0x00018010, name.encode("cp1252") + b"\0", 2)]
        out += [attribute(0x0006800F, data, 2), attribute(0x00069005, properties({0x3707: words(name)}), 2)]
    for one in inner:
        held: Properties = {0x3705: (LONG, struct.pack("<I", 5)), 0x3701: (OBJECT, A_MESSAGE + one)}
        out += [attribute(0x00069002, b"\0" * 14, 2), attribute(0x00069005, properties(held), 2)]
    return b"".join(out)


@dataclass(frozen=True)
class Node:
    """A stream with its bytes, or a storage with what is in it."""

    name: str
    data: bytes = b""
    children: tuple["Node", ...] | None = None


def msg(message: Properties, files: Sequence[tuple[str, bytes]] = (), inner: Sequence[tuple[Node, ...]] = ()) -> bytes:
    """A .msg file."""
    return compound(stored_message(message, files, inner, 32))


def stored_message(
    message: Properties,
    files: Sequence[tuple[str, bytes]] = (),
    inner: Sequence[tuple[Node, ...]] = (),
    header: int = 24,
) -> tuple[Node, ...]:
    """What stands in a message's storage; `header` is 32 for the message itself, 24 for one within another."""
    nodes = [*_streams(message, header)]
    held = [((0x3707, words(name)), (0x3701, (BINARY, data))) for name, data in files]
    for number, attached in enumerate(held):
        nodes.append(Node(f"__attach_version1.0_#{number:08X}", children=tuple(_streams(dict(attached), 8))))
    for number, one in enumerate(inner, len(held)):
        stored = Node("__substg1.0_3701000D", children=one)
        nodes.append(Node(f"__attach_version1.0_#{number:08X}", children=(*_streams({}, 8), stored)))
    return tuple(nodes)


def _streams(given: Properties, header: int) -> list[Node]:
    fixed = b"\0" * header
    streams = []
    for name, (kind, data) in given.items():
        if kind in (TIME, LONG):
            fixed += struct.pack("<HHI8s", kind, name, 6, data)
        else:
            streams.append(Node(f"__substg1.0_{name:04X}{kind:04X}", data))
            fixed += struct.pack("<HHI8s", kind, name, 6, struct.pack("<I", len(data) + 2 * (kind == TEXT)))
    return [*streams, Node("__properties_version1.0", fixed)]


class _Disk:
    """Sectors being filled, and the table of their chains."""

    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.table: list[int] = []

    def put(self, data: bytes) -> int:
        if not data:
            return END
        start = len(self.sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        self.sectors += pieces
        self.table += [*range(start + 1, start + len(pieces)), END]
        return start


def compound(nodes: tuple[Node, ...]) -> bytes:
    """A compound file (MS-CFB) of version 3 with these nodes under its root."""
    disk, small, small_table = _Disk(), bytearray(), list[int]()
    entries: list[list[object]] = [["Root Entry", 5, FREE, FREE, FREE, 0, 0]]

    def add(children: tuple[Node, ...], parent: int) -> None:
        before = parent
        for node in children:
            number = len(entries)
            kind = 2 if node.children is None else 1
            entries.append([node.name, kind, FREE, FREE, FREE, _store(node), len(node.data)])
            entries[before][4 if before == parent else 3] = number  # a child, then a chain of right neighbours
            before = number
            if node.children is not None:
                add(node.children, number)

    def _store(node: Node) -> int:
        if node.children is not None or not node.data:
            return END if node.children is None else 0
        if len(node.data) >= CUTOFF:
            return disk.put(node.data)
        start, count = len(small_table), -(-len(node.data) // SMALL)
        small_table.extend([*range(start + 1, start + count), END])
        small.extend(node.data.ljust(count * SMALL, b"\0"))
        return start

    add(nodes, 0)
    entries[0][5], entries[0][6] = disk.put(bytes(small)), len(small)
    directory = disk.put(b"".join(_entry(*entry) for entry in entries))  # type: ignore[arg-type]
    small_start = disk.put(struct.pack(f"<{len(small_table)}I", *small_table)) if small_table else END
    return _assemble(disk, directory, small_start, -(-len(small_table) * 4 // SECTOR))


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    head = struct.pack("<64sHBB", text, len(text) + 2, kind, 1)
    return head + struct.pack("<III16sI8s8sIQ", left, right, child, b"", 0, b"", b"", start, size)


def _assemble(disk: _Disk, directory: int, small_start: int, small_count: int) -> bytes:
    tables, further = 1, 0  # sectors of the table, and of the list of those that the header has no room for
    while tables * SECTOR // 4 < len(disk.table) + tables + further:
        tables += 1
        further = -(-max(0, tables - 109) // 127)
    first = len(disk.sectors)
    table = [*disk.table, *[TABLE] * tables, *[LIST] * further]
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    named = [*range(first, first + tables)]
    listed = first + tables
    body = b"".join(disk.sectors) + _numbers(table) + _listing(named[109:], listed)
    head = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6)
    small = (CUTOFF, small_start, small_count)
    head += _numbers([0, tables, directory, 0, *small, listed if further else END, further])
    return head + _numbers([*named[:109], *[FREE] * (109 - tables)]) + body


def _listing(named: list[int], start: int) -> bytes:
    """Sectors of 127 numbers each, and the number of the next."""
    out = []
    for count, at in enumerate(range(0, len(named), 127), 1):
        piece = named[at : at + 127]
        out.append(_numbers([*piece, *[FREE] * (127 - len(piece)), start + count if at + 127 < len(named) else END]))
    return b"".join(out)


def _numbers(given: list[int]) -> bytes:
    return struct.pack(f"<{len(given)}I", *given)

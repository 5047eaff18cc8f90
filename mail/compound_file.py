"""Microsoft's compound files (MS-CFB), a file system within a file, such as Outlook's .msg: read, never trusted."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mail.container_fault import ContainerFault

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_ENTRIES = 10_000
DEEPEST = 12  # storages within storages

_STORAGE, _STREAM, _ROOT = 1, 2, 5
_LAST_SECTOR = 0xFFFFFFFA  # what is above has another meaning
_ENTRY = struct.Struct("<64sHBBIII16sI8s8sIQ")
_IN_HEADER = 109  # sectors of the allocation table that the header itself names


@dataclass(slots=True)
class Entry:
    """A stream, or a storage with what is in it by name, folded to lower case."""

    name: str
    kind: int
    start: int
    size: int
    children: dict[str, "Entry"] = field(default_factory=dict)

    @property
    def is_stream(self) -> bool:
        return self.kind == _STREAM


class CompoundFile:
    """A compound file; every method raises ContainerFault where it is broken.

    All that is read of it together may be twice as long as the file itself, for streams may claim the same sectors.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise ContainerFault(what="it is no compound file")
        self._data = data
        self._room = 2 * len(data) + (1 << 20)
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ContainerFault(what="its sectors have an odd size")
        self._sector, self._small_sector = 1 << shift, 1 << small_shift
        self._most = len(data) // self._sector + 1
        directory, self._cutoff, small_table = struct.unpack_from("<I4xII", data, 48)
        self._table = self._read_table()
        self._small_table = _numbers(self._chain(small_table, most=self._most // 16 + 1))  # four bytes for sixty-four
        entries = self._read_entries(self._chain(directory))
        self.root = self._grow(entries)
        self._small = self._chain(self.root.start) if self.root.size else b""

    def read(self, entry: Entry) -> bytes:
        """A stream's bytes."""
        if entry.size > len(self._data):
            raise ContainerFault(what="a stream is longer than the file")
        if entry.size >= self._cutoff:
            return self._chain(entry.start, entry.size)
        size = self._small_sector
        chain = _follow(self._small_table, entry.start, entry.size // size + 1)
        return self._counted(b"".join(self._small[at * size : (at + 1) * size] for at in chain), entry.size)

    def _read_table(self) -> list[int]:
        """The allocation table, whose own sectors the header names, and a chain of further sectors after it."""
        sectors = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        further, count = struct.unpack_from("<II", self._data, 68)
        per_sector = self._sector // 4 - 1
        for _ in range(min(count, self._most)):
            if further >= _LAST_SECTOR:
                break
            *more, further = _numbers(self._at(further))[: per_sector + 1]
            sectors += more
        # No more of them than the file can need: a number takes eight times its room in memory.
        used = [number for number in sectors if number < _LAST_SECTOR][: self._most // per_sector + _IN_HEADER]
        return _numbers(b"".join(self._at(number) for number in used))

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        sector = self._data[start : start + self._sector]
        if not sector:
            raise ContainerFault(what="a sector lies outside the file")
        return sector.ljust(self._sector, b"\0")  # the last one may be cut

    def _chain(self, start: int, size: int | None = None, most: int = 0) -> bytes:
        """The bytes of a chain, `size` of them where that is told, of at most so many sectors."""
        most = most or (self._most if size is None else size // self._sector + 1)
        whole = b"".join(self._at(number) for number in _follow(self._table, start, most))
        return self._counted(whole, len(whole) if size is None else size)

    def _counted(self, data: bytes, size: int) -> bytes:
        self._room -= size
        if self._room < 0:
            raise ContainerFault(what="its streams share their bytes")
        if len(data) < size:
            raise ContainerFault(what="a stream is cut off")
        return data[:size]

    def _read_entries(self, directory: bytes) -> list[tuple[Entry, int, int, int]]:
        """Each entry, with the numbers of its left and right neighbour and of its first child."""
        found: list[tuple[Entry, int, int, int]] = []
        for at in range(0, len(directory) - _ENTRY.size + 1, _ENTRY.size)[:MOST_ENTRIES]:
            name, length, kind, _, left, right, child, _, _, _, _, start, size = _ENTRY.unpack_from(directory, at)
            text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            size = size & 0xFFFFFFFF if self._sector == 512 else size  # MS-CFB 2.6.3: the upper half may be rubbish
            found.append((Entry(text.lower(), kind, start, size), left, right, child))
        return found

    def _grow(self, entries: list[tuple[Entry, int, int, int]]) -> Entry:
        """The tree under the root; an entry that stands in it twice is left out the second time."""
        if not entries or entries[0][0].kind != _ROOT:
            raise ContainerFault(what="it has no root")
        seen = {0}
        waiting = [(entries[0][0], entries[0][3], 0)]
        while waiting:
            parent, number, depth = waiting.pop()
            for entry, child in _siblings(entries, number, seen):
                parent.children[entry.name] = entry
                if entry.kind == _STORAGE and depth < DEEPEST:
                    waiting.append((entry, child, depth + 1))
        return entries[0][0]


def _siblings(entries: list[tuple[Entry, int, int, int]], number: int, seen: set[int]) -> Iterator[tuple[Entry, int]]:
    """The entries of one storage, which are a binary tree, each with its own first child."""
    waiting = [number]
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry, left, right, child = entries[number]
        waiting += [left, right]
        if entry.kind in (_STORAGE, _STREAM):
            yield entry, child


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _follow(table: list[int], start: int, most: int) -> Iterator[int]:
    """The sectors of a chain, at most so many: one that bites its tail ends there."""
    number = start
    for _ in range(most):
        if number >= _LAST_SECTOR:
            return
        if number >= len(table):
            raise ContainerFault(what="a chain of sectors leads nowhere")
        yield number
        number = table[number]

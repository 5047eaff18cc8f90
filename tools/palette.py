"""Smaller pictures of pages: an RGB PNG rewritten with a palette of a few colours."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 48  # of a page's own, with enough of the greys between letters and paper; a fifth smaller than with 256
CHANNELS = 3  # what Chromium writes: eight bits each of red, green and blue


def shrink(picture: bytes) -> bytes:
    """The same picture with its COLOURS commonest colours; raises ValueError for any other kind of PNG."""
    parts = list(_chunks(picture))
    width, height, *kind = struct.unpack(">IIBBBBB", parts[0][1])
    if kind != [8, 2, 0, 0, 0]:
        raise ValueError("not an eight bit RGB picture without interlacing")
    packed = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    rows = list(_rows(packed, width * CHANNELS, height))
    palette, number = _palette(rows)
    pixels = b"".join(b"\0" + bytes(number[colour] for colour in _colours(row)) for row in rows)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(palette)),
            _chunk(b"IDAT", zlib.compress(pixels, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(packed: bytes, stride: int, height: int) -> Iterator[bytearray]:
    """The rows with their filters undone (PNG, 9.2)."""
    above = bytearray(stride)
    for start in range(0, height * (stride + 1), stride + 1):
        above = _unfilter(packed[start], bytearray(packed[start + 1 : start + 1 + stride]), above)
        yield above


def _unfilter(kind: int, row: bytearray, above: bytearray) -> bytearray:
    if kind == 0:
        return row
    for at, value in enumerate(row):
        left = row[at - CHANNELS] if at >= CHANNELS else 0
        corner = above[at - CHANNELS] if at >= CHANNELS else 0
        row[at] = (value + _predicted(kind, left, above[at], corner)) & 255
    return row


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 3:
        return left if kind == 1 else up
    return (left + up) // 2 if kind == 3 else _paeth(left, up, corner)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def _colours(row: bytearray) -> Iterator[bytes]:
    return (bytes(row[at : at + CHANNELS]) for at in range(0, len(row), CHANNELS))


def _palette(rows: list[bytearray]) -> tuple[list[bytes], dict[bytes, int]]:
    """The commonest colours, and the nearest of them for every colour that occurs."""
    seen = Counter(colour for row in rows for colour in _colours(row))
    palette = [colour for colour, _ in seen.most_common(COLOURS)]
    return palette, {colour: _nearest(colour, palette) for colour in seen}


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda at: sum((a - b) ** 2 for a, b in zip(colour, palette[at], strict=True)))

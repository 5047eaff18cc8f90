"""Mail signed opaquely (S/MIME, RFC 8551 3.5.2): what was signed is taken out, and no signature is checked.

The wrapping is BER (X.690), read here without recursion into what it holds: no key, no certificate and no crypto is
needed to hand over words that lie there in the clear.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mail.container_fault import ContainerFault

NOT_CHECKED = "[This mail is signed. The desk has taken out what was signed and has not checked the signature.]"
DEEPEST = 8
MOST_PIECES = 100_000

_OID, _OCTETS, _SEQUENCE, _SET, _CONTEXT = 0x06, 0x04, 0x30, 0x31, 0xA0
_CONSTRUCTED, _MANY = 0x20, 0x1F
_SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # RFC 5652 5.1
_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"  # RFC 5652 4
_END = b"\0\0"


@dataclass(frozen=True, slots=True)
class _Element:
    """One element: its tag and where its content lies; `stop` is -1 when that ends with a mark (X.690 8.1.3.6)."""

    tag: int
    start: int
    stop: int


def signed_content(data: bytes) -> bytes:
    """The MIME entity within signed-data (RFC 5652 5); raises ContainerFault for anything else."""
    kind, wrapped = _first_two(data, _element(data, 0))
    if kind.tag != _OID or data[kind.start : kind.stop] != _SIGNED_DATA:
        raise ContainerFault(what="it is not signed data")
    signed = _element(data, _inside(wrapped, _CONTEXT))
    for element in _within(data, signed, _SEQUENCE):
        if element.tag == _SEQUENCE:  # the version and the set of digests come before it
            return _content(data, element)
    raise ContainerFault(what="it holds no content")


def _content(data: bytes, encapsulated: _Element) -> bytes:
    kind, wrapped = _first_two(data, encapsulated)
    if data[kind.start : kind.stop] != _DATA:
        raise ContainerFault(what="what was signed is no mail")
    return b"".join(_octets(data, _element(data, _inside(wrapped, _CONTEXT)), 0))


def _octets(data: bytes, element: _Element, depth: int) -> Iterator[bytes]:
    """The pieces of an octet string, which may be made of octet strings (X.690 8.7.3)."""
    if element.tag == _OCTETS and element.stop >= 0:
        yield data[element.start : element.stop]
    elif element.tag == _OCTETS | _CONSTRUCTED and depth < DEEPEST:
        for piece in _within(data, element, _OCTETS | _CONSTRUCTED):
            yield from _octets(data, piece, depth + 1)
    else:
        raise ContainerFault(what="its content is no octet string")


def _first_two(data: bytes, element: _Element) -> tuple[_Element, _Element]:
    found = _within(data, element, _SEQUENCE)
    first, second = next(found, None), next(found, None)
    if first is None or second is None:
        raise ContainerFault(what="it is cut off")
    return first, second


def _inside(element: _Element, tag: int) -> int:
    """Where the content of an element begins, which must have that tag."""
    if element.tag != tag:
        raise ContainerFault(what="it is not put together as it should be")
    return element.start


def _within(data: bytes, outer: _Element, tag: int) -> Iterator[_Element]:
    """The elements within one, which must have that tag."""
    at, stop = _inside(outer, tag), outer.stop if outer.stop >= 0 else len(data)
    for _ in range(MOST_PIECES):
        if at >= stop or (outer.stop < 0 and data[at : at + 2] == _END):
            return
        element = _element(data, at)
        yield element
        at = _after(data, element, 0)
    raise ContainerFault(what="it has too many pieces")


def _after(data: bytes, element: _Element, depth: int) -> int:
    """Where the next element begins."""
    if element.stop >= 0:
        return element.stop
    if depth > DEEPEST:
        raise ContainerFault(what="it is nested too deeply")
    at = element.start
    for _ in range(MOST_PIECES):
        if data[at : at + 2] == _END:
            return at + 2
        at = _after(data, _element(data, at), depth + 1)
    raise ContainerFault(what="it has too many pieces")


def _element(data: bytes, at: int) -> _Element:
    if at + 2 > len(data) or data[at] & _MANY == _MANY:
        raise ContainerFault(what="it is cut off")
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length == 0x80:
        return _Element(tag, start, -1)
    if length > 0x80:
        count = length - 0x80
        length = int.from_bytes(data[start : start + count], "big") if count <= 4 else len(data)
        start += count
    if start + length > len(data):
        raise ContainerFault(what="it is cut off")
    return _Element(tag, start, start + length)

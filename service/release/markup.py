"""XML as it is read from a stranger: no document type, no entities, no depth without end, one element at a time."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from service.release.archive import DAMAGED
from service.release.unreadable import CannotLook

DEEPEST = 256
LONGEST_TEXT = 1_000_000  # characters of one element
LONGEST_NUMBER = 15  # digits
MOST_NAMES = 5_000


@dataclass(slots=True)
class Element:
    """An element without its namespace: `starts` when it opens; its `text` is there when it closes."""

    name: str
    attributes: dict[str, str]
    starts: bool = True
    text: str = ""
    path: tuple[str, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """An attribute by its local name."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """An attribute that is a whole number; the default for anything else."""
        text = self.get(name)
        plain = text.removeprefix("-")
        return int(text) if plain.isascii() and plain.isdigit() and len(plain) < LONGEST_NUMBER else default

    def says(self, name: str) -> bool:
        """Whether an attribute of the kind xsd:boolean is true."""
        return self.get(name).lower() in ("1", "true", "on")


@dataclass(slots=True)
class _Walk:
    """What expat calls, a million times for a large sheet: the open elements, and those that wait to be handed out."""

    ready: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # of each open element
    path: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: list[str]) -> None:
        if len(self.open) >= DEEPEST:
            raise CannotLook(reason="The file is nested too deeply to be read safely.")
        local = self.names.get(name) or self._local(name)
        element = Element(local, self._by_name(attributes) if attributes else {}, path=self.path)
        self.open.append(element)
        self.ready.append(element)
        self.texts.append("")
        self.path += (local,)

    def text(self, text: str) -> None:
        if self.texts and len(self.texts[-1]) < LONGEST_TEXT:
            self.texts[-1] += text

    def end(self, _: str) -> None:
        opened = self.open.pop()
        self.path = opened.path
        self.ready.append(Element(opened.name, opened.attributes, starts=False, text=self.texts.pop(), path=self.path))

    def refuse(self, *_: object) -> int:
        raise CannotLook(reason="The file has XML declarations that no office program writes: it may be an attack.")

    def _by_name(self, attributes: list[str]) -> dict[str, str]:
        pairs = iter(attributes)
        return {self.names.get(name) or self._local(name): value for name, value in zip(pairs, pairs, strict=True)}

    def _local(self, name: str) -> str:
        """A name without its namespace, remembered while there are as few of them as any format has."""
        local = sys.intern(name.rpartition(" ")[2])
        if len(self.names) < MOST_NAMES:
            self.names[name] = local
        return local


def elements(pieces: Iterable[bytes]) -> Iterator[Element]:
    """Every element of a document, when it opens and again when it closes; raises CannotLook."""
    walk = _Walk()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = walk.refuse
    for piece in pieces:
        yield from _fed(parser, walk, piece, last=False)
    yield from _fed(parser, walk, b"", last=True)


def _fed(parser: expat.XMLParserType, walk: _Walk, piece: bytes, *, last: bool) -> list[Element]:
    try:
        parser.Parse(piece, last)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise CannotLook(reason=DAMAGED) from fault
    ready, walk.ready = walk.ready, []
    return ready


def closed(pieces: Iterable[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names, each when it closes."""
    return (element for element in elements(pieces) if not element.starts and element.name in names)

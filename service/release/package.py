"""An Office Open XML package (ECMA-376): its parts, and what they point to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath

from service.release.archive import Archive
from service.release.markup import Element, closed, elements


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part: its kind (the last word of its type), and the part or address it leads to."""

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of an Office file by name, whatever the case of its letters."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._by_case = {name.casefold(): name for name in archive.parts}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._by_case

    def named(self, pattern: str) -> list[str]:
        """The parts whose whole name matches."""
        return [name for name in self._archive.parts if re.fullmatch(pattern, name, re.IGNORECASE)]

    def elements(self, name: str) -> Iterator[Element]:
        """The elements of a part as they open and close; none when there is no such part."""
        actual = self._by_case.get(name.casefold())
        return elements(self._archive.pieces(actual)) if actual else iter(())

    def closed(self, name: str, *names: str) -> Iterator[Element]:
        """The elements of a part that have these names, as they close."""
        actual = self._by_case.get(name.casefold())
        return closed(self._archive.pieces(actual), *names) if actual else iter(())

    def count(self, name: str, *names: str) -> int:
        """How many elements of these names a part has."""
        return sum(1 for _ in self.closed(name, *names))

    def elements_within(self, name: str) -> int:
        """How many elements a part has beside its root: Word writes empty ones."""
        return sum(1 for element in self.elements(name) if element.starts) - 1

    def read(self, name: str) -> bytes:
        """A part's bytes."""
        return self._archive.read(name)

    def links(self, name: str) -> dict[str, Link]:
        """What a part points to, by the relationship's id; an empty name is the package itself."""
        path = PurePosixPath(name)
        found = {}
        for element in self.closed(f"{path.parent}/_rels/{path.name}.rels".removeprefix("./"), "Relationship"):
            outside = element.get("TargetMode").casefold() == "external"
            target = element.get("Target")
            if not outside:
                target = normpath(target.lstrip("/") if target.startswith("/") else f"{path.parent}/{target}")
            found[element.get("Id")] = Link(element.get("Type").rpartition("/")[2], target, outside)
        return found

    def main_part(self) -> str:
        """The part that the others hang from; empty when there is none."""
        links = self.links("")
        return next((link.target for link in links.values() if link.kind == "officeDocument"), "")

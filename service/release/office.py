"""What any Office file (docx, xlsx, pptx) may carry beside what its kind shows."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from service.release.found import Found, hint, listed, several, shown
from service.release.package import Package
from service.release.pictures import look_into_picture

_PEOPLE = {"creator": "author", "lastModifiedBy": "last changed by", "Manager": "manager"}
_COMPANY = {"Company": "company"}
_PROSE = ("subject", "keywords", "description", "category", "title", "HyperlinkBase")
_PROPERTIES = (*_PEOPLE, *_COMPANY, *_PROSE)
_INTERNAL = re.compile(
    r"^(?:file:|\\\\|[A-Za-z]:[\\/])|^https?://[^./]+(?:/|$)|sharepoint\.com|\.local(?:/|$)", re.IGNORECASE
)
MOST_PICTURES = 300
_EMBEDDED = r".*/embeddings/.*"


def look_into_office(package: Package) -> Iterator[Found]:
    """What any Office file may carry unseen; raises CannotLook."""
    yield from _properties(package)
    yield from _programs(package)
    yield from _carried(package)
    yield from _outside(package)
    yield from _drawn(package)
    yield from _pictures(package)


def embedded(package: Package) -> list[str]:
    """The parts that are whole files of their own."""
    return package.named(_EMBEDDED)


def _properties(package: Package) -> Iterator[Found]:
    told = [
        element.name
        for part in ("docProps/core.xml", "docProps/app.xml")
        for element in package.closed(part, *_PROPERTIES)
        if element.text.strip()
    ]
    yield from tell_properties([_PEOPLE[name] for name in told if name in _PEOPLE], _prose(told))
    custom = [shown(element.get("name")) for element in package.closed("docProps/custom.xml", "property")]
    if custom:
        yield Found("custom properties", f"Carries {listed(custom)}: often an office system's labels.", "Properties")


def _prose(told: Iterable[str]) -> list[str]:
    return [_COMPANY.get(name, name) for name in told if name not in _PEOPLE]


def tell_properties(people: list[str], prose: list[str]) -> Iterator[Found]:
    """What there is to say about a document's properties: who they name weighs more than what."""
    if people:
        yield Found("document properties", f"Names people: {listed(dict.fromkeys(people))}.", "Properties")
    if prose:
        yield hint("document properties", f"Tells {listed(dict.fromkeys(prose))}.", "Properties")


def _programs(package: Package) -> Iterator[Found]:
    if package.named(r".*vbaproject\.bin"):
        yield Found("macros", "Carries a program (VBA), whose text may tell more than the document shows.")
    if package.named(r"xl/macrosheets/.*\.xml"):
        yield Found("macros", "Carries macro sheets of an old kind (Excel 4).")
    if package.named(r".*/activex/.*"):
        yield Found("controls", "Carries ActiveX controls, which may hold data that no page shows.")


def _carried(package: Package) -> Iterator[Found]:
    if parts := embedded(package):
        names = listed(shown(PurePosixPath(name).name) for name in parts)
        what = several(len(parts), "whole file is", "whole files are")
        yield Found("embedded files", f"{what} embedded behind what is shown: a chart's workbook, say.", names)
    if stored := [part for part in package.named(r"customXml/item\d+\.xml") if package.elements_within(part)]:
        pieces = several(len(stored), "piece")
        yield hint("custom XML", f"{pieces} of data that no page shows; often a template's or an office system's.")
    if package.named(r"docProps/thumbnail\..*"):
        yield hint("thumbnail", "A small picture of the first page, perhaps of an earlier state.")


def _outside(package: Package) -> Iterator[Found]:
    kinds = set()
    for rels in package.named(r"(?:.*/)?_rels/.*\.rels"):
        part = rels.replace("_rels/", "").removesuffix(".rels")
        kinds |= {link.kind for link in package.links(part).values() if link.outside and _INTERNAL.search(link.target)}
    if kinds:
        sentence = f"Names files or servers of the authority's own: {listed(sorted(kinds))}."
        yield Found("internal addresses", sentence)


def _drawn(package: Package) -> Iterator[Found]:
    """Shapes that are hidden, pictures whose cut-off edges are still there, and the figures behind a chart."""
    hidden = cropped = 0
    for part in package.named(r"(?:word/(?:document|header\d*|footer\d*)|(?:xl/drawings|ppt/slides)/[^/]+)\.xml"):
        for element in package.closed(part, "cNvPr", "docPr", "srcRect"):
            if element.name == "srcRect":
                cropped += any(element.get(side).strip("-0") for side in "ltrb")
            else:
                hidden += element.says("hidden")
    if hidden:
        yield Found("hidden shapes", f"{several(hidden, 'shape or picture', 'shapes or pictures')} that no page shows.")
    if cropped:
        pictures = several(cropped, "picture is", "pictures are")
        yield Found("cropped pictures", f"{pictures} cropped, and what was cut away may still be there.")
    values = sum(package.count(part, "pt") for part in package.named(r".*/charts/chart[^/]*\.xml"))
    if values:
        sentence = f"Charts keep {several(values, 'exact value')} behind what they draw."
        yield hint("chart caches", sentence)


def _pictures(package: Package) -> Iterator[Found]:
    pictures = package.named(r".*/media/.*\.(?:jpe?g|png|tiff?|webp)")
    for name in pictures[:MOST_PICTURES]:
        for found in look_into_picture(package.read(name)):
            if found.serious:
                yield found.inside(f"Picture {shown(PurePosixPath(name).name)}")
    if len(pictures) > MOST_PICTURES:
        more = several(len(pictures) - MOST_PICTURES, "picture has", "pictures have")
        yield Found("cannot be looked into", f"{more} not been looked into: there are too many.")

"""OpenDocument files (ods, odt, odp; ISO 26300): what LibreOffice keeps and does not show."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.release.found import Found, cannot, hint, several, shown
from service.release.markup import Element
from service.release.office import tell_properties
from service.release.package import Package
from service.release.personal import personal_data
from service.release.pictures import look_into_picture

_PEOPLE = {"initial-creator": "author", "creator": "last changed by", "printed-by": "printed by"}
_PROSE = ("title", "subject", "keyword", "description")
MOST_REPEATED = 100_000  # a sheet's empty rest is one row, repeated to its end
_HIDDEN = ("false", "collapse", "filter", "none", "hidden")


@dataclass(slots=True)
class _Seen:
    """What was counted in content.xml."""

    styles: set[str] = field(default_factory=set)  # the styles that hide a sheet, a slide or letters
    style: str = ""
    sheet: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    sheets: list[str] = field(default_factory=list)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


def look_into_open_document(package: Package) -> Iterator[Found]:
    """What an OpenDocument file hides; raises CannotLook."""
    if package.count("META-INF/manifest.xml", "encryption-data"):
        yield cannot("The file is protected by a password. Release it without one.")
        return
    seen = _Seen()
    for part in ("styles.xml", "content.xml"):
        for element in package.elements(part):
            _start(element, seen) if element.starts else _end(element, seen)
    yield from _tell_hidden(seen)
    yield from _tell_words(seen)
    yield from _properties(package)
    yield from _carried(package)
    yield from personal_data(seen.lines, "Text")


def _start(element: Element, seen: _Seen) -> None:
    match element.name:
        case "style":
            seen.style = element.get("name")
        case "table-properties" | "text-properties" | "drawing-page-properties":
            if element.get("display") in _HIDDEN or element.get("visibility") == "hidden":
                seen.styles.add(seen.style)
        case "table":
            seen.sheet = element.get("name")
            if element.get("style-name") in seen.styles or element.get("display") == "false":
                seen.sheets.append(seen.sheet)
        case "table-row" | "table-column" if element.get("visibility") in _HIDDEN:
            what = element.name.removeprefix("table-")
            repeated = element.number(f"number-{what}s-repeated", 1)
            if repeated < MOST_REPEATED:
                seen.rows[(seen.sheet, what)] += repeated
        case "page" if element.get("style-name") in seen.styles:
            seen.counts["slides"] += 1
        case "span" | "p" if element.get("style-name") in seen.styles:
            seen.counts["hidden text"] += 1
        case "annotation" | "changed-region" | "hidden-text" | "hidden-paragraph" | "table-source" | "script":
            seen.counts[element.name] += 1
        case _:
            pass


def _end(element: Element, seen: _Seen) -> None:
    if element.name == "p" and "notes" in element.path and element.text.strip():
        seen.counts["notes"] += 1
    if element.name in ("p", "span", "a") and element.text.strip():
        seen.lines.append(element.text)


def _tell_hidden(seen: _Seen) -> Iterator[Found]:
    for sheet in seen.sheets:
        yield Found("hidden sheet", "The sheet is hidden.", f'Sheet "{shown(sheet)}"')
    for (sheet, what), count in seen.rows.items():
        yield Found(f"hidden {what}s", f"{several(count, what)} hidden or filtered.", f'Sheet "{shown(sheet)}"')
    if slides := seen.counts["slides"]:
        yield Found("hidden slides", f"{several(slides, 'slide is', 'slides are')} hidden.")
    hidden = seen.counts["hidden text"] + seen.counts["hidden-text"] + seen.counts["hidden-paragraph"]
    if hidden:
        yield Found("hidden text", f"{several(hidden, 'passage')} that no page shows.")


def _tell_words(seen: _Seen) -> Iterator[Found]:
    if comments := seen.counts["annotation"]:
        yield Found("comments", f"{several(comments, 'comment')}, with their writers.")
    if changes := seen.counts["changed-region"]:
        yield Found("tracked changes", f"{several(changes, 'change')}: what was struck out is still there.")
    if notes := seen.counts["notes"]:
        yield Found("speaker's notes", f"{several(notes, 'line')} of notes for the speaker.")
    if links := seen.counts["table-source"]:
        yield Found("external links", f"Linked to {several(links, 'other file')}, named by path.")


def _properties(package: Package) -> Iterator[Found]:
    told = [e for e in package.closed("meta.xml", *_PEOPLE, *_PROSE, "user-defined") if e.text.strip()]
    people = [_PEOPLE[e.name] for e in told if e.name in _PEOPLE]
    yield from tell_properties(people, [e.name for e in told if e.name in _PROSE])
    if custom := sum(e.name == "user-defined" for e in told):
        yield Found(
            "custom properties", f"Carries {several(custom, 'property', 'properties')} of its own.", "Properties"
        )


def _carried(package: Package) -> Iterator[Found]:
    if objects := package.named(r"(?:\./)?Object \d+/content\.xml"):
        sentence = f"{several(len(objects), 'whole table or chart is', 'whole tables or charts are')} embedded."
        yield Found("embedded files", f"{sentence} They may hold more than is shown.")
    if package.named(r"(?:Basic|Scripts)/.*"):
        yield Found("macros", "Carries a program, whose text may tell more than the document shows.")
    if package.named(r"Versions/.*|VersionList\.xml"):
        yield Found("earlier versions", "Keeps earlier versions of itself.")
    if package.named(r"Thumbnails/.*"):
        yield hint("thumbnail", "A small picture of the first page, perhaps of an earlier state.")
    for name in package.named(r"Pictures/.*\.(?:jpe?g|png|tiff?|webp)")[:300]:
        for found in look_into_picture(package.read(name)):
            if found.serious:
                yield found.inside(f"Picture {shown(re.sub('.*/', '', name))}")

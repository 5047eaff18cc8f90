"""PowerPoint presentations (pptx): hidden slides, speaker's notes, comments, and what lies beside the slides."""

from collections.abc import Iterator

from service.release.found import Found, several
from service.release.markup import Element
from service.release.package import Package
from service.release.personal import personal_data


def look_into_presentation(package: Package, main: str) -> Iterator[Found]:
    """What a presentation hides; raises CannotLook."""
    size = _slide_size(package, main)
    hidden, outside, lines = 0, 0, list[str]()
    for part in package.named(r"ppt/slides/slide\d+\.xml"):
        for element in package.elements(part):
            if element.starts:
                hidden += element.name == "sld" and element.get("show").lower() in ("0", "false")
                outside += _is_outside(element, size)
            elif element.name == "t":
                lines.append(element.text)
    if hidden:
        yield Found("hidden slides", f"{several(hidden, 'slide is', 'slides are')} hidden.")
    if outside:
        yield Found("beside the slides", f"{several(outside, 'shape')} outside the edges of a slide.")
    yield from _notes(package)
    comments = sum(package.count(part, "cm") for part in package.named(r"ppt/comments/[^/]+\.xml"))
    if comments:
        yield Found("comments", f"{several(comments, 'comment')}, with their writers.")
    yield from personal_data(lines, "Slides")


def _notes(package: Package) -> Iterator[Found]:
    parts = package.named(r"ppt/notesSlides/notesSlide\d+\.xml")
    told = [part for part in parts if _has_words(package, part)]
    if told:
        yield Found("speaker's notes", f"{several(len(told), 'slide has', 'slides have')} notes for the speaker.")


def _has_words(package: Package, part: str) -> bool:
    """Whether notes say more than the number of their slide."""
    return any(e.text.strip() and "fld" not in e.path for e in package.closed(part, "t"))


def _slide_size(package: Package, main: str) -> tuple[int, int]:
    for element in package.closed(main, "sldSz"):
        return element.number("cx"), element.number("cy")
    return 0, 0


def _is_outside(element: Element, size: tuple[int, int]) -> bool:
    """Whether a shape begins beyond the right or lower edge, or far beyond the others."""
    if element.name != "off" or element.path[-1:] != ("xfrm",) or not all(size) or "grpSp" in element.path:
        return False
    x, y = element.number("x"), element.number("y")
    return x >= size[0] or y >= size[1] or x <= -size[0] or y <= -size[1]

"""Word documents (docx, docm): tracked changes, comments, and words that are there but not seen."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.release.found import Found, hint, several
from service.release.markup import Element
from service.release.package import Package
from service.release.personal import personal_data

_TRACKED = ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")
_TRACKED_LOOKS = (
    "rPrChange",
    "pPrChange",
    "tblPrChange",
    "tcPrChange",
    "trPrChange",
    "sectPrChange",
    "numberingChange",
)
_STORIES = r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes|glossary/document)\.xml"
_TINY = 4  # half points: letters of two points and less


@dataclass(slots=True)
class _Seen:
    """What was counted in the document's parts."""

    changes: Counter[str] = field(default_factory=Counter)
    authors: set[str] = field(default_factory=set)
    hidden: int = 0
    white: int = 0
    tiny: int = 0
    lines: list[str] = field(default_factory=list)
    line: str = ""


@dataclass(slots=True)
class _Run:
    """The run of letters that is being read, and the ground that its paragraph and table cell give it."""

    hidden: bool = False
    white: bool = False
    tiny: bool = False
    grounds: list[bool] = field(default_factory=list)
    own_ground: bool = False


def look_into_document(package: Package, main: str) -> Iterator[Found]:
    """What a Word document hides; raises CannotLook."""
    seen, styles = _Seen(), _hidden_styles(package)
    for part in dict.fromkeys([main, *package.named(_STORIES)]):
        _read(package.elements(part), seen, styles)
    yield from _tell_changes(seen)
    yield from _tell_unseen(seen)
    yield from _comments(package)
    yield from _settings(package)
    yield from personal_data(seen.lines, "Text")


def _hidden_styles(package: Package) -> set[str]:
    """The styles whose letters are hidden, by their own word or by that of a style they are based on."""
    style, hidden, based = "", set(), dict[str, str]()
    for element in package.elements("word/styles.xml"):
        if element.starts and element.name == "style":
            style = element.get("styleId")
        elif element.starts and element.name == "basedOn":
            based[style] = element.get("val")
        elif element.starts and element.name == "vanish" and _is_on(element):
            hidden.add(style)
    for name in based:
        seen, parent = {name}, based[name]
        while parent in based and parent not in seen and parent not in hidden:
            seen.add(parent)
            parent = based[parent]
        if parent in hidden:
            hidden.add(name)
    return hidden - {""}


def _read(elements: Iterator[Element], seen: _Seen, hidden_styles: set[str]) -> None:
    run = _Run()
    for element in elements:
        if element.starts:
            _start(element, seen, run, hidden_styles)
        else:
            _end(element, seen, run)


def _start(element: Element, seen: _Seen, run: _Run, hidden_styles: set[str]) -> None:
    match element.name:
        case name if name in _TRACKED or name in _TRACKED_LOOKS:
            seen.changes["looks" if name in _TRACKED_LOOKS else "words"] += 1
            seen.authors.add(element.get("author"))
        case "r":
            run.hidden = run.white = run.tiny = run.own_ground = False
        case "tc" | "p":
            run.grounds.append(False)
        case "shd" | "highlight" if _is_ground(element):
            _ground(element, run)
        case "vanish" | "specVanish" | "webHidden" if _is_on(element) and element.path[-2:] == ("r", "rPr"):
            run.hidden = True
        case "rStyle" if element.get("val") in hidden_styles:
            run.hidden = True
        case "color" if element.path[-2:] == ("r", "rPr") and element.get("val").upper() == "FFFFFF":
            run.white = True
        case "sz" if element.path[-2:] == ("r", "rPr") and element.get("val") in [str(n) for n in range(_TINY + 1)]:
            run.tiny = True
        case _:
            pass


def _ground(element: Element, run: _Run) -> None:
    if element.path[-2:] == ("r", "rPr"):
        run.own_ground = True
    elif run.grounds:
        run.grounds[-1] = True


def _end(element: Element, seen: _Seen, run: _Run) -> None:
    match element.name:
        case "t" | "delText":
            seen.line += element.text
            _count(len(element.text.strip()), seen, run)
        case "tab":
            seen.line += "\t"
        case "p":
            seen.lines.append(seen.line)
            seen.line = ""
            run.grounds and run.grounds.pop()
        case "tc":
            run.grounds and run.grounds.pop()
        case _:
            pass


def _count(letters: int, seen: _Seen, run: _Run) -> None:
    if run.hidden:
        seen.hidden += letters
    elif run.white and not run.own_ground and not any(run.grounds):
        seen.white += letters
    elif run.tiny:
        seen.tiny += letters


def _is_on(element: Element) -> bool:
    return element.get("val", "true").lower() not in ("0", "false", "off")


def _is_ground(element: Element) -> bool:
    fill = element.get("fill") or element.get("val")
    return fill.lower() not in ("", "auto", "clear", "nil", "none", "white", "ffffff")


def _tell_changes(seen: _Seen) -> Iterator[Found]:
    by = f" by {several(len(seen.authors), 'person', 'people')}"
    if words := seen.changes["words"]:
        sentence = f"{several(words, 'change')}{by}: what was struck out is still there, with names and times."
        yield Found("tracked changes", sentence)
    if looks := seen.changes["looks"]:
        yield Found("tracked changes", f"{several(looks, 'change')} of looks{by}, with names and times.")


def _tell_unseen(seen: _Seen) -> Iterator[Found]:
    if seen.hidden:
        yield Found("hidden text", f"{several(seen.hidden, 'letter')} that Word does not show.")
    if seen.white:
        yield Found("unseen text", f"{several(seen.white, 'letter')} in white on no ground.")
    if seen.tiny:
        yield Found("unseen text", f"{several(seen.tiny, 'letter')} too small to be read.")


def _comments(package: Package) -> Iterator[Found]:
    found = [element for part in package.named(r"word/comments\.xml") for element in package.closed(part, "comment")]
    if found:
        writers = several(len({element.get("author") for element in found}), "person", "people")
        yield Found("comments", f"{several(len(found), 'comment')} by {writers}.")


def _settings(package: Package) -> Iterator[Found]:
    names = Counter(element.name for element in package.elements("word/settings.xml") if element.starts)
    if names["docVar"]:
        yield Found("document variables", f"{several(names['docVar'], 'value')} that no page shows.")
    if names["mailMerge"]:
        yield Found("mail merge", "Names the list of people that it was merged with, and may hold a query.")
    if names["trackRevisions"]:
        yield hint("tracked changes", "Changes are being tracked, even if none is left.")

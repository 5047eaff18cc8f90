"""Excel workbooks (xlsx, xlsm): hidden sheets, rows and columns, and comments on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.release.cells import Sheet, read_sheet, tell_columns, tell_rows
from service.release.found import Found, several, shown
from service.release.markup import Element
from service.release.package import Link, Package
from service.release.personal import tell_personal
from service.release.unreadable import CannotLook

MOST_STRINGS = 5_000_000
_SHEETS = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
_SHOWS_NOTHING = re.compile(r'"?"?;"?"?;"?"?;"?"?')


@dataclass(frozen=True, slots=True)
class NamedSheet:
    """A sheet by its name, how it is shown (visible, hidden or veryHidden), its part and what that points to."""

    name: str
    state: str
    part: str
    links: tuple[Link, ...]

    @property
    def place(self) -> str:
        """The sheet in words."""
        return f'Sheet "{shown(self.name)}"'


def sheets_of(package: Package, workbook: str) -> list[NamedSheet]:
    """The sheets of a workbook in order; raises CannotLook."""
    links = package.links(workbook)
    found = []
    for element in package.closed(workbook, "sheet"):
        link = links.get(element.get("id"))
        if link is None or link.kind not in _SHEETS:
            raise CannotLook(reason="The workbook names a sheet that is not there.")
        of_sheet = tuple(package.links(link.target).values())
        found.append(NamedSheet(element.get("name"), element.get("state") or "visible", link.target, of_sheet))
    if not found:
        raise CannotLook(reason="The workbook names no sheets.")
    return found


def look_into_sheets(package: Package, sheets: list[NamedSheet]) -> Iterator[Found]:
    """What the sheets of a workbook hide; raises CannotLook."""
    strings, unseen = _strings(package), _unseen_styles(package)
    for sheet in sheets:
        yield from _sheet(package, sheet, strings, unseen)


def _strings(package: Package) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    for element in package.closed("xl/sharedStrings.xml", "t", "si"):
        if element.name == "t" and "rPh" not in element.path:
            pieces.append(element.text)
        elif element.name == "si":
            strings.append("".join(pieces))
            pieces = []
            if len(strings) > MOST_STRINGS:
                raise CannotLook(reason="The workbook holds more text than is safe to read.")
    return strings


def _unseen_styles(package: Package) -> set[int]:
    """The cell styles that show nothing: a number format of ';;;', or white letters on no ground."""
    blank, white, unseen = set(), set(), set()
    fonts = styles = -1
    for element in package.elements("xl/styles.xml"):
        if not element.starts:
            continue
        inside = element.path[-1:]
        if element.name == "numFmt" and _SHOWS_NOTHING.fullmatch(element.get("formatCode")):
            blank.add(element.get("numFmtId"))
        elif element.name == "font" and inside == ("fonts",):
            fonts += 1
        elif element.name == "color" and element.path[-2:] == ("fonts", "font") and _is_white(element):
            white.add(str(fonts))
        elif element.name == "xf" and inside == ("cellXfs",):
            styles += 1
            on_no_ground = element.get("fillId") in ("", "0")
            if element.get("numFmtId") in blank or (element.get("fontId") in white and on_no_ground):
                unseen.add(styles)
    return unseen


def _is_white(color: Element) -> bool:
    tinted = color.get("tint").strip("-0.") != ""
    return color.get("rgb").upper().endswith("FFFFFF") or (color.get("theme") == "0" and not tinted)


def _sheet(package: Package, sheet: NamedSheet, strings: list[str], unseen: set[int]) -> Iterator[Found]:
    seen = read_sheet(package.elements(sheet.part), strings, unseen)
    if sheet.state != "visible":
        very = " It is very hidden: Excel does not offer to show it." if sheet.state != "hidden" else ""
        yield Found("hidden sheet", f"The sheet is hidden, with {_cells(seen.filled)}.{very}", sheet.place)
    yield from _within(package, sheet, seen)
    yield from _remarks(package, sheet)
    yield from tell_personal(seen.personal, sheet.place)


def _cells(count: int) -> str:
    return several(count, "filled cell")


def _within(package: Package, sheet: NamedSheet, seen: Sheet) -> Iterator[Found]:
    if seen.hidden_columns:
        place = f"{sheet.place}, {tell_columns(seen.hidden_columns)}"
        yield Found("hidden columns", "Hidden, and filled.", place)
    filtered = seen.filtered or any(
        package.count(link.target, "filterColumn") for link in sheet.links if link.kind == "table"
    )
    if seen.hidden_rows:
        rows = several(len(seen.hidden_rows), "filled row is", "filled rows are")
        kind, why = ("filtered rows", " by a filter") if filtered else ("hidden rows", "")
        yield Found(kind, f"{rows} hidden{why}.", f"{sheet.place}, {tell_rows(seen.hidden_rows)}")
    if seen.unseen:
        sentence = f"{_cells(seen.unseen)} in white letters, or in a number format that shows nothing."
        yield Found("unseen cells", sentence, sheet.place)


def _remarks(package: Package, sheet: NamedSheet) -> Iterator[Found]:
    for link in sheet.links:
        if link.kind == "threadedComment" and (count := package.count(link.target, "threadedComment")):
            sentence = f"{several(count, 'comment')} in conversations, with their writers."
            yield Found("comments", sentence, sheet.place)
        elif link.kind == "comments" and (count := package.count(link.target, "comment")):
            yield Found("comments", f"{several(count, 'note')} on cells.", sheet.place)

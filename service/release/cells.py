"""The cells of one worksheet: which are hidden, by their row, their column or their style."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.release.found import ranges
from service.release.markup import Element
from service.release.personal import count_personal

LAST_COLUMN = 16_384
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
MOST_ROWS_TOLD = 6


@dataclass(slots=True)
class Sheet:
    """What was seen of a worksheet; `unseen` are cells whose style hides what they say."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    filled_rows: set[int] = field(default_factory=set)
    filled_columns: set[int] = field(default_factory=set)
    unseen: int = 0
    filled: int = 0
    filtered: bool = False
    personal: Counter[str] = field(default_factory=Counter)

    @property
    def hidden_rows(self) -> set[int]:
        """The hidden rows that hold something."""
        return self.rows & self.filled_rows

    @property
    def hidden_columns(self) -> set[int]:
        """The hidden columns that hold something."""
        return self.columns & self.filled_columns


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    row: int = 0
    column: int = 0
    filled: bool = False
    said: str = ""
    kind: str = ""
    unseen: bool = False
    zero_height: bool = False
    line: list[str] = field(default_factory=list)


def read_sheet(elements: Iterable[Element], strings: list[str], unseen_styles: set[int]) -> Sheet:
    """Read a worksheet's elements, given the workbook's shared strings and the styles that show nothing."""
    reading = _Reading(Sheet())
    for element in elements:
        if element.starts:
            _start(reading, element, unseen_styles)
        else:
            _end(reading, element, strings)
    return reading.sheet


def _start(reading: _Reading, element: Element, unseen_styles: set[int]) -> None:
    match element.name:
        case "sheetFormatPr":
            reading.zero_height = element.says("zeroHeight")
        case "col" if element.says("hidden") or _is_zero(element.get("width")):
            first, last = max(element.number("min", 1), 1), element.number("max", 1)
            reading.sheet.columns.update(range(first, min(last, LAST_COLUMN) + 1))
        case "row":
            reading.row, reading.column = element.number("r", reading.row + 1), 0
            shown = element.get("hidden") in ("0", "false") or _shown_height(element)
            if element.says("hidden") or _is_zero(element.get("ht")) or (reading.zero_height and not shown):
                reading.sheet.rows.add(reading.row)
        case "c":
            place = _CELL.fullmatch(element.get("r"))
            reading.column = column_number(place[1]) if place else reading.column + 1
            reading.kind, reading.filled, reading.said = element.get("t"), False, ""
            reading.unseen = element.number("s") in unseen_styles
        case "filterColumn":
            reading.sheet.filtered = True
        case _:
            pass


def _end(reading: _Reading, element: Element, strings: list[str]) -> None:
    match element.name:
        case "v" | "f" | "t" if element.text:
            reading.filled = True
            if element.name != "f" and element.path[-1:] != ("rPh",):
                reading.said += _value(element.text, reading.kind, strings)
        case "c" if reading.filled:
            _count(reading)
        case "row":
            reading.sheet.personal.update(count_personal("\t".join(reading.line)))
            reading.line = []
        case _:
            pass


def _count(reading: _Reading) -> None:
    reading.sheet.filled += 1
    reading.sheet.filled_rows.add(reading.row)
    reading.sheet.filled_columns.add(reading.column)
    reading.sheet.unseen += reading.unseen
    reading.line.append(reading.said)


def _value(text: str, kind: str, strings: list[str]) -> str:
    if kind != "s":
        return text
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else len(strings)
    return strings[number] if number < len(strings) else ""


def _shown_height(element: Element) -> bool:
    return bool(element.get("ht")) and not _is_zero(element.get("ht"))


def _is_zero(size: str) -> bool:
    return bool(size) and not size.strip("0.")


def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def tell_columns(columns: Iterable[int]) -> str:
    """Columns by their letters: 'column F', 'columns F-H, K'."""
    return _told("column", [(column_letters(first), column_letters(last)) for first, last in ranges(columns)])


def tell_rows(rows: Iterable[int]) -> str:
    """Rows by their numbers: 'row 7', 'rows 7-9, 12'."""
    return _told("row", [(str(first), str(last)) for first, last in ranges(rows)])


def _told(name: str, runs: list[tuple[str, str]]) -> str:
    shown = ", ".join(first if first == last else f"{first}-{last}" for first, last in runs[:MOST_ROWS_TOLD])
    single = len(runs) == 1 and runs[0][0] == runs[0][1]
    more = f" and {len(runs) - MOST_ROWS_TOLD:,} more places" if len(runs) > MOST_ROWS_TOLD else ""
    return f"{name if single else name + 's'} {shown}{more}"

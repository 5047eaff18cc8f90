"""The statistics as files: CSV, a spreadsheet (XLSX) and JSON; to publish, or with the references of the cases."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from service.domain.statistics import Statistics, Table

HEADINGS = ("Table", "Line", "What is counted", "Cases", "Per cent", "Of", "References")
FULL = 32_000  # characters; a spreadsheet's cell holds 32,767
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def as_file(found: Statistics, authority: str, suffix: str, *, references: bool = True) -> bytes:
    """The statistics as a file of one of TYPES, with the cases' references or without."""
    match suffix:
        case "csv":
            return _csv(found, references=references)
        case "xlsx":
            return _xlsx(found, authority, references=references)
    told = as_dict(found, authority, references=references)
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def as_dict(found: Statistics, authority: str, *, references: bool = True) -> dict[str, object]:
    """The statistics as JSON tells them; figures by their key, in order."""
    return {
        "authority": authority,
        "quarter": str(found.quarter),
        "first": found.quarter.first.isoformat(),
        "last": found.quarter.last.isoformat(),
        "as_at": found.as_at.isoformat(),
        "tables": [_table(table, references=references) for table in found.tables],
    }


def _table(table: Table, *, references: bool) -> dict[str, object]:
    return {
        "key": table.key,
        "title": table.title,
        "figures": [
            {"key": row.key, "words": row.words, "count": row.count}
            | ({"references": list(row.references)} if references else {})
            for row in table.figures
        ],
        "rates": [
            {"key": row.key, "words": row.words, "part": row.part, "of": row.whole, "percent": row.percent}
            for row in table.rates
        ],
    }


def _rows(found: Statistics) -> Iterator[tuple[str, str, str, int | None, float | None, int | None, str]]:
    for table in found.tables:
        for row in table.figures:
            words = f"  {row.words}" if row.level else row.words
            yield table.title, row.key, words, row.count, None, None, " ".join(row.references)
        for rate in table.rates:
            yield table.title, rate.key, rate.words, rate.part, rate.percent, rate.whole, ""


def _csv(found: Statistics, *, references: bool) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    width = len(HEADINGS) if references else len(HEADINGS) - 1
    writer.writerow(HEADINGS[:width])
    writer.writerows(row[:width] for row in _rows(found))
    return out.getvalue().encode("utf-8-sig")  # the mark has Excel read it as UTF-8


def _xlsx(found: Statistics, authority: str, *, references: bool) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(found.quarter)
    first, last, as_at = (f"{day.day} {day:%B %Y}" for day in (found.quarter.first, found.quarter.last, found.as_at))
    sheet.append([authority])
    sheet.append([f"Requests received from {first} to {last}, as at {as_at}"])
    sheet.append([])
    width = len(HEADINGS) if references else len(HEADINGS) - 1
    sheet.append(HEADINGS[:width])
    for row in _rows(found):
        *cells, names = row
        sheet.append([*cells, *(_cells_of(names) if references else ())])
    for cell in (*sheet[1], *sheet[4]):
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFG", (34, 18, 52, 9, 9, 9, 60), strict=True):
        sheet.column_dimensions[column].width = width
    for cells_of_names in sheet.iter_rows(min_row=5, min_col=len(HEADINGS)) if references else ():
        for cell in cells_of_names:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A5"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells_of(names: str) -> list[str]:
    """References as one cell after another holds them: all of them, and none cut in two."""
    cells = []
    while len(names) > FULL:
        cut = names.rindex(" ", 0, FULL + 1)
        cells.append(names[:cut])
        names = names[cut + 1 :]
    return [*cells, names]

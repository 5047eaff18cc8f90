"""The statistics as files to publish: CSV, a spreadsheet (XLSX) and JSON; each figure with its case references."""

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from service.domain.statistics import Statistics, Table

HEADINGS = ("Table", "Line", "What is counted", "Cases", "Per cent", "Of", "References")
LONGEST_CELL = 32_000  # characters; a spreadsheet's cell holds 32,767
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def as_file(found: Statistics, authority: str, suffix: str) -> bytes:
    """The statistics as a file of one of TYPES."""
    match suffix:
        case "csv":
            return _csv(found)
        case "xlsx":
            return _xlsx(found, authority)
    return (json.dumps(as_dict(found, authority), indent=2, ensure_ascii=False) + "\n").encode()


def as_dict(found: Statistics, authority: str) -> dict[str, object]:
    """The statistics as JSON tells them; figures by their key, in order."""
    return {
        "authority": authority,
        "quarter": str(found.quarter),
        "from": found.quarter.first.isoformat(),
        "to": found.quarter.last.isoformat(),
        "as_at": found.as_at.isoformat(),
        "tables": [_table(table) for table in found.tables],
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "key": table.key,
        "title": table.title,
        "figures": [
            {"key": row.key, "words": row.words, "count": row.count, "references": list(row.references)}
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


def _csv(found: Statistics) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(_rows(found))
    return out.getvalue().encode("utf-8-sig")  # the mark has Excel read it as UTF-8


def _xlsx(found: Statistics, authority: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = str(found.quarter)
    first, last, as_at = (f"{day.day} {day:%B %Y}" for day in (found.quarter.first, found.quarter.last, found.as_at))
    sheet.append([authority])
    sheet.append([f"Requests received from {first} to {last}, as at {as_at}"])
    sheet.append([])
    sheet.append(HEADINGS)
    for row in _rows(found):
        *cells, references = row
        sheet.append([*cells, references[:LONGEST_CELL]])
    for cell in (*sheet[1], *sheet[4]):
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEFG", (34, 18, 52, 9, 9, 9, 60), strict=True):
        sheet.column_dimensions[column].width = width
    for (cell,) in sheet["G5" : f"G{sheet.max_row}"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A5"
    out = BytesIO()
    book.save(out)
    return out.getvalue()

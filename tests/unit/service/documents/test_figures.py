from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from service.documents.figures import as_file
from service.domain.quarter import Quarter
from service.domain.statistics import Figure, Statistics, Table

SUN_NOV_1 = date(2026, 11, 1)


def test_a_spreadsheet_holds_every_reference_of_a_large_authority() -> None:
    references = tuple(f"01.FOI.26.{number:06d}" for number in range(1, 5001))
    asked = Figure("code.1", "Requests received", references)
    few = Figure("code.2", "Not yet processed", references[:1])
    found = Statistics(Quarter.read("2026Q3"), SUN_NOV_1, (Table("code", "Code of Practice", (asked, few)),))
    sheet = load_workbook(BytesIO(as_file(found, "Anytown", "xlsx"))).active
    assert sheet is not None
    rows = {row[1]: row for row in sheet.iter_rows(min_row=5, values_only=True)}
    cells = [str(cell) for cell in rows["code.1"][6:] if cell]
    assert len(cells) > 1
    assert tuple(" ".join(cells).split()) == references
    assert max(map(len, cells)) <= 32_767
    assert [cell for cell in rows["code.2"][6:] if cell] == [references[0]]
    published = load_workbook(BytesIO(as_file(found, "Anytown", "xlsx", references=False))).active
    assert published is not None
    assert published.max_column == 6

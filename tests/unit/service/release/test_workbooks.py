"""Excel workbooks: what they hide is found, and a plain one is left in peace."""

from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from tests.unit.service.release.samples import a_workbook, found, kinds, parts_of, relations, the_one, with_parts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MON_JUN_3 = datetime(2024, 6, 3)


def sheet_of(book: Workbook) -> Worksheet:
    sheet = book["Trees"]
    assert isinstance(sheet, Worksheet)
    return sheet


def linked(content: bytes, kind: str, target: str, extra: dict[str, str], part: str = "worksheets/sheet1") -> bytes:
    """A workbook whose sheet (or other part) points to further parts."""
    folder, _, name = f"xl/{part}.xml".rpartition("/")
    return with_parts(content, {f"{folder}/_rels/{name}.rels": relations((kind, target)), **extra})


def test_a_plain_workbook_gives_nothing() -> None:
    assert found("trees.xlsx", a_workbook()) == []


@pytest.mark.parametrize(("state", "words"), [("hidden", "1 filled cell."), ("veryHidden", "does not offer to show")])
def test_a_hidden_sheet_is_named_with_how_much_it_holds(state: str, words: str) -> None:
    def hide(book: Workbook) -> None:
        salaries = book.create_sheet("Salaries")
        salaries["B2"] = 41_000
        salaries.sheet_state = state

    one = the_one("trees.xlsx", a_workbook(hide), "hidden sheet")
    assert one.place == 'Sheet "Salaries"' and words in one.sentence and one.serious


def test_hidden_rows_and_columns_are_named_when_they_are_filled() -> None:
    def hide(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[400].hidden = True  # empty
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["H"].hidden = True  # empty

    content = a_workbook(hide)
    assert the_one("trees.xlsx", content, "hidden rows").place == 'Sheet "Trees", row 3'
    assert the_one("trees.xlsx", content, "hidden columns").place == 'Sheet "Trees", column B'


def test_rows_that_a_filter_hides_are_told_apart() -> None:
    def hide(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet.auto_filter.ref = "A1:B3"
        sheet.auto_filter.add_filter_column(0, ["South"])
        sheet.row_dimensions[2].hidden = True

    assert kinds("trees.xlsx", a_workbook(hide)) == ["filtered rows"]


def test_comments_and_notes_are_counted() -> None:
    def remark(book: Workbook) -> None:
        sheet_of(book)["A2"].comment = Comment("Ask Ann first", "Bob")

    assert the_one("trees.xlsx", a_workbook(remark), "comments").sentence == "1 note on cells."


def test_conversations_on_cells_are_found() -> None:
    thread = (
        f'<ThreadedComments xmlns="{MAIN}"><threadedComment ref="A1"/><threadedComment ref="A1"/></ThreadedComments>'
    )
    content = linked(
        a_workbook(), "threadedComment", "../threadedComments/t.xml", {"xl/threadedComments/t.xml": thread}
    )
    assert the_one("trees.xlsx", content, "comments").sentence.startswith("2 comments in conversations")


def test_white_letters_and_formats_that_show_nothing_are_found_and_white_on_a_ground_is_not() -> None:
    def whiten(book: Workbook) -> None:
        sheet = sheet_of(book)
        sheet["A3"].font = Font(color="FFFFFFFF")
        sheet["B3"].number_format = ";;;"
        sheet["A1"].font = Font(color="FFFFFFFF")
        sheet["A1"].fill = PatternFill("solid", fgColor="FF1D70B8")

    assert the_one("trees.xlsx", a_workbook(whiten), "unseen cells").sentence.startswith("2 filled cells")


def test_names_that_lead_to_a_hidden_sheet_and_hidden_names_are_found() -> None:
    def name(book: Workbook) -> None:
        book.create_sheet("Pay 2024").sheet_state = "hidden"
        book.defined_names["pay"] = DefinedName("pay", attr_text="'Pay 2024'!$A$1")
        book.defined_names["wards"] = DefinedName("wards", attr_text="Trees!$A$1")
        book.defined_names["quiet"] = DefinedName("quiet", attr_text="Trees!$B$1", hidden=True)

    content = a_workbook(name)
    assert the_one("trees.xlsx", content, "names of hidden data").place == "pay"
    assert the_one("trees.xlsx", content, "hidden names").place == "quiet"


def test_a_pivot_tables_copy_of_its_rows_is_found_with_the_sheet_that_shows_it() -> None:
    content = linked(
        a_workbook(),
        "pivotTable",
        "../pivotTables/pivotTable1.xml",
        {
            "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition xmlns="{MAIN}"/>',
            "xl/pivotTables/_rels/pivotTable1.xml.rels": relations(
                ("pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
            ),
            "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{MAIN}"/>',
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(
                ("pivotCacheRecords", "pivotCacheRecords1.xml")
            ),
            "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{MAIN}"><r><s v="Ann"/></r><r/><r/>'
            "</pivotCacheRecords>",
        },
    )
    one = the_one("trees.xlsx", content, "pivot cache")
    assert one.place == 'Pivot table on sheet "Trees"' and "all 3 source rows" in one.sentence


def test_a_pivot_table_that_keeps_no_rows_is_harmless() -> None:
    cache = f'<pivotCacheDefinition xmlns="{MAIN}"/>'
    assert found("trees.xlsx", with_parts(a_workbook(), {"xl/pivotCache/pivotCacheDefinition1.xml": cache})) == []


@pytest.mark.parametrize(
    ("part", "words", "kind"),
    [
        ("xl/externalLinks/externalLink1.xml", '<externalLink><cell r="A1"/></externalLink>', "external links"),
        ("xl/connections.xml", '<connections><connection id="1"/></connections>', "data connections"),
        ("xl/charts/chart1.xml", "<chart><f>[1]Budget!$A$1</f></chart>", "chart caches"),
        ("xl/revisions/revisionLog1.xml", "<revisions/>", "earlier versions"),
        ("xl/slicerCaches/slicerCache1.xml", "<slicerCacheDefinition/>", "slicers"),
        ("xl/model/item.data", "x", "cannot be looked into"),
        ("xl/vbaProject.bin", "x", "macros"),
        ("xl/embeddings/inner.txt", "Ring Ann", "embedded files"),
        ("xl/activeX/activeX1.xml", "<x/>", "controls"),
        ("docProps/custom.xml", '<Properties><property name="MSIP_Label"/></Properties>', "custom properties"),
    ],
)
def test_what_a_workbook_carries_behind_its_sheets_is_found(part: str, words: str, kind: str) -> None:
    assert kinds("trees.xlsx", with_parts(a_workbook(), {part: words})) == [kind]


def test_the_properties_that_name_people_are_told_without_the_names() -> None:
    def name(book: Workbook) -> None:
        book.properties.creator, book.properties.lastModifiedBy = "Ann Smith", "Bob Jones"
        book.properties.title = "Trees"
        book.properties.lastPrinted = MON_JUN_3

    people, prose = found("trees.xlsx", a_workbook(name))
    assert people.sentence == "Names people: author, last changed by." and people.serious
    assert prose.sentence == "Tells title." and not prose.serious


def test_a_link_to_a_file_of_the_authoritys_own_is_found() -> None:
    rels = relations(("externalLinkPath", "file:///\\\\server\\hr\\pay.xlsx"), outside=True)
    content = with_parts(a_workbook(), {"xl/worksheets/_rels/sheet1.xml.rels": rels})
    assert kinds("trees.xlsx", content) == ["internal addresses"]


def test_people_in_the_cells_are_counted_and_never_told() -> None:
    def fill(book: Workbook) -> None:
        sheet_of(book).append(["Ann Smith", "ann.smith@example.org"])
        sheet_of(book).append(["AB 12 34 56 C", "020 7946 0123"])

    one = the_one("trees.xlsx", a_workbook(fill), "personal data")
    assert one.place == 'Sheet "Trees"'
    assert one.sentence == "Seems to hold 1 National Insurance number, 1 email address, 1 telephone number."


def test_a_sheet_that_is_not_there_makes_a_workbook_that_cannot_be_judged() -> None:
    parts = parts_of(a_workbook())
    (one,) = found("trees.xlsx", with_parts(a_workbook(), {"xl/_rels/workbook.xml.rels": relations()}))
    assert "xl/worksheets/sheet1.xml" in parts
    assert (one.kind, one.sentence) == ("cannot be looked into", "The workbook names a sheet that is not there.")

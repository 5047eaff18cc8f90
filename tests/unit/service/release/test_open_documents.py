"""OpenDocument files, as LibreOffice writes them."""

import pytest

from tests.unit.service.release.samples import ODF, an_open_document, found, kinds, the_one

TEXT = "<office:text><text:p>Twelve trees were felled.</text:p></office:text>"
ROW = "<table:table-row><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row>"
HIDDEN = '<style:style style:name="h"><style:{}-properties {}/></style:style>'


def a_sheet(inside: str, attributes: str = "") -> str:
    table = f'<table:table table:name="Trees"{attributes}>{inside}</table:table>'
    return f"<office:spreadsheet>{table}</office:spreadsheet>"


def test_plain_files_give_nothing() -> None:
    assert found("letter.odt", an_open_document(TEXT)) == []
    assert found("trees.ods", an_open_document(a_sheet(ROW), kind="spreadsheet")) == []


def test_a_hidden_sheet_is_named() -> None:
    hidden = HIDDEN.format("table", 'table:display="false"')
    content = an_open_document(a_sheet(ROW, ' table:style-name="h"'), hidden, kind="spreadsheet")
    assert the_one("trees.ods", content, "hidden sheet").place == 'Sheet "Trees"'


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_and_filtered_rows_and_columns_are_counted(how: str) -> None:
    row = ROW.replace("<table:table-row>", f'<table:table-row table:visibility="{how}">')
    column = f'<table:table-column table:visibility="{how}" table:number-columns-repeated="3"/>'
    told = found("trees.ods", an_open_document(a_sheet(column + row), kind="spreadsheet"))
    assert [(one.kind, one.sentence) for one in told] == [
        ("hidden columns", "3 columns hidden or filtered."),
        ("hidden rows", "1 row hidden or filtered."),
    ]


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<office:annotation><text:p>Ask Ann</text:p></office:annotation>", "comments"),
        ("<text:tracked-changes><text:changed-region/></text:tracked-changes>", "tracked changes"),
        ("<text:hidden-text/>", "hidden text"),
        ('<text:p text:style-name="h">quiet</text:p>', "hidden text"),
    ],
)
def test_words_that_no_page_shows_are_found(inside: str, kind: str) -> None:
    style = HIDDEN.format("text", 'text:display="none"')
    content = an_open_document(TEXT.replace("<text:p>", f"{inside}<text:p>", 1), style)
    assert kinds("letter.odt", content) == [kind]


def test_hidden_slides_and_notes_are_found() -> None:
    style = HIDDEN.format("drawing-page", 'presentation:visibility="hidden"')
    notes = "<presentation:notes><text:p>Do not mention the oak</text:p></presentation:notes>"
    slides = f'<office:presentation><draw:page draw:style-name="h">{notes}</draw:page></office:presentation>'
    content = an_open_document(slides, style, kind="presentation")
    assert kinds("trees.odp", content) == ["hidden slides", "speaker's notes"]


def test_the_properties_that_name_people_are_told() -> None:
    creator = "<meta:initial-creator>Ann Smith</meta:initial-creator>"
    meta = f"<office:document-meta{ODF}><office:meta>{creator}</office:meta></office:document-meta>"
    (one,) = found("letter.odt", an_open_document(TEXT, extra={"meta.xml": meta}))
    assert one.sentence == "Names people: author."


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("Object 1/content.xml", "embedded files"),
        ("Basic/script.xml", "macros"),
        ("Versions/Version1", "earlier versions"),
        ("Thumbnails/thumbnail.png", "thumbnail"),
    ],
)
def test_what_is_carried_behind_the_text_is_found(part: str, kind: str) -> None:
    assert kinds("letter.odt", an_open_document(TEXT, extra={part: "<x/>"})) == [kind]


def test_one_with_a_password_cannot_be_looked_into() -> None:
    manifest = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    assert kinds("letter.odt", an_open_document(TEXT, extra=manifest)) == ["cannot be looked into"]

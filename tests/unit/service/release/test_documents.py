"""Word documents: changes, comments and words that no page shows."""

import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt, RGBColor

from tests.unit.service.release.samples import (
    a_document,
    a_workbook,
    found,
    in_document,
    kinds,
    the_one,
    with_parts,
)

RUN = "<w:r><w:t>Twelve trees were felled.</w:t></w:r>"
WHO = 'w:id="1" w:author="Ann Smith" w:date="2024-06-03T09:00:00Z"'


def test_a_plain_document_gives_nothing() -> None:
    assert found("letter.docx", a_document()) == []


def test_tracked_words_are_counted_with_how_many_wrote_them() -> None:
    struck = (
        f'<w:del {WHO}><w:r><w:delText>Ninety</w:delText></w:r></w:del><w:ins w:id="2" w:author="Bob">{RUN}</w:ins>'
    )
    one = the_one("letter.docx", in_document(a_document(), RUN, struck), "tracked changes")
    assert one.sentence.startswith("2 changes by 2 people: what was struck out is still there")


def test_tracked_looks_are_found() -> None:
    looks = RUN.replace("<w:t>", f"<w:rPr><w:rPrChange {WHO}><w:rPr/></w:rPrChange></w:rPr><w:t>")
    one = the_one("letter.docx", in_document(a_document(), RUN, looks), "tracked changes")
    assert one.sentence == "1 change of looks by 1 person, with names and times."


def test_comments_are_counted_with_their_writers() -> None:
    def remark(document: Document) -> None:
        for author in ("Ann", "Bob", "Ann"):
            document.add_comment(document.paragraphs[-1].runs, text="Is this so?", author=author, initials="x")

    assert the_one("letter.docx", a_document(remark), "comments").sentence == "3 comments by 2 people."


def test_hidden_letters_are_counted_by_their_own_word_or_their_styles() -> None:
    def hide(document: Document) -> None:
        document.add_paragraph().add_run("secret").font.hidden = True
        style = document.styles.add_style("Quiet", WD_STYLE_TYPE.CHARACTER)
        style.font.hidden = True
        heir = document.styles.add_style("Quieter", WD_STYLE_TYPE.CHARACTER)
        heir.base_style = style
        document.add_paragraph().add_run("words", style="Quieter")

    assert the_one("letter.docx", a_document(hide), "hidden text").sentence == "11 letters that Word does not show."


def test_white_and_tiny_letters_are_found_and_white_on_a_ground_is_not() -> None:
    def whiten(document: Document) -> None:
        document.add_paragraph().add_run("unseen").font.color.rgb = RGBColor(255, 255, 255)
        document.add_paragraph().add_run("dust").font.size = Pt(1)

    assert [one.sentence for one in found("letter.docx", a_document(whiten))] == [
        "6 letters in white on no ground.",
        "4 letters too small to be read.",
    ]
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1D70B8"/></w:rPr><w:t>Seen</w:t></w:r>'
    assert found("letter.docx", in_document(a_document(), RUN, white)) == []


def test_the_properties_that_name_people_are_told_without_the_names() -> None:
    def name(document: Document) -> None:
        document.core_properties.author = "Ann Smith"
        document.core_properties.last_modified_by = "Bob"

    (one,) = found("letter.docx", a_document(name))
    assert one.sentence == "Names people: author, last changed by."


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('<w:docVar w:name="x" w:val="y"/>', "document variables"),
        ("<w:mailMerge/>", "mail merge"),
        ("<w:trackRevisions/>", "tracked changes"),
    ],
)
def test_settings_that_tell_more_than_a_page_are_found(words: str, kind: str) -> None:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    settings = f'<w:settings xmlns:w="{namespace}">{words}</w:settings>'
    assert kinds("letter.docx", with_parts(a_document(), {"word/settings.xml": settings})) == [kind]


def test_a_workbook_embedded_in_a_document_is_looked_into_as_well() -> None:
    def hide(book: object) -> None:
        book.create_sheet("Pay").sheet_state = "hidden"  # type: ignore[attr-defined]

    content = with_parts(a_document(), {"word/embeddings/Sheet1.xlsx": a_workbook(hide)})
    embedded, hidden = found("letter.docx", content)
    assert (embedded.kind, embedded.place) == ("embedded files", "Sheet1.xlsx")
    assert (hidden.kind, hidden.place) == ("hidden sheet", 'Sheet1.xlsx: Sheet "Pay"')


def test_people_named_in_a_header_are_found_with_the_text() -> None:
    def head(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Ring Ann on 020 7946 0123"

    (one,) = found("letter.docx", a_document(head))
    assert (one.kind, one.sentence, one.serious) == ("personal data", "Seems to hold 1 telephone number.", False)


def test_a_picture_that_is_cropped_or_hidden_is_found() -> None:
    drawn = '<w:r><w:drawing><x:docPr xmlns:x="x" hidden="1"/><x:srcRect xmlns:x="x" l="25000"/></w:drawing></w:r>'
    assert kinds("letter.docx", in_document(a_document(), RUN, drawn)) == ["hidden shapes", "cropped pictures"]


def test_a_thumbnail_and_stored_data_are_mentioned() -> None:
    extra: dict[str, bytes | str | None] = {
        "docProps/thumbnail.jpeg": b"x",
        "customXml/item9.xml": "<case><officer>Ann</officer></case>",
    }
    assert kinds("letter.docx", with_parts(a_document(), extra), serious=False) == ["custom XML", "thumbnail"]

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from service.documents.letterhead import Letterhead
from service.documents.word import PaperFault, letter_docx
from service.letters import Words
from service.logo import read_logo
from tests.unit.service.documents.test_pdf import ATTACKS, BODY
from tests.unit.service.test_logo import SVG, a_png, kept

HEAD = Letterhead("Anytown Borough Council", ("foi@anytown.example",), "01.FOI.24.000001", date(2024, 6, 3))
FIELDS = ("<w:fldSimple w:instr='DATE'/>", "{ INCLUDETEXT c:\\\\secret.txt }", "]]>&lt;x&amp;", "=SUM(1)")


def styled(docx: bytes) -> list[tuple[str, str]]:
    return [(str(line.style.name), line.text) for line in Document(BytesIO(docx)).paragraphs if line.style]


def test_a_letter_becomes_a_word_document_with_styles_that_say_what_is_what() -> None:
    assert styled(letter_docx(Words("Our response: Potholes", BODY), HEAD)) == [
        ("Normal", "Anytown Borough Council"),
        ("Normal", "foi@anytown.example"),
        ("Title", "Our response: Potholes"),
        ("Normal", "Dear Harriet Bell,"),
        ("Heading 1", "YOUR REQUEST"),
        ("Quote", "1. How many potholes – and why?"),
        ("Heading 1", "OUR DECISION"),
        ("Normal", "It is here: https://www.anytown.example/potholes. The “price” was £12,000."),
        ("List Bullet", "Question 1: given to you"),
        ("List Bullet", "Question 2: not held"),
        ("Normal", "Yours sincerely,"),
        ("Normal", "Sam Okoro"),
    ]


def test_it_has_a_title_and_speaks_british_english() -> None:
    document = Document(BytesIO(letter_docx(Words("Our response", BODY), HEAD)))
    about = document.core_properties
    assert (about.title, about.author, about.language) == ("Our response", "Anytown Borough Council", "en-GB")
    assert about.created is not None
    assert about.created.date() == date(2024, 6, 3)
    spoken = {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))}
    assert spoken == {"en-GB"}


@pytest.mark.parametrize("attack", (*ATTACKS, *FIELDS))
def test_field_codes_and_markup_in_any_place_stay_text(attack: str) -> None:
    body = BODY.replace("Harriet Bell", attack).replace("How many potholes", attack)
    made = letter_docx(Words(attack, body), HEAD)
    assert sum(attack in text for _, text in styled(made)) == 3
    xml = ZipFile(BytesIO(made)).read("word/document.xml").decode()
    assert "<w:fldSimple" not in xml
    assert "<w:instrText" not in xml


def test_what_xml_cannot_hold_is_left_out() -> None:
    made = letter_docx(Words("Our\x00 response\x1b", "Dear \ud800Ольга\ufffe 😀\x0b,\n"), HEAD)
    assert ("Title", "Our response") in styled(made)
    assert ("Normal", "Dear Ольга 😀,") in styled(made)


def test_the_authoritys_own_paper_is_written_on_and_bears_its_name_already(tmp_path: Path) -> None:
    own = tmp_path / "letter.docx"
    document = Document()
    document.add_paragraph("Anytown’s own head")
    document.save(str(own))
    lines = [text for _, text in styled(letter_docx(Words("Our response", BODY), HEAD, own))]
    assert lines[:2] == ["Anytown’s own head", "Our response"]
    assert "Anytown Borough Council" not in lines


def test_paper_that_is_no_word_document_is_named(tmp_path: Path) -> None:
    own = tmp_path / "letter.docx"
    own.write_text("no document")
    with pytest.raises(PaperFault, match=r"letter.docx cannot be used"):
        letter_docx(Words("Our response", BODY), HEAD, own)


@pytest.mark.parametrize("content", [SVG.format('<rect width="2" height="1"/>').encode(), a_png()], ids=["svg", "png"])
def test_the_logo_heads_the_letter_and_says_whose_it_is(content: bytes, tmp_path: Path) -> None:
    logo = read_logo(kept(tmp_path, content))
    docx = letter_docx(Words("Our response", "Dear Harriet,\n"), replace(HEAD, logo=logo))
    document = Document(BytesIO(docx))
    (shape,) = document.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (36, 18)
    assert shape._inline.docPr.get("descr") == "Anytown Borough Council"
    assert document.paragraphs[1].text == "Anytown Borough Council"

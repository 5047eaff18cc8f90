import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1

from service.bootstrap import WORDING
from service.documents.letterhead import Letterhead
from service.documents.pdf import LayoutFault, letter_pdf
from service.letters import Words

LAYOUT = (WORDING / "letters" / "letter.typ").read_text("utf-8")
HEAD = Letterhead(
    "Anytown Borough Council",
    ("Town Hall, High Street", "foi@anytown.example"),
    "01.FOI.24.000001",
    date(2024, 6, 3),
    "#1d70b8",
)
BODY = """Dear Harriet Bell,

YOUR REQUEST

> 1. How many potholes – and why?

OUR DECISION

It is here: https://www.anytown.example/potholes. The “price” was £12,000.

- Question 1: given to you
- Question 2: not held

Yours sincerely,

Sam Okoro
"""
ATTACKS = (
    '#read("/etc/passwd")',
    "{{ 7*7 }} {% include 'x' %}",
    "$x^2$ @cite <label> \\ *bold* _it_ = Title `raw`",
    '#eval("1+1") #sys.version [#panic()]',
    "]] } #import \"@preview/x:1.0.0\"",
    '","parts":[] , "title": "x',
)  # fmt: skip


def catalogue(pdf: bytes) -> dict[str, Any]:
    return PDFDocument(PDFParser(BytesIO(pdf))).catalog


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("•", "")


def words_in(pdf: bytes) -> str:
    """The text of a PDF without white space, bullets and the line at the foot of each page."""
    return re.sub(r"01\.FOI\.24\.000001·\d+/\d+", "", squeezed(extract_text(BytesIO(pdf))))


def test_a_letter_becomes_a_tagged_pdf_with_a_title_and_a_language() -> None:
    pdf = letter_pdf(Words("Our response: Potholes", BODY), HEAD, LAYOUT)
    found = catalogue(pdf)
    assert resolve1(found["MarkInfo"])["Marked"] is True
    assert found["Lang"] == b"en-GB"
    assert resolve1(found["ViewerPreferences"])["DisplayDocTitle"] is True
    about = resolve1(found["Metadata"])
    assert isinstance(about, PDFStream)
    told = about.get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", told)
    assert "Our response: Potholes" in told
    assert "2024-06-03" in told


def test_its_tags_name_headings_a_list_a_quotation_and_a_link() -> None:
    root = resolve1(catalogue(letter_pdf(Words("Our response", BODY), HEAD, LAYOUT))["StructTreeRoot"])
    kinds = set(_kinds(root))
    assert {"H1", "P", "L", "LI", "Link", "BlockQuote"} <= kinds, kinds


def _kinds(node: Any) -> list[str]:
    node = resolve1(node)
    if isinstance(node, list):
        return [kind for child in node for kind in _kinds(child)]
    if not isinstance(node, dict):
        return []
    own = [node["S"].name] if "S" in node else []
    return own + _kinds(node.get("K"))


def test_its_text_is_the_letters_words() -> None:
    subject = "Our response: Potholes"
    pdf = letter_pdf(Words(subject, BODY), HEAD, LAYOUT)
    head = "Anytown Borough Council Town Hall, High Street foi@anytown.example"
    letter = "\n".join(line.removeprefix("> ").removeprefix("- ") for line in BODY.split("\n"))
    assert words_in(pdf) == squeezed(f"{head} {subject} {letter}")


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_in_any_place_stays_text(attack: str) -> None:
    body = BODY.replace("Harriet Bell", attack).replace("How many potholes", attack)
    pdf = letter_pdf(Words(attack, body), HEAD, LAYOUT)
    assert words_in(pdf).count(squeezed(attack)) == 3
    assert b"root:" not in pdf


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Łukasz Ŵyn Ὀδυσσεύς Ольга", "Łukasz Ŵyn Ὀδυσσεύς Ольга"),
        ("a\x00b\x1b[31m\ufeff\u202e\ufffe", "ab[31m"),
        ("\ud800 alone", "alone"),
    ],
)
def test_odd_letters_do_not_stop_a_letter(typed: str, shown: str) -> None:
    pdf = letter_pdf(Words("Our response", f"Dear {typed},\n"), HEAD, LAYOUT)
    assert squeezed(f"Dear {shown},") in words_in(pdf)


def test_a_letter_no_font_has_becomes_a_mark_and_the_others_stay() -> None:
    unassigned_in_fonts = "\U00012000"  # a cuneiform sign
    pdf = letter_pdf(Words("Our response", f"Dear {unassigned_in_fonts} Ольга,\n"), HEAD, LAYOUT)
    assert words_in(pdf).endswith(("Dear?Ольга,", f"Dear{unassigned_in_fonts}Ольга,"))


def test_a_letter_of_very_many_unusual_characters_is_made_in_time() -> None:
    every = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 5000))
    assert len(letter_pdf(Words("Our response", f"Dear {every},\n"), HEAD, LAYOUT)) > 1000


def test_the_same_letter_makes_the_same_file() -> None:
    words = Words("Our response", BODY)
    assert letter_pdf(words, HEAD, LAYOUT) == letter_pdf(words, HEAD, LAYOUT)


def test_a_layout_with_a_mistake_is_named_with_the_reason() -> None:
    with pytest.raises(LayoutFault, match=r"letters/letter.typ, cannot be used: unclosed delimiter"):
        letter_pdf(Words("Our response", BODY), HEAD, "#let x = (")


def test_a_layout_can_read_nothing_of_the_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("very secret")
    with pytest.raises(LayoutFault):
        letter_pdf(Words("Our response", BODY), HEAD, f'#set document(title: "x")\n#read("{secret}")')

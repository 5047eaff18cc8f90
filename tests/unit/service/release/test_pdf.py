"""PDF files: what lies under boxes, behind the page and in earlier versions."""

import pytest
import typst

from tests.unit.service.release.samples import TYPED, a_pdf, found, kinds, saved_again, the_one

BOX = "0 0 0 rg 70 715 200 16 re f\n"
WORDS = 25 - 3  # letters of the sentence, without its spaces


def test_a_plain_page_gives_nothing() -> None:
    assert found("letter.pdf", a_pdf()) == []
    assert found("letter.pdf", a_pdf(packed=True)) == []


def test_words_under_a_black_box_are_counted_with_their_page() -> None:
    one = the_one("letter.pdf", a_pdf(TYPED + BOX, packed=True), "text under boxes")
    assert one.sentence.startswith(f"{WORDS} letters under dark boxes") and one.place == "Page 1" and one.serious


@pytest.mark.parametrize(
    ("drawn", "kind"),
    [
        (TYPED + BOX.replace("0 0 0", "1 1 1"), "text under boxes"),  # a white box hides as well
        (BOX + TYPED.replace("BT", "0 g BT"), "text under boxes"),  # black on black
        (TYPED + "q 20 w 60 723 m 300 723 l S Q\n", "text under boxes"),  # a marker's thick line
        (TYPED.replace("BT", "BT 3 Tr"), "invisible text"),
        (TYPED.replace("BT", "1 g BT"), "unseen text"),  # white on white
        (TYPED.replace("72 720", "72 2000"), "unseen text"),  # off the page
        (TYPED.replace("12 Tf", "1 Tf"), "unseen text"),  # too small
    ],
)
def test_words_that_are_there_and_not_seen_are_found(drawn: str, kind: str) -> None:
    assert kinds("letter.pdf", a_pdf(drawn)) == [kind]


@pytest.mark.parametrize(
    "drawn",
    [
        "0.8 0.9 1 rg 70 715 200 16 re f 0 g\n" + TYPED,  # a light ground
        "0 0 0 rg 70 715 200 16 re f 1 g\n" + TYPED,  # white on black
        TYPED + "0 0 0 rg 70 600 200 16 re f\n",  # a box elsewhere
        TYPED + "q /Half gs 1 1 0 rg 70 715 200 16 re f Q\n",  # a highlighter
        TYPED + "0.5 w 70 715 200 16 re S\n",  # a frame
    ],
)
def test_boxes_that_hide_nothing_are_left_in_peace(drawn: str) -> None:
    assert found("letter.pdf", a_pdf(drawn)) == []


def test_words_under_a_picture_are_found() -> None:
    picture = b"<< /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream"  # noqa: E501
    assert kinds("letter.pdf", a_pdf(TYPED + "q 300 0 0 40 60 700 cm /Im1 Do Q\n", objects=[picture])) == [
        "text under pictures"
    ]


def test_a_page_that_a_typesetter_made_gives_nothing_and_its_box_is_seen_through() -> None:
    page = '#set page(paper: "a4")\n= Trees\n#table(columns: 2, fill: rgb("#eee"), [Ward], [Felled], [North], [12])\n'
    box = "#place(dx: 0pt, dy: -20pt, rect(width: 10cm, height: 3cm, fill: black))\n"
    assert found("letter.pdf", typst.compile(page.encode())) == []
    assert "text under boxes" in kinds("letter.pdf", typst.compile((page + box).encode()))


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("/Redact", "redactions not applied"),
        ("/Text", "annotations"),
        ("/Square", "annotations"),
        ("/Highlight", "annotations"),
    ],
)
def test_marks_laid_on_top_are_found(note: str, kind: str) -> None:
    annots = f"/Annots [<< /Type /Annot /Subtype {note} /Rect [70 715 270 731] >>]"
    one = the_one("letter.pdf", a_pdf(page=annots), kind)
    assert one.place == "Page 1"


def test_a_link_is_no_mark() -> None:
    assert found("letter.pdf", a_pdf(page="/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] >>]")) == []


def test_properties_that_name_people_are_told_without_the_names() -> None:
    (one,) = found("letter.pdf", a_pdf(trailer="/Info << /Author (Ann Smith) /Producer (typst) >>"))
    assert one.sentence == "Names people: author." and one.serious


def test_an_earlier_version_is_found() -> None:
    again = saved_again(a_pdf(), 9, "<< /Note true >>")
    assert the_one("letter.pdf", again, "earlier versions").sentence.startswith(
        "1 earlier version is still in the file"
    )


@pytest.mark.parametrize(
    ("catalog", "kind"),
    [
        ("/Names << /EmbeddedFiles << /Names [(a.xlsx) << /F (a.xlsx) >>] >> >>", "embedded files"),
        ("/OCProperties << /OCGs [] /D << /OFF [<< >>] >> >>", "hidden layers"),
        ("/OpenAction << /S /JavaScript /JS (app.alert) >>", "JavaScript"),
        ("/AcroForm << /Fields [<< /T (name) /V (Ann) /F 2 >>] >>", "hidden fields"),
        ("/AcroForm << /Fields [<< /T (name) /V (Ann) >>] >>", "form"),
        ("/Collection << >>", "cannot be looked into"),
    ],
)
def test_what_a_pdf_carries_behind_its_pages_is_found(catalog: str, kind: str) -> None:
    assert kind in kinds("letter.pdf", a_pdf(catalog=catalog))


def test_people_in_the_text_are_counted() -> None:
    (one,) = found("letter.pdf", a_pdf("BT /F1 12 Tf 72 720 Td (Ring 020 7946 0123) Tj ET"))
    assert (one.kind, one.sentence, one.serious) == ("personal data", "Seems to hold 1 telephone number.", False)


def test_a_page_without_words_or_pictures_is_mentioned() -> None:
    assert kinds("letter.pdf", a_pdf("0 0 m 9 9 l S\n"), serious=False) == ["no text"]


@pytest.mark.parametrize("cut", [5, 60, 200, 400])
def test_a_damaged_file_is_itself_found(cut: int) -> None:
    content = a_pdf()
    for broken in (content[:cut], content[:cut] + b"\xff\x00(((<<[[" + content[cut:]):
        for one in found("letter.pdf", b"%PDF-1.7 " + broken):
            assert one.sentence
    assert kinds("letter.pdf", b"%PDF-1.7\n" + b"<" * 10_000)[:1] == ["cannot be looked into"]

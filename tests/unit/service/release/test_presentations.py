"""PowerPoint presentations: hidden slides, notes, comments, and what lies beside the slides."""

import pytest

from tests.unit.service.release.samples import DRAWING, PRESENTATION, a_presentation, found, kinds, the_one

SPACES = f'xmlns:p="{PRESENTATION}" xmlns:a="{DRAWING}"'
FAR_OUT = '<p:sp><p:spPr><a:xfrm><a:off x="9999999" y="0"/></a:xfrm></p:spPr></p:sp>'


def test_a_plain_presentation_gives_nothing() -> None:
    assert found("trees.pptx", a_presentation()) == []


def test_a_hidden_slide_is_found() -> None:
    assert the_one("trees.pptx", a_presentation(shows=' show="0"'), "hidden slides").sentence == "1 slide is hidden."


def test_notes_for_the_speaker_are_found_when_they_say_more_than_the_slides_number() -> None:
    number = f"<p:notes {SPACES}><a:p><a:fld><a:t>1</a:t></a:fld></a:p></p:notes>"
    said = f"<p:notes {SPACES}><a:p><a:r><a:t>Do not mention the oak</a:t></a:r></a:p></p:notes>"
    extra = {"ppt/notesSlides/notesSlide1.xml": number, "ppt/notesSlides/notesSlide2.xml": said}
    assert the_one("trees.pptx", a_presentation(extra=extra), "speaker's notes").sentence.startswith("1 slide has")


def test_comments_are_counted() -> None:
    extra = {"ppt/comments/comment1.xml": f"<p:cmLst {SPACES}><p:cm/><p:cm/></p:cmLst>"}
    assert the_one("trees.pptx", a_presentation(extra=extra), "comments").sentence == "2 comments, with their writers."


@pytest.mark.parametrize(
    ("slide", "expected"), [(FAR_OUT, ["beside the slides"]), (FAR_OUT.replace("9999999", "9"), [])]
)
def test_a_shape_beside_the_slide_is_found(slide: str, expected: list[str]) -> None:
    assert kinds("trees.pptx", a_presentation(slide)) == expected


def test_a_chart_keeps_its_figures() -> None:
    extra = {"ppt/charts/chart1.xml": "<chart><pt/><pt/></chart>"}
    (one,) = found("trees.pptx", a_presentation(extra=extra))
    assert one.sentence == "Charts keep 2 exact values behind what they draw." and not one.serious

import pytest

from tests.unit.web.conftest import Browser
from web.theme import text_colour


@pytest.mark.parametrize(
    ("colour", "text"), [("#1d70b8", "#ffffff"), ("#ffffff", "#0b0c0c"), ("#000000", "#ffffff"), ("#ffdd00", "#0b0c0c")]
)
def test_the_text_on_the_authoritys_colour_can_be_read(colour: str, text: str) -> None:
    assert text_colour(colour) == text


def test_the_colour_comes_from_the_settings(stranger: Browser) -> None:
    answer = stranger.get("/theme.css")
    assert answer.mimetype == "text/css"
    assert "--desk-colour: #1d70b8;" in answer.text

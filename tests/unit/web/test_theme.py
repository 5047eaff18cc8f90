import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import web
from service.desk import Desk
from service.domain.contrast import SHAPE, TEXT, contrast
from tests.unit.web.conftest import Browser, with_settings
from web.app import create_app
from web.theme import DARK, LIGHT, sheet

DESK_CSS = (Path(web.__path__[0]) / "static" / "desk.css").read_text(encoding="utf-8")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="2" height="1"/></svg>'
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
Sees = Callable[..., Browser]


@pytest.fixture
def stranger_to(desk: Desk, tmp_path: Path) -> Sees:
    """A stranger before a desk whose authority looks as told."""

    def before(**look: object) -> Browser:
        authority = {"name": "Anytown Borough Council"} | look
        return Browser(create_app(with_settings(desk, tmp_path, authority=authority)).test_client())

    return before


@given(COLOURS)
def test_any_colour_can_be_written_on_and_told_from_light_and_dark_pages(colour: str) -> None:
    css = sheet(colour)
    ink = re.search(r"--desk-on-colour: (#\w{6})", css)
    light, dark = re.findall(r"--desk-mark: (#\w{6})", css)
    assert ink is not None
    assert contrast(ink[1], colour) >= TEXT
    assert contrast(light, LIGHT) >= SHAPE
    assert contrast(dark, DARK) >= SHAPE


def test_the_surfaces_it_is_told_from_are_those_of_the_pages() -> None:
    light, dark = DESK_CSS.split("(prefers-color-scheme: dark)", 1)
    assert f"--desk-shade: {LIGHT};" in light
    assert f"--desk-shade: {DARK};" in dark


def test_the_colour_comes_from_the_settings(stranger: Browser) -> None:
    answer = stranger.get("/theme.css")
    assert answer.mimetype == "text/css"
    assert "--desk-colour: #1d70b8;" in answer.text


def test_a_logo_stands_at_the_head_of_pages_and_is_locked_up(stranger_to: Sees, tmp_path: Path) -> None:
    file = tmp_path / "logo.svg"
    file.write_text(SVG, encoding="utf-8")
    browser = stranger_to(logo=file)
    page = browser.get("/sign-in").text
    assert page.count('src="/logo"') == 2
    assert 'alt="Anytown Borough Council"' in page
    answer = browser.get("/logo")
    assert (answer.text, answer.mimetype) == (SVG, "image/svg+xml")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("; sandbox")
    assert "script-src" not in policy


def test_without_a_logo_no_page_asks_for_one(stranger: Browser) -> None:
    assert "/logo" not in stranger.get("/sign-in").text
    assert stranger.get("/logo").status_code == 404

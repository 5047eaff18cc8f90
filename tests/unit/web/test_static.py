"""What we ship of GOV.UK Frontend keeps to its licence: no crown, no crest, no GDS Transport; and nothing calls out."""

import re
from pathlib import Path

import pytest

import web

STATIC = Path(web.__path__[0]) / "static"
SHEETS = sorted(STATIC.rglob("*.css"))


def test_the_style_sheets_are_there() -> None:
    assert {"govuk-frontend-6.3.0.min.css", "desk.css"} <= {sheet.name for sheet in SHEETS}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_style_sheet_has_no_protected_font_or_emblem_and_loads_nothing(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8").lower()
    for forbidden in ("gds transport", "@font-face", "crown", "crest", "@import", "sourcemappingurl", "url("):
        assert forbidden not in css


def test_no_picture_font_or_script_is_shipped_but_our_own() -> None:
    kinds = {path.name for path in STATIC.rglob("*") if path.suffix not in (".css", ".txt") and path.is_file()}
    assert kinds == {"icon.svg", "keys.js", "news.js", "search.js"}


def test_the_licence_stands_beside_the_style_sheet() -> None:
    text = (STATIC / "vendor" / "govuk-frontend.LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT License" in text
    assert "Crown Copyright (Government Digital Service)" in text


def test_no_template_has_a_script_a_style_or_another_sites_address() -> None:
    templates = Path(web.__path__[0]).parent / "templates" / "web"
    pages = sorted(templates.glob("*.html"))
    assert len(pages) > 10
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert re.search(r"<script(?! src=\"{{ url_for)|<style|\sstyle=|\son[a-z]+=|https?://", html) is None, page.name


def test_a_colour_stands_among_the_properties_and_nowhere_else() -> None:
    # Else a page is right in light and wrong in dark.
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "desk.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    beside = re.sub(r"--[a-z-]+:[^;}]+", "", css)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", beside) == []


def test_every_class_of_ours_has_a_style() -> None:
    css = (STATIC / "desk.css").read_text(encoding="utf-8")
    templates = Path(web.__path__[0]).parent / "templates" / "web"
    used = {
        name for page in templates.glob("*.html") for name in re.findall(r"desk-[a-z_-]*\w(?![\w-])", page.read_text())
    }
    assert sorted(name for name in used if f".{name}" not in css) == []

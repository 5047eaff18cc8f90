import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import col, update

from service.desk import Desk
from service.documents.figures import TYPES
from service.store import statistics as store_statistics
from service.store.database import DatabaseUnavailable, transaction
from service.store.tables import Case
from tests.unit.web.conftest import Browser
from web import statistics as web_statistics

FIGURES = '<table class="govuk-table desk-figures"'
IN_MARCH = date(2024, 3, 20)
SEEN = "quarter=2024Q2&as_at=2024-06-03"


def test_each_figure_opens_the_cases_behind_it(officer: Browser) -> None:
    html = officer.get(f"/statistics?{SEEN}").text
    assert "Monday 1 April 2024" in html
    assert "Code of Practice under section 45" in html
    received = officer.get(f"/statistics/cases?{SEEN}&figure=code.1").text
    assert "Requests received (" in received
    late = officer.get(f"/statistics/cases?{SEEN}&figure=1.Biii").text
    assert "01.FOI.24." in late
    assert late.count('class="govuk-table__header desk-reference"') < received.count('desk-reference"')
    assert officer.get(f"/statistics/cases?{SEEN}&figure=9.Z").status_code == 404


def test_a_figure_of_one_case_is_read_out_as_one_case(officer: Browser) -> None:
    words = re.findall(
        r'>([\d,]+)<span class="govuk-visually-hidden"> (cases?): ', officer.get(f"/statistics?{SEEN}").text
    )
    assert ("1", "case") in words
    assert all((number == "1") == (word == "case") for number, word in words)


def test_without_a_word_the_quarter_that_is_over_is_shown_as_of_today(officer: Browser, desk: Desk) -> None:
    with transaction(desk.engine) as session:
        session.exec(update(Case).where(col(Case.id) == 1).values(received_on=IN_MARCH))
    html = officer.get("/statistics").text
    assert '<option value="2024Q1" selected>2024Q1: January to March 2024</option>' in html
    assert "Today is not over: the figures can still change." in html
    assert "These figures stay as they are" in officer.get("/statistics?quarter=2024Q1&as_at=2024-05-31").text


def test_a_desk_that_began_in_this_quarter_shows_it(officer: Browser) -> None:
    assert '<option value="2024Q2" selected>' in officer.get("/statistics").text


def test_a_mistake_in_one_field_keeps_what_the_others_say(officer: Browser) -> None:
    told = officer.get("/statistics?quarter=2024Q2&as_at=yesterday&authority=Nowhere")
    assert told.status_code == 422
    assert '<option value="2024Q2" selected>' in told.text
    assert "&#39;yesterday&#39; is not a day" in told.text
    assert "Nowhere" in told.text


def test_a_page_that_takes_long_tells_how_far_it_is_and_ends_in_the_same_figures(
    officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tables(html: str) -> str:
        return html[html.index(FIGURES) : html.index("</main>")]

    at_once = officer.get(f"/statistics?{SEEN}").text
    assert "cases read." not in at_once
    monkeypatch.setattr(web_statistics, "PATIENCE", 0)
    monkeypatch.setattr(store_statistics, "BATCH", 2)
    told = officer.get(f"/statistics?{SEEN}")
    counted = re.findall(r"Counting: (\d+) of (\d+) cases read", told.text)
    assert [int(done) for done, _ in counted] == [*range(2, int(counted[0][1]), 2), int(counted[0][1])]
    assert tables(told.text) == tables(at_once)
    assert officer.post("/sign-out").status_code == 302  # its forms can be sent


def test_a_database_that_fails_meanwhile_is_told_where_the_figures_would_stand(
    officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_what: object, **_more: object) -> Iterator[tuple[int, int]]:
        yield 1, 2
        raise DatabaseUnavailable(where="here", reason="gone")

    monkeypatch.setattr(web_statistics, "PATIENCE", 0)
    monkeypatch.setattr(web_statistics, "count_quarter", fails)
    html = officer.get(f"/statistics?{SEEN}").text
    assert "Counting: 1 of 2 cases read." in html
    assert "could not be counted to the end" in html
    assert "gone" not in html and "The database at" not in html  # how it is reached is for the log
    assert html.rstrip().endswith("</html>") and FIGURES not in html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("quarter=2024Q7", "is no quarter; write one as 2026Q3"),
        ("as_at=yesterday", "is not a day; write one as 2026-11-01"),
        ("quarter=2024Q1&as_at=2023-12-31", "as at Monday 1 January 2024, when it began, or later"),
        ("quarter=2024Q1&as_at=2030-01-01", "and not past today"),
    ],
)
def test_what_cannot_be_computed_is_refused_and_no_other_figures_are_handed_out(
    officer: Browser, asked: str, said: str
) -> None:
    page = officer.get(f"/statistics?{asked}")
    assert page.status_code == 422
    assert said in page.text.replace("\n", " ")
    field = "quarter" if "Q7" in asked else "as_at"
    assert f'<a href="#{field}">' in page.text and f'id="{field}-error"' in page.text
    assert "<title>Error: Statistics to publish" in page.text
    assert "Requests received</th>" not in page.text
    for suffix in TYPES:
        assert officer.get(f"/statistics/file.{suffix}?{asked}").status_code == 422


def test_the_files_hold_what_the_page_shows(officer: Browser, desk: Desk) -> None:
    files = {suffix: officer.get(f"/statistics/file.{suffix}?{SEEN}") for suffix in TYPES}
    assert (
        'filename="foi-statistics-2024Q2-as-at-2024-06-03-with-references.csv"'
        in files["csv"].headers["Content-Disposition"]
    )
    told = json.loads(files["json"].data)
    assert told["authority"] == desk.settings.authority.name
    counts = {row["key"]: row["count"] for table in told["tables"] for row in table["figures"]}
    assert counts["code.1"] > 0
    rows = {row[1]: row for row in csv.reader(files["csv"].data.decode("utf-8-sig").splitlines())}
    assert {key: int(rows[key][3]) for key in counts} == counts
    sheet = load_workbook(BytesIO(files["xlsx"].data)).active
    assert sheet is not None
    assert sheet["A2"].value == "Requests received from 1 April 2024 to 30 June 2024, as at 3 June 2024"
    assert {
        key: count for _, key, _, count, *_ in sheet.iter_rows(min_row=5, values_only=True) if key in counts
    } == counts
    first = next(row for table in told["tables"] for row in table["figures"] if row["key"] == "code.1")
    assert rows["code.1"][6].split() == first["references"]


def test_the_files_to_publish_hold_the_numbers_and_name_no_case(officer: Browser) -> None:
    page = officer.get(f"/statistics?{SEEN}").text
    for suffix in TYPES:
        address = next(one for one in re.findall(r'href="([^"]+)"', page) if f"file.{suffix}" in one and "=no" in one)
        published = officer.get(unescape(address))
        checked = officer.get(f"/statistics/file.{suffix}?{SEEN}")
        name = published.headers["Content-Disposition"]
        assert f'filename="foi-statistics-2024Q2-as-at-2024-06-03.{suffix}"' in name
        words = " ".join(_texts(published.data, suffix))
        assert "Requests received" in words
        assert not re.search(r"\d\d\.FOI\.", words)
        assert re.search(r"\d\d\.FOI\.", " ".join(_texts(checked.data, suffix)))


def _texts(content: bytes, suffix: str) -> list[str]:
    if suffix != "xlsx":
        return [content.decode("utf-8-sig")]
    sheet = load_workbook(BytesIO(content)).active
    assert sheet is not None
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]

import re
from collections.abc import Callable

import pytest

from service.desk import Desk
from service.store.database import transaction
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded


def references(html: str) -> list[str]:
    """The references of a list in the order of its rows."""
    return re.findall(r'<a class="govuk-link" href="/cases/[^"]+">([^<]+)</a>', html)


def test_the_way_in_leads_to_ones_own_cases(officer: Browser) -> None:
    assert officer.get("/").headers["Location"] == "/list/mine"


def test_each_list_shows_its_cases_the_most_urgent_first(officer: Browser, seeded: Seeded) -> None:
    lists = {
        view: references(officer.get(f"/list/{view}").text)
        for view in ("mine", "unassigned", "due-soon", "overdue", "closed")
    }
    assert lists == {
        "mine": [seeded.overdue, seeded.due_today, seeded.soon],
        "unassigned": [seeded.unassigned],
        "due-soon": [seeded.due_today, seeded.soon],
        "overdue": [seeded.overdue],
        "closed": [seeded.closed],
    }


def test_a_row_says_how_its_deadline_stands_in_words(officer: Browser) -> None:
    html = officer.get("/list/open").text
    for words in ("overdue by 1 working day", "due today", "due in 4 working days", "Fri 31 May 2024"):
        assert words in html


def test_the_title_and_the_links_carry_the_counts(officer: Browser) -> None:
    html = officer.get("/list/open").text
    assert "<title>All open (5) – FOI desk – Anytown Borough Council</title>" in html
    link = r'desk-nav__link"[^>]*><span[^>]*>([A-Z][a-z ]+?)</span> <span class="desk-count[^>]*>(\d+)'
    counts = dict(re.findall(link, html))
    assert counts == {
        "Mine": "3",
        "Unassigned": "1",
        "Due soon": "2",
        "To clear": "0",
        "Overdue": "1",
        "Stopped": "0",
        "All open": "5",
        "Mail to sort": "2",
    }


@pytest.mark.parametrize("words", ["harriet", "TREES 2023", "000001", "harriet.bell@example.org"])
def test_words_are_looked_for_in_reference_subject_name_and_address(
    officer: Browser, seeded: Seeded, words: str
) -> None:
    assert references(officer.get(f"/list/open?q={words}").text) == [seeded.overdue]


@pytest.mark.parametrize("words", ["%", "_", "\\", "%00", "'"])
def test_marks_of_the_database_are_only_marks(officer: Browser, words: str) -> None:
    response = officer.get("/list/open?q=" + words.replace("%", "%25") if words != "%00" else "/list/open?q=%00")
    assert response.status_code == 200
    if words != "%00":
        assert "Nothing in “All open” matches" in response.text


def test_a_search_without_result_points_to_the_other_lists(officer: Browser) -> None:
    html = officer.get("/list/mine?q=library").text
    assert 'href="/list/open?q=library"' in html
    assert 'href="/list/closed?q=library"' in html


def test_the_lists_are_narrowed_by_owner_and_law(officer: Browser, seeded: Seeded) -> None:
    html = officer.get("/list/open").text
    owner = re.search(r'<option value="(\d+)">Priya Nair', html)
    assert owner
    assert references(officer.get(f"/list/open?owner={owner[1]}").text) == [seeded.of_colleague]
    assert references(officer.get("/list/open?regime=FOISA").text) == []


def test_a_heading_sorts_by_its_column_and_then_the_other_way(officer: Browser, seeded: Seeded) -> None:
    html = officer.get("/list/mine?sort=requester&q=e").text
    assert references(html)[0] == seeded.soon
    assert re.search(r'aria-sort="ascending"><a [^>]*href="/list/mine\?q=e&amp;sort=-requester"', html)
    assert references(officer.get("/list/mine?sort=-requester").text)[0] == seeded.due_today


@pytest.mark.parametrize(
    "asked", ["sort=password_hash", "page=0", "page=-1", "page=x", "owner=x", "regime=HTML", "page=9999999", "owner=²"]
)
def test_what_an_address_cannot_mean_is_left_out(officer: Browser, asked: str) -> None:
    assert officer.get(f"/list/open?{asked}").status_code == 200


def test_a_page_past_the_end_leads_to_the_last(officer: Browser) -> None:
    assert officer.get("/list/open?page=7").headers["Location"] == "/list/open"


def test_fifty_cases_stand_on_a_page(officer: Browser, desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for number in range(50):
            open_a_case(session, desk, a_message(subject=f"Numbered {number}"))
    first, second = officer.get("/list/unassigned").text, officer.get("/list/unassigned?page=2").text
    assert len(references(first)) == 50
    assert len(references(second)) == 1
    assert "Cases 1 to 50 of 51" in first
    assert 'href="/list/unassigned?page=2" rel="next"' in first
    assert 'href="/list/unassigned" rel="prev"' in second


def test_an_empty_list_says_what_to_do(browser: Callable[[str], Browser]) -> None:
    assert "Look under Unassigned for one to take" in browser("administrator").get("/list/mine").text


def test_a_list_that_is_none_is_not_found(officer: Browser) -> None:
    assert officer.get("/list/secret").status_code == 404

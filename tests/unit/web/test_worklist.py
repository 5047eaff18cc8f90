import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from service.desk import Desk
from service.store.database import transaction
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from web import narrowing


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


@pytest.mark.parametrize("asked", ["sort=password_hash", "page=0", "page=-1", "page=x", "page=9999999"])
def test_how_a_list_cannot_be_shown_is_left_out(officer: Browser, asked: str) -> None:
    assert officer.get(f"/list/open?{asked}").status_code in (200, 302)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("owner=x", "The address names no officer of this desk: choose one"),
        ("owner=²", "The address names no officer of this desk: choose one"),
        ("owner=0", "The address names no officer of this desk: choose one"),
        ("owner=777", "The address names no officer of this desk: choose one"),
        ("mailbox=nowhere", "The address names no mailbox of this desk: choose one"),
        ("regime=HTML", "The address names no law that the desk knows: choose one"),
        ("due_from=2024-02-30", "The first day due must be a real date, written like 2026-11-04"),
        ("received_from=2024-06-02&received_to=2024-06-01", "The last day received must not be before the first"),
        ("late=maybe", "The address can ask for late=yes or late=no: choose one"),
        ("what=all", "The address can ask for what=requests or for nothing of that name"),
    ],
)
def test_what_an_address_cannot_mean_is_left_out_and_told(officer: Browser, asked: str, said: str) -> None:
    page = officer.get(f"/list/open?{asked}")
    assert page.status_code == 400
    assert said in page.text
    assert page.text.index("There is a problem") < page.text.index("<h1")
    assert references(page.text) == references(officer.get("/list/open").text) or "received" in asked


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("due_from=2024-06-04&due_to=2024-06-30", ["soon"]),
        ("due_to=2024-05-31", ["overdue"]),
        ("owner=nobody", ["unassigned"]),
        ("owner=nobody&due_to=2024-05-31", []),
    ],
)
def test_a_list_is_narrowed_by_days_and_to_what_nobody_has(
    officer: Browser, seeded: Seeded, asked: str, expected: list[str]
) -> None:
    view = "open" if "nobody" in asked else "mine"
    assert references(officer.get(f"/list/{view}?{asked}").text) == [getattr(seeded, name) for name in expected]


def test_an_owner_is_asked_for_where_there_can_be_several(officer: Browser) -> None:
    assert [
        view for view in ("mine", "unassigned", "open", "closed") if 'id="owner"' in officer.get(f"/list/{view}").text
    ] == ["open", "closed"]
    assert '<option value="nobody" selected>' in officer.get("/list/unassigned?owner=nobody").text


def test_the_fields_for_days_are_open_when_one_is_filled(officer: Browser) -> None:
    assert 'desk-filter__more">' in officer.get("/list/closed").text
    for asked in ("answered_from=2024-05-01", "late=no", "due_to=2030-01-01"):
        assert 'desk-filter__more" open>' in officer.get(f"/list/closed?{asked}").text
    assert 'id="answered_from"' not in officer.get("/list/open").text


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


def test_of_too_many_with_a_word_a_list_says_that_it_has_the_last_opened(
    browser: Callable[[str], Browser], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.worklist.MOST_WITH_WORDS", 51)
    with transaction(desk.engine) as session:
        for number in range(52):
            open_a_case(session, desk, a_message(subject=f"Numbered {number}"))
    page = browser("supervisor").get("/list/unassigned?q=numbered").text
    assert "of more than 51. These are the cases opened last: narrow the list to see the rest" in page
    assert "Give all of this list" in page


def test_an_empty_list_says_what_to_do(browser: Callable[[str], Browser]) -> None:
    assert "Look under Unassigned for one to take" in browser("administrator").get("/list/mine").text


def test_a_list_that_is_none_is_not_found(officer: Browser) -> None:
    assert officer.get("/list/secret").status_code == 404


def test_where_cases_come_by_several_mailboxes_those_from_files_can_be_asked_for(
    desk: Desk,
) -> None:
    assert narrowing.accounts(desk) == {"foi": "foi@anytown.example"}
    first = desk.settings.mailbox
    second = first.model_copy(update={"account": "ferries", "address": "foi@ferries.example"})
    two = replace(desk, settings=desk.settings.model_copy(update={"mailboxes": (second,)}))
    assert [*narrowing.accounts(two)] == ["foi", "ferries", "archive"]
    asked = MultiDict({"mailbox": "archive"})
    assert narrowing.read(asked, two).account == "archive"
    assert narrowing.faults(asked, two, {1}) == {}

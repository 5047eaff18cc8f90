"""Lists kept under a name."""

import re
from collections.abc import Callable

import pytest

from service.desk import Desk
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded


def links(html: str) -> dict[str, tuple[str, str]]:
    """The saved lists above a page: name to address and count."""
    found = re.findall(
        r'desk-nav__link--saved" href="([^"]+)"[^>]*><span class="desk-nav__name">([^<]+)</span>'
        r'(?: <span class="desk-count" data-count="saved-\d+">(\d+))?',
        html,
    )
    return {name: (url.replace("&amp;", "&"), count) for url, name, count in found}


def save(browser: Browser, address: str, name: str, **also: str) -> str:
    browser.get("/list/open")
    answer = browser.post("/saved", list=address, name=name, **also)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_list_is_saved_as_its_address_and_stands_above_every_page_with_its_count(
    officer: Browser, seeded: Seeded
) -> None:
    html = officer.get("/list/open?regime=FOIA&q=e&page=1").text
    link = re.search(r'href="(/saved/new\?list=[^"]+)">Save this list', html)
    assert link
    form = officer.get(link[1]).text
    assert "All open: only cases with “e” and under FOIA." in form
    address = re.search(r'name="list" value="([^"]+)"', form)
    assert address
    where = save(officer, address[1].replace("&amp;", "&"), "With an e")
    assert where == "/list/open?q=e&regime=FOIA"
    page = officer.get(where).text
    assert links(page)["With an e"] == (where, "5")
    assert links(officer.get(f"/cases/{seeded.overdue}").text)["With an e"] == (where, "5")
    assert re.search(r'href="/list/open\?q=e&amp;regime=FOIA" aria-current="page"', page)


def test_a_name_is_needed_short_and_not_taken_twice(officer: Browser) -> None:
    for name, fault in (("", "Enter a name"), ("x" * 61, "Shorten this"), ("UNDER the act", "of that name already")):
        officer.get("/list/open")
        answer = officer.post("/saved", list="/list/overdue", name=name)
        assert answer.status_code == 422
        assert fault in answer.text


@pytest.mark.parametrize(
    "address", ["", "//evil.example/list/open", "/list/nothing?x=1", "/list/open?owner=x&sort=zzz"]
)
def test_an_address_that_is_no_list_becomes_one_and_leads_nowhere_else(officer: Browser, address: str) -> None:
    assert save(officer, address, "Odd").startswith("/list/")


def test_a_list_is_renamed_deleted_and_brought_back(officer: Browser) -> None:
    save(officer, "/list/overdue", "Late")
    page = officer.get("/saved").text
    assert "Late</a>" in page
    key = re.search(r'/saved/(\d+)">Rename[^<]*<span class="govuk-visually-hidden"> “Late”', page)
    assert key
    officer.post(f"/saved/{key[1]}", name="Too late")
    assert links(officer.get("/saved").text)["Too late"] == ("/list/overdue", "1")
    officer.post(f"/saved/{key[1]}/delete")
    page = officer.get("/saved").text
    assert "Too late" not in links(page)
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo
    officer.post(undo[1])
    assert links(officer.get("/saved").text)["Too late"] == ("/list/overdue", "1")


def test_a_supervisor_shares_a_list_and_each_sees_their_own_count(browser: Callable[[str], Browser]) -> None:
    supervisor, officer = browser("supervisor"), browser("officer")
    save(supervisor, "/list/mine", "Ours", shared="yes")
    assert links(supervisor.get("/list/open").text)["Ours"] == ("/list/mine", "1")
    page = officer.get("/saved").text
    assert links(page)["Ours"] == ("/list/mine", "3")
    assert "Priya Nair, shared with the team" in page
    key = re.search(r"saved-(\d+)", supervisor.get("/list/open").text.split(">Ours<")[1])
    assert key
    for path, values in ((f"/saved/{key[1]}", {"name": "Theirs"}), (f"/saved/{key[1]}/delete", {})):
        assert officer.post(path, **values).status_code == 404
    assert officer.get(f"/saved/{key[1]}").status_code == 404


def test_an_officer_cannot_share(browser: Callable[[str], Browser]) -> None:
    officer, supervisor = browser("officer"), browser("supervisor")
    save(officer, "/list/mine", "For all", shared="yes")
    assert "For all" not in links(supervisor.get("/list/open").text)
    assert "Share it" not in officer.get("/saved/new?list=/list/open").text


def test_lists_of_closed_cases_are_counted_on_their_own_page_only(officer: Browser, desk: Desk) -> None:
    assert desk
    save(officer, "/list/closed?q=library", "Libraries")
    page = officer.get("/saved").text
    assert links(page)["Libraries"] == ("/list/closed?q=library", "")
    assert re.search(r'Libraries</a></th>\s*<td class="[^"]+" data-label="Cases">1</td>', page)


def test_without_a_saved_list_the_page_says_how_to_make_one(browser: Callable[[str], Browser], seeded: Seeded) -> None:
    officer = browser("officer")
    officer.get("/saved")
    officer.post(f"/saved/{seeded.saved_list}/delete")
    officer.get("/saved")
    assert "choose <strong>Save this list</strong>" in officer.get("/saved").text


@pytest.mark.parametrize("path", ["/saved/new", "/news"])
@pytest.mark.parametrize("address", ["http://[", "//["])
def test_an_address_that_cannot_be_read_is_no_list(supervisor: Browser, path: str, address: str) -> None:
    assert supervisor.client.get(path, query_string={"list": address}).status_code < 500

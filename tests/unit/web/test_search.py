import re

import pytest

from service.desk import Desk
from service.domain.message import Address
from service.store.database import transaction
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded


def found(html: str) -> list[str]:
    """The references of the results, in their order."""
    return re.findall(r'desk-result__title"><a class="govuk-link" href="/cases/[^"]+">([^:]+):', html)


def test_the_search_box_stands_on_every_page_and_leads_to_the_search(officer: Browser) -> None:
    html = officer.get("/list/open").text
    assert re.search(r'<form class="desk-header__search" method="get" action="/search"', html)
    assert 'name="q"' in html


def test_nobody_searches_without_signing_in(stranger: Browser, seeded: Seeded) -> None:
    assert seeded
    assert "desk-header__search" not in stranger.get("/sign-in").text
    assert stranger.get("/search/results?q=trees").status_code == 302


def test_a_search_shows_the_case_with_the_words_marked(officer: Browser, seeded: Seeded) -> None:
    html = officer.get("/search?q=council+fell").text
    assert found(html) == [seeded.overdue]
    assert "How many trees did the <mark>council</mark> <mark>fell</mark> in 2023" in html
    assert "In a mail:" in html


@pytest.mark.parametrize("typed", ["{}", "FOI/24/000001", "foi-24-000001", "000001"])
def test_a_reference_leads_straight_to_its_case(officer: Browser, seeded: Seeded, typed: str) -> None:
    answer = officer.get(f"/search?q={typed.format(seeded.overdue)}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/cases/{seeded.overdue}"


@pytest.mark.parametrize("typed", ["1", "about FOI/24/000001"])
def test_what_may_mean_a_case_names_it_before_what_is_found(officer: Browser, seeded: Seeded, typed: str) -> None:
    answer = officer.get(f"/search?q={typed}")
    assert answer.status_code == 200
    assert found(answer.text.split("<main")[1].split("</section>")[0])[0] == seeded.overdue


def test_a_reference_with_a_filter_stays_a_search(officer: Browser, seeded: Seeded) -> None:
    html = officer.get("/search?q=000001&stage=closed").text
    assert found(html)[0] == seeded.overdue


@pytest.mark.parametrize(
    ("narrowing", "names"),
    [
        ("stage=closed", ["closed"]),
        ("stage=overdue", ["overdue"]),
        ("regime=EIR", []),
        ("since=2024-06-01", []),
        ("since=2024-05-31&until=2024-05-31", ["unassigned"]),
        ("since=31%2F5%2F2024&owner=x&regime=y&stage=z&page=0", []),
    ],
)
def test_a_search_is_narrowed_with_or_without_words(
    officer: Browser, seeded: Seeded, narrowing: str, names: list[str]
) -> None:
    assert found(officer.get(f"/search?{narrowing}").text) == [getattr(seeded, name) for name in names]


def test_words_of_a_mail_stay_words(officer: Browser, desk: Desk) -> None:
    hostile = "A walrus <img src=x onerror=alert(1)> \x02\x03 & {{ 7 * 7 }} walrus</mark>"
    with transaction(desk.engine) as session:
        open_a_case(
            session, desk, a_message(subject="<b>walrus", text=hostile, sender=Address("<i>Eve", "e@x.example"))
        )
    main = officer.get("/search?q=walrus").text.split("<main")[1]
    assert "<img" not in main
    assert "<b>" not in main
    assert "<i>" not in main
    assert main.count("<mark>") == main.count("</mark>") == 2
    assert "&lt;img src=x onerror=alert(1)&gt;" in main
    assert "49" not in main.split("<ol")[1]


@pytest.mark.parametrize("typed", ["%22", "*", "NEAR(a%20b", "a%3Ab", "%00", "-", "'", "%F0%9F%8C%B3", "(", "x" * 500])
def test_whatever_is_typed_is_answered(officer: Browser, typed: str) -> None:
    assert officer.get(f"/search?q={typed}").status_code == 200
    assert officer.get(f"/search/results?q={typed}").status_code == 200


def test_mail_that_is_not_filed_is_not_searched_and_the_page_says_so(officer: Browser, seeded: Seeded) -> None:
    assert seeded
    assert found(officer.get("/search?q=%22question+on+this+one%22").text) == []
    assert "Mail that nobody has filed on a case is not searched" in officer.get("/search").text


def test_pages_follow_each_other(officer: Browser, desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for number in range(25):
            open_a_case(session, desk, a_message(subject=f"Bins {number}", text="Bins."))
    first = officer.get("/search?q=bins").text
    assert "Cases 1 to 20 of 25" in first
    assert 'href="/search?q=bins&amp;page=2" rel="next"' in first
    second = officer.get("/search?q=bins&page=2").text
    assert not set(found(first)) & set(found(second))
    assert officer.get("/search?q=bins&page=9").headers["Location"] == "/search?q=bins"


def test_pages_may_run_our_scripts_and_no_others(officer: Browser) -> None:
    policy = officer.get("/search").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    script = officer.get("/static/search.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["Content-Type"]


def test_results_alone_are_what_the_page_shows(officer: Browser, seeded: Seeded) -> None:
    part = officer.get("/search/results?q=trees")
    assert found(part.text) == [seeded.overdue]
    assert "<html" not in part.text
    assert part.headers["Cache-Control"] == "no-store"


def test_requests_alike_are_shown_at_triage_and_from_the_case(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    words = "How many potholes were repaired in Mill Lane, and what was each contractor paid for the repair?"
    with transaction(desk.engine) as session:
        earlier = open_a_case(session, desk, a_message(text=words, sender=Address("Tom Smith", "tom@example.net")))
        case = open_a_case(session, desk, a_message(text=words))
    for path in ("triage", "alike"):
        html = officer.get(f"/cases/{case.reference}/{path}").text
        assert "1 other person asks the same within 60 working days" in html
        assert f'href="/cases/{earlier.reference}"' in html
        assert "s.12(4)" in html
    assert f'href="/cases/{case.reference}/alike"' in officer.get(f"/cases/{case.reference}").text
    assert "None found" in officer.get(f"/cases/{seeded.soon}/alike").text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("stage=lost", "stage"),
        ("owner=x", "owner"),
        ("regime=HTML", "regime"),
        ("since=2024-02-30", "since"),
        ("since=2024-06-02&until=2024-06-01", "until"),
    ],
)
def test_what_an_address_cannot_mean_is_left_out_and_told(officer: Browser, asked: str, field: str) -> None:
    page = officer.get(f"/search?q=trees&{asked}")
    assert page.status_code == 400
    assert f'<a href="#{field}">' in page.text


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("q=walruss", "Look at the spelling, or write only the beginning of the word."),
        ("q=trees+walruss", "Leave a word out, or write only the beginning of the last one."),
        ("q=q", "A single letter or digit is found only where it stands alone: write more of the word."),
        ("q=%22trees+gone%22", "Leave the quotation marks out."),
        ("q=council+%22trees+gone%22", "Leave the quotation marks out, or a word."),
        ("q=%26%26", "“&amp;&amp;” has no letter or digit to look for."),
        ("regime=EISR", "begin a new search"),
        ("q=trees&regime=EISR", "in all cases</a>, or leave some of them out."),
    ],
)
def test_a_search_that_finds_nothing_says_what_to_try(officer: Browser, seeded: Seeded, asked: str, hint: str) -> None:
    assert seeded
    for page in ("/search", "/search/results"):
        assert hint in officer.get(f"{page}?{asked}").text
    assert ("Show all that match the words" in officer.get(f"/search?{asked}").text) == (asked == "q=trees&regime=EISR")

"""The page of what-ifs: what it says, where it leads, and what it does not take."""

import re
from datetime import date

import pytest

from service.desk import Desk
from service.store.database import transaction
from tests.many import open_rows
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

AWAY = "/what-if?what=away&officer=1&until=2024-06-14"


def test_the_dashboard_leads_to_it_and_it_asks_three_things(supervisor: Browser) -> None:
    assert 'href="/what-if"' in supervisor.get("/dashboard").text
    page = supervisor.get("/what-if")
    assert page.status_code == 200
    for words in ("Somebody is away", "A bank holiday is proclaimed, or called off", "Nothing is answered"):
        assert words in page.text


def test_an_absence_names_its_cases_and_leads_to_the_list_of_them(supervisor: Browser, seeded: Seeded) -> None:
    page = supervisor.get(AWAY).text
    assert "If Sam Okoro is away until Fri 14 June 2024 and nobody answers" in page
    for reference in (seeded.due_today, seeded.soon, seeded.overdue):
        assert reference in page
    assert seeded.of_colleague not in page
    assert "the clock of 0" not in page
    found = re.search(r'href="(/list/open\?[^"]+)">Open the (\d+) cases in a list', page)
    assert found is not None
    listed = supervisor.get(found[1].replace("&amp;", "&")).text
    assert len(set(re.findall(r"/cases/([^\"/?]+)\"", listed))) == int(found[2])


def test_a_thousand_cases_are_counted_shown_in_part_and_linked(supervisor: Browser, desk: Desk) -> None:
    with transaction(desk.engine) as session:
        open_rows(session, 1000, due_on=date(2024, 6, 12), owner_id=1)
    page = supervisor.get(AWAY).text
    shown = len(re.findall(r"/cases/01\.FOI\.24\.5\d{5}", page))
    assert 90 < shown <= 100
    assert re.search(r"And 9\d\d more, in the list of all 10\d\d", page)


def test_a_holiday_says_from_when_to_when(supervisor: Browser, officer: Browser, seeded: Seeded) -> None:
    asked = "/what-if?what=holiday&kind=added&on=2024-06-05&division=ENG"
    page = supervisor.get(asked).text
    assert "open cases would move" in page
    assert seeded.soon in page
    assert re.search(r"\d cases? would get more time", page)
    assert 'href="/holidays/add?' in page
    assert "None." in supervisor.get("/holidays").text  # nothing was changed
    assert "/holidays/add" not in officer.get(asked).text
    assert "No deadline changes." in supervisor.get(asked.replace("2024-06-05", "2025-06-05")).text


def test_nothing_answered_counts_day_by_day_with_links(supervisor: Browser) -> None:
    page = supervisor.get("/what-if?what=nothing&until=2024-06-14").text
    assert "late today" in page
    assert "/list/open?due_from=2024-06-03&amp;due_to=2024-06-03" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("what=away", "Choose who is away"),
        ("what=away&officer=99&until=2024-06-14", "Choose who is away"),
        ("what=away&officer=1&until=2024-06-02", "Choose a day from today to a year from now"),
        ("what=away&officer=1&until=9999-12-31", "Choose a day from today to a year from now"),
        ("what=holiday", "Choose the day of the holiday"),
        ("what=holiday&on=2024-06-08", "no working day anyway"),
        ("what=holiday&on=2024-06-05&kind=withdrawn", "there is none to withdraw"),
        ("what=nothing&until=soon", "Choose a day from today to a year from now"),
    ],
)
def test_what_cannot_be_answered_is_said_beside_its_field(supervisor: Browser, asked: str, says: str) -> None:
    page = supervisor.get(f"/what-if?{asked}")
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert says in page.text


@pytest.mark.parametrize("asked", ["what=zeppelin", "what=holiday&on=0001-01-01", "what=holiday&on=9999-12-31"])
def test_any_address_is_answered(supervisor: Browser, asked: str) -> None:
    assert supervisor.get(f"/what-if?{asked}").status_code in (200, 422)


def test_a_holiday_of_the_whole_kingdom_can_be_supposed(supervisor: Browser) -> None:
    page = supervisor.get("/what-if?what=holiday&kind=added&on=2024-06-10&division=UK").text
    assert '<option value="UK" selected>The whole United Kingdom</option>' in page
    assert "division=UK" in page.partition("Add this holiday")[0].rpartition("href=")[2]

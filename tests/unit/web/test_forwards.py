"""The page on which an officer confirms who asked."""

from collections.abc import Callable
from datetime import date

import pytest

from service.casework.assign import assign
from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.officers import officer_by_email
from service.store.tables import Case
from tests.builders import a_forward, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded

FRI_MAY_17 = {"received_on-day": "17", "received_on-month": "5", "received_on-year": "2024"}
TOLD = {"name": "Harriet Bell", "address": "h.bell@example.com", "reason": "Planning had it", "decision": "confirm"}


@pytest.fixture
def reference(desk: Desk, seeded: Seeded) -> str:
    """A case that a colleague's mail opened."""
    assert seeded
    with transaction(desk.engine) as session:
        return open_a_case(session, desk, a_forward()).reference


def the_case(desk: Desk, reference: str) -> tuple[Case, list[str]]:
    with reading(desk.engine) as session:
        case = case_by_reference(session, reference)
        return case, [letter.recipient_address for letter in letters_of_case(session, case.id)]


def test_it_is_shown_wherever_an_officer_looks(officer: Browser, reference: str) -> None:
    asked = "Forwarded mail: confirm who asked"
    assert asked in officer.get("/list/unassigned").text
    assert asked not in officer.get("/list/mine").text
    case = officer.get(f"/cases/{reference}").text
    assert asked in case
    assert "How many potholes were filled in Mill Lane" in case
    assert "Older mail quoted" not in case
    waiting = officer.get("/post/forwarded").text
    assert "Forwarded mail: confirm who asked (1)" in waiting
    assert "Harriet Bell" in waiting
    assert '<span class="desk-count desk-count--alarm">1</span>' in waiting


def test_the_page_proposes_what_the_mail_tells(officer: Browser, reference: str) -> None:
    page = officer.get(f"/cases/{reference}/who-asked").text
    for told in (
        'value="Harriet Bell"',
        'value="h.bell@example.com"',
        "16:02 on Friday 17 May 2024",
        "Monday 17 June 2024",
        "now <time",
        "Monday 1 July 2024",
        "Bob Jones passed it on: another part of the authority had it first.",
    ):
        assert told in page


def test_cases_that_the_same_person_has_already_are_named(officer: Browser, desk: Desk, reference: str) -> None:
    assert "Has asked before" not in officer.get(f"/cases/{reference}/who-asked").text
    with transaction(desk.engine) as session:
        direct = open_a_case(session, desk).reference
    page = officer.get(f"/cases/{reference}/who-asked").text
    assert "Has asked before" in page
    assert f'href="/cases/{direct}"' in page


def test_confirmed_the_case_has_its_requester_its_day_and_its_acknowledgement(
    officer: Browser, desk: Desk, reference: str
) -> None:
    officer.get(f"/cases/{reference}/who-asked")
    answer = officer.post(f"/cases/{reference}/who-asked", **TOLD, **FRI_MAY_17)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{reference}")
    case, letters = the_case(desk, reference)
    assert (case.requester_name, case.received_on, case.due_on) == (
        "Harriet Bell",
        date(2024, 5, 17),
        date(2024, 6, 17),
    )
    assert letters == ["h.bell@example.com"]
    page = officer.get(f"/cases/{reference}").text
    assert f"Harriet Bell is the requester of {reference}. The answer is due on Monday 17 June 2024." in page
    assert "Confirmed who asked: Harriet Bell &lt;h.bell@example.com&gt;" in page
    assert "Friday 17 May 2024</time>; its mail reached the desk" in page
    assert "There is nothing to confirm" in officer.get(f"/cases/{reference}/who-asked").text
    assert officer.post(f"/cases/{reference}/who-asked", **TOLD, **FRI_MAY_17).status_code == 409


def test_declined_the_colleague_is_the_requester(officer: Browser, desk: Desk, reference: str) -> None:
    officer.get(f"/cases/{reference}/who-asked")
    assert officer.post(f"/cases/{reference}/who-asked", decision="decline").status_code == 302
    case, letters = the_case(desk, reference)
    assert (case.requester_name, letters) == ("Bob Jones", ["bob.jones@planning.anytown.example"])
    assert "Decided that Bob Jones asked" in officer.get(f"/cases/{reference}").text
    assert "No forwarded mail waits" in officer.get("/post/forwarded").text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "", "address": ""}, "Enter the name or the address of the one who asked"),
        ({"address": "no address"}, "Enter an email address like"),
        ({"received_on-day": "31", "received_on-month": "6"}, "The day of receipt must be a real date"),
        ({"received_on-day": "4", "received_on-month": "6"}, "came on Monday 3 June 2024"),
        ({"reason": " "}, "Say how the authority had it earlier"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    officer: Browser, desk: Desk, reference: str, values: dict[str, str], said: str
) -> None:
    officer.get(f"/cases/{reference}/who-asked")
    answer = officer.post(f"/cases/{reference}/who-asked", **(TOLD | FRI_MAY_17 | {"name": "Nora"} | values))
    assert answer.status_code == 422
    assert said in answer.text
    case, letters = the_case(desk, reference)
    assert (case.requester_name, letters) == ("Bob Jones", [])
    assert f'value="{values.get("name", "Nora")}"' in answer.text


def test_a_colleagues_case_is_theirs_or_a_supervisors_to_decide(
    officer: Browser, browser: Callable[[str], Browser], desk: Desk, reference: str
) -> None:
    with transaction(desk.engine) as session:
        owner = officer_by_email(session, EMAILS["administrator"])
        assert owner is not None
        case = case_by_reference(session, reference)
        assign(session, desk, case, owner.id, at=desk.now(), by="officer:1")
    assert "or a supervisor, confirm who asked" in officer.get(f"/cases/{reference}/who-asked").text
    assert officer.post(f"/cases/{reference}/who-asked", decision="decline").status_code == 403
    supervisor = browser("supervisor")
    supervisor.get(f"/cases/{reference}/who-asked")
    assert supervisor.post(f"/cases/{reference}/who-asked", decision="decline").status_code == 302

"""Giving many cases from a list, without a line of JavaScript."""

import re
from collections.abc import Callable

import pytest

from service.casework.assign import assign
from service.casework.bulk import BATCH
from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.officers import officer_by_email
from service.store.tables import Case, Officer
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded


def member(desk: Desk, role: str) -> Officer:
    with reading(desk.engine) as session:
        found = officer_by_email(session, EMAILS[role])
        assert found is not None
        return found


def key_of(desk: Desk, role: str) -> str:
    return str(member(desk, role).id)


def boxes(html: str) -> list[str]:
    return re.findall(r'name="case" value="([\d.]+)"', html)


def owner_of(desk: Desk, reference: str) -> int | None:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference).owner_id


def many(desk: Desk, number: int) -> None:
    with transaction(desk.engine) as session:
        for n in range(number):
            open_a_case(session, desk, a_message(subject=f"Numbered {n}"))


def test_ticked_cases_are_given_and_those_that_may_not_be_are_named(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    ticked = boxes(officer.get("/list/open").text)
    assert len(ticked) == 5
    answer = officer.post("/bulk", list="/list/open?sort=subject", to=key_of(desk, "officer"), case=ticked)
    assert answer.headers["Location"] == "/list/open?sort=subject"
    told = officer.get("/list/open").text
    assert "1 case given to you. 4 were left as they are." in told
    assert f"{seeded.of_colleague}: You can take a case that nobody has" in told
    assert owner_of(desk, seeded.unassigned) == member(desk, "officer").id
    assert owner_of(desk, seeded.of_colleague) == member(desk, "supervisor").id


def test_a_case_that_a_colleague_took_while_the_list_was_open_is_left_to_them(
    supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    ticked = boxes(supervisor.get("/list/unassigned").text)
    with transaction(desk.engine) as session:
        case, sam = case_by_reference(session, seeded.unassigned), member(desk, "officer")
        assign(session, desk, case, sam.id, at=desk.now(), by=f"officer:{sam.id}")
    supervisor.post("/bulk", list="/list/unassigned", to=key_of(desk, "administrator"), case=ticked)
    told = supervisor.get("/list/unassigned").text
    assert "Nothing was given. 1 was left as it is." in told
    assert f"{seeded.unassigned}: Sam Okoro got it meanwhile." in told
    assert "Undo" not in told


def test_all_of_a_page_are_ticked_by_a_link(officer: Browser) -> None:
    html = officer.get("/list/open").text
    link = re.search(r'id="tick-all" href="([^"]+)"', html)
    assert link
    assert "checked>" not in html
    assert officer.get(link[1].replace("&amp;", "&")).text.count("checked>") == 5


def test_a_form_without_a_choice_comes_back_with_its_ticks(officer: Browser) -> None:
    ticked = boxes(officer.get("/list/open").text)[:2]
    answer = officer.post("/bulk", list="/list/open", to="", case=ticked)
    assert answer.status_code == 422
    assert '<a href="#to">Choose who takes the cases</a>' in answer.text
    assert answer.text.count("checked>") == 2
    answer = officer.post("/bulk", list="/list/open", to="1")
    assert answer.status_code == 422
    assert "Tick the cases first" in answer.text


def test_undo_gives_every_case_back(supervisor: Browser, seeded: Seeded, desk: Desk) -> None:
    ticked = boxes(supervisor.get("/list/open").text)
    supervisor.post("/bulk", list="/list/open", to=key_of(desk, "administrator"), case=ticked)
    html = supervisor.get("/list/open").text
    assert "5 cases given to Jo Lind." in html
    undo = re.search(r'action="(/bulk/\d+/undo\?list=/list/open)"', html)
    assert undo
    assert owner_of(desk, seeded.unassigned) == member(desk, "administrator").id
    where = supervisor.post(undo[1]).headers["Location"]
    assert where == "/list/open"
    assert "Undone: 5 cases as before." in supervisor.get(where).text
    assert owner_of(desk, seeded.unassigned) is None
    assert owner_of(desk, seeded.overdue) == member(desk, "officer").id
    assert supervisor.post(undo[1]).status_code == 409


def test_everything_that_a_list_holds_is_given_after_a_look_at_whose_it_is(
    supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    many(desk, 60)
    assert "Give all 61 of this list" in supervisor.get("/list/unassigned").text
    to = key_of(desk, "officer")
    page = supervisor.post("/bulk", list="/list/unassigned?q=numbered", to=to, which="every").text
    assert "Give 60 cases to Sam Okoro?" in page
    assert "only cases with “numbered”" in page
    assert re.search(r'nobody</th><td class="[^"]*">60<', page)
    many(desk, 1)  # the list changes while the supervisor reads
    page = supervisor.post("/bulk", list="/list/unassigned?q=numbered", to=to, which="every", confirmed="60").text
    assert "it holds 61 now" in page
    supervisor.post("/bulk", list="/list/unassigned?q=numbered", to=to, which="every", confirmed="61")
    assert "61 cases given to Sam Okoro." in supervisor.get("/list/unassigned").text
    assert owner_of(desk, seeded.unassigned) is None


def test_only_supervisors_give_everything_at_once(officer: Browser, desk: Desk) -> None:
    many(desk, 60)
    assert "Give all" not in officer.get("/list/unassigned").text
    answer = officer.post("/bulk", list="/list/unassigned", to=key_of(desk, "officer"), which="every")
    assert answer.status_code == 403


def test_a_long_act_shows_how_far_it_is_and_goes_on_by_a_button(supervisor: Browser, desk: Desk) -> None:
    many(desk, BATCH + 20)
    to = key_of(desk, "officer")
    where = supervisor.post("/bulk", list="/list/unassigned", to=to, which="every", confirmed=str(BATCH + 21)).headers[
        "Location"
    ]
    page = supervisor.get(where).text
    assert f"{BATCH} of {BATCH + 21}" in page
    assert "close the browser" in page
    assert "Undo" not in page
    assert supervisor.post(f"{where}/undo").status_code == 409
    supervisor.post(f"{where}/go-on")
    page = supervisor.get(where).text
    assert f"{BATCH + 21} were given." in page
    assert "Undo it" in page
    supervisor.post(f"{where}/undo")
    assert "This has been undone" in supervisor.get(where).text


@pytest.mark.parametrize("value", ["x", "1.x", "²", "1.2.3", "9" * 30])
def test_a_box_that_no_page_has_is_refused(officer: Browser, desk: Desk, value: str) -> None:
    officer.get("/list/open")
    answer = officer.post("/bulk", list="/list/open", to=key_of(desk, "officer"), case=[value])
    assert answer.status_code == 422


def test_a_leavers_cases_are_found_ticked_and_given_in_three_steps(
    browser: Callable[[str], Browser], seeded: Seeded, desk: Desk
) -> None:
    sam = member(desk, "officer")
    with transaction(desk.engine) as session:
        row = session.get_one(Officer, sam.id)
        row.active = False
        session.add(row)
    supervisor = browser("supervisor")
    html = supervisor.get("/list/open").text
    assert f'<option value="{sam.id}">Sam Okoro (has left)</option>' in html
    page = supervisor.get(f"/list/open?owner={sam.id}&tick=all").text
    assert page.count("checked>") == 3
    assert f'<option value="{sam.id}">Sam Okoro</option>' not in page  # nobody gives a case to who has left
    supervisor.post("/bulk", list=f"/list/open?owner={sam.id}", to=key_of(desk, "administrator"), case=boxes(page))
    assert "3 cases given to Jo Lind." in supervisor.get("/list/open").text
    with reading(desk.engine) as session:
        assert session.get_one(Case, case_by_reference(session, seeded.soon).id).owner_id != sam.id

"""The Undo button after an act."""

import re

from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading
from service.store.officers import officer_by_email
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded


def button(html: str) -> str:
    found = re.search(r'action="(/undo/\d+)"', html)
    assert found
    return found[1]


def test_taking_a_case_is_undone_from_the_page_that_tells_of_it(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    with reading(desk.engine) as session:
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
    case = f"/cases/{seeded.unassigned}"
    officer.get(case)
    officer.post(f"{case}/owner", owner=str(sam.id))
    undo = button(officer.get(case).text)
    assert "Undo" not in officer.get(case).text  # it is told once
    assert officer.post(undo).headers["Location"] == case
    page = officer.get(case).text
    assert "is as it was before" in page
    assert "Undid it: the change of owner" in page
    assert "<s>Gave the case to Sam Okoro</s>" in page
    assert "Nobody has this case" in page
    assert officer.post(undo).status_code == 409


def test_an_undo_that_comes_too_late_says_so_and_does_nothing(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk
) -> None:
    case = f"/cases/{seeded.overdue}"
    officer.get(f"{case}/hand-back")
    officer.post(f"{case}/hand-back", reason="I am away.")
    undo = button(officer.get(case).text)
    with reading(desk.engine) as session:
        priya = officer_by_email(session, EMAILS["supervisor"])
        assert priya is not None
    supervisor.get(case)
    supervisor.post(f"{case}/owner", owner=str(priya.id))
    answer = officer.post(undo)
    assert answer.status_code == 409
    assert "has been changed since, so nothing was undone" in answer.text
    with reading(desk.engine) as session:
        assert case_by_reference(session, seeded.overdue).owner_id == priya.id


def test_a_mail_set_aside_by_mistake_is_put_back(officer: Browser, seeded: Seeded) -> None:
    mail = f"/post/{seeded.unreadable}"
    why = re.search(r"Why it is here</dt>\s*<dd[^>]*>([^<]+)", officer.get(mail).text)
    assert why
    officer.post(f"{mail}/dismiss", reason="Spam")
    page = officer.get("/post").text
    assert "Request about bins" not in page
    assert officer.post(button(page)).headers["Location"] == mail
    assert "Request about bins" in officer.get("/post").text
    assert why[1] in officer.get(mail).text


def test_a_mail_set_aside_by_a_double_click_is_put_back_all_the_same(
    officer: Browser, seeded: Seeded, time: Time
) -> None:
    mail = f"/post/{seeded.unreadable}"
    officer.get(mail)
    for _ in range(2):
        assert officer.post(f"{mail}/dismiss", reason="Spam").status_code == 302
        time.pass_by(seconds=1)
    (undo,) = set(re.findall(r'action="(/undo/\d+)"', officer.get("/undo").text))
    assert officer.post(undo).status_code == 302
    assert "Request about bins" in officer.get("/post").text


def test_nobody_undoes_what_another_did(officer: Browser, supervisor: Browser, seeded: Seeded) -> None:
    mail = f"/post/{seeded.unreadable}"
    officer.get(mail)
    officer.post(f"{mail}/dismiss", reason="Spam")
    undo = button(officer.get("/post").text)
    supervisor.get("/post")
    assert supervisor.post(undo).status_code == 409
    assert "Request about bins" not in supervisor.get("/post").text


def test_what_can_still_be_undone_stands_on_a_page_of_its_own_for_a_day(
    officer: Browser, supervisor: Browser, seeded: Seeded, desk: Desk, time: Time
) -> None:
    ticked = re.findall(r'name="case" value="([\d.]+)"', officer.get("/list/unassigned").text)
    with reading(desk.engine) as session:
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
    officer.post("/bulk", list="/list/unassigned", to=str(sam.id), case=ticked)
    officer.get(f"/post/{seeded.unreadable}")
    officer.post(f"/post/{seeded.unreadable}/dismiss", reason="Spam")
    officer.get("/list/open")  # what was told there once is found again
    page = officer.get("/undo").text
    assert page.index("A mail set aside") < page.index("1 case given to Sam Okoro")
    assert "given to Sam Okoro" not in supervisor.get("/undo").text
    undo = re.search(r'action="(/bulk/\d+/undo)"', page)
    assert undo
    assert officer.post(undo[1]).status_code == 302
    assert "given to Sam Okoro" not in officer.get("/undo").text
    time.pass_by(minutes=50)
    officer.get("/undo")
    time.pass_by(days=1)
    officer.sign_in("officer")
    assert "There is nothing to undo." in officer.get("/undo").text


def test_a_case_given_by_a_double_click_is_given_once_and_goes_back(
    supervisor: Browser, seeded: Seeded, desk: Desk, time: Time
) -> None:
    case = f"/cases/{seeded.unassigned}"
    with reading(desk.engine) as session:
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
    supervisor.get(case)
    for _ in range(2):
        assert supervisor.post(f"{case}/owner", owner=str(sam.id)).status_code == 302
        time.pass_by(seconds=1)
    with reading(desk.engine) as session:
        letters = letters_of_case(session, case_by_reference(session, seeded.unassigned).id)
    assert [letter.kind for letter in letters].count("assigned") == 1
    (undo,) = set(re.findall(r'action="(/undo/\d+)"', supervisor.get("/undo").text))
    assert supervisor.post(undo).status_code == 302
    with reading(desk.engine) as session:
        assert case_by_reference(session, seeded.unassigned).owner_id is None

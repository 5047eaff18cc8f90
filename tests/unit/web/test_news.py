"""What the script of a page is told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.close import close
from service.casework.note import add_note
from service.desk import Desk
from service.domain.outcome import Outcome
from service.store.cases import case_by_reference
from service.store.database import transaction
from service.store.mailboxes import mailbox
from service.store.officers import officer_by_email
from service.store.tables import SignIn
from tests.builders import a_message, open_a_case
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded
from web.news import in_words


def news(browser: Browser, path: str) -> dict[str, Any]:
    """What a page's script is told once it has been opened: as static/news.js asks."""
    html = browser.get(path).text
    asked = {}
    listed = re.search(r'data-list="([^"]+)"', html)
    if listed:
        asked["list"] = listed[1].replace("&amp;", "&")
        asked["have"] = ",".join(re.findall(r'data-have="([^"]+)"', html))
    case = re.search(r'data-case="([^"]+)" data-seq="(\d+)"', html)
    if case:
        asked["case"], asked["seq"] = case.groups()
    return asked


def answered(browser: Browser, asked: dict[str, Any]) -> dict[str, Any]:
    response = browser.client.get("/news", query_string=asked)
    assert response.status_code == 200
    assert len(response.data) < 2000
    assert response.headers["Cache-Control"] == "no-store"
    return dict(response.get_json())


def _by(desk: Desk, role: str) -> str:
    with Session(desk.engine) as session:
        found = officer_by_email(session, EMAILS[role])
        assert found is not None
        return f"officer:{found.id}"


@pytest.mark.parametrize("path", ["/list/open", "/list/mine?sort=subject", "/list/closed", "/dashboard", "/post"])
def test_a_page_that_nothing_has_happened_to_has_no_news(officer: Browser, path: str) -> None:
    told = answered(officer, news(officer, path))
    assert (told["list"], told["case"]) == ("", "")
    assert told["counts"]["open"] == 5
    assert told["counts"]["post"] == 2
    assert told["read"] == "Mail last read 09:29 on Monday 3 June 2024"


def test_a_list_tells_what_came_changed_and_went(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    asked = news(officer, "/list/open")
    with transaction(desk.engine) as session:
        for _ in range(2):
            open_a_case(session, desk, a_message())
        add_note(session, desk, case_by_reference(session, seeded.soon), "x", at=desk.now(), by="officer:1")
        gone = case_by_reference(session, seeded.unassigned)
        close(session, desk, gone, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
    told = answered(officer, asked)
    assert told["list"] == "2 cases have come, 1 has changed, 1 has left this page."
    assert told["counts"]["open"] == 6


def test_the_words_agree_with_the_numbers() -> None:
    assert in_words(come=0, changed=0, gone=0) == ""
    assert in_words(come=1, changed=0, gone=0) == "1 case has come."
    assert in_words(come=0, changed=3, gone=1) == "3 cases have changed, 1 has left this page."


def test_a_case_tells_who_changed_it_when_and_how(officer: Browser, seeded: Seeded, desk: Desk, time: Time) -> None:
    asked = news(officer, f"/cases/{seeded.overdue}/reply?kind=reply")
    time.pass_by(minutes=33)
    priya = _by(desk, "supervisor")
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.overdue)
        assign(session, desk, case, int(priya.partition(":")[2]), at=desk.now(), by=priya)
    told = answered(officer, asked)["case"]  # and not what the desk did because of it
    assert told.startswith("This case was changed by Priya Nair at 10:03: Took the case on.")
    assert "There were 2 changes." in told
    time.pass_by(minutes=10)
    assert answered(officer, news(officer, f"/cases/{seeded.overdue}"))["case"] == ""


def test_what_one_did_oneself_in_another_window_is_told_too(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    asked = news(officer, f"/cases/{seeded.overdue}/close")
    sam = _by(desk, "officer")
    with transaction(desk.engine) as session:
        add_note(session, desk, case_by_reference(session, seeded.overdue), "x", at=desk.now(), by=sam)
    assert "by you, in another window, at 09:30: Added a note." in answered(officer, asked)["case"]


@pytest.mark.parametrize(
    "asked", ["have=x", "list=/list/nothing&have=1", "list=x&have=1.2.3,,", "case=nope&seq=1", "case=nope&seq=x"]
)
def test_nonsense_is_answered_with_nothing_new(officer: Browser, asked: str) -> None:
    told = officer.client.get(f"/news?{asked}").get_json()
    assert told["case"] == ""


def test_asking_for_news_keeps_no_idle_session_alive(officer: Browser, desk: Desk, time: Time) -> None:
    for _ in range(119):
        time.pass_by(seconds=30)
        told = officer.client.get("/news").get_json()
    assert told["ends_in"] == 30
    with Session(desk.engine) as session:
        assert time.now() - session.exec(select(SignIn)).one().seen_at == timedelta(seconds=119 * 30)
    time.pass_by(seconds=31)
    assert officer.client.get("/news").status_code == 302


def test_whoever_says_that_they_are_there_stays_signed_in(officer: Browser, time: Time) -> None:
    time.pass_by(minutes=58)
    assert officer.client.get("/news?stay=1").get_json()["ends_in"] == 3600
    time.pass_by(minutes=58)
    assert officer.get("/list/mine").status_code == 200


def test_a_form_can_be_sent_after_signing_in_again_in_another_window(
    officer: Browser, seeded: Seeded, time: Time
) -> None:
    officer.get(f"/cases/{seeded.overdue}")
    time.pass_by(hours=2)
    officer.get("/sign-in")
    officer.sign_in("officer")
    token = officer.client.get("/news").get_json()["csrf"]
    answer = officer.client.post(f"/cases/{seeded.overdue}/notes", data={"csrf_token": token, "note": "Kept."})
    assert answer.status_code == 302


def test_mail_that_is_not_read_any_more_is_told_without_a_reload(officer: Browser, desk: Desk, time: Time) -> None:
    assert not answered(officer, news(officer, "/list/mine"))["late"]
    time.pass_by(minutes=20)
    told = answered(officer, {})
    assert told["late"]
    assert told["read"].endswith("which is too long ago")
    assert 'desk-late" id="mail-read">Mail last read 09:29' in officer.get("/list/mine").text
    assert any("has not been read since 09:29" in words for words in told["troubles"])
    with transaction(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
        assert row is not None
        row.read_at = desk.now()
        session.add(row)
    told = answered(officer, {})
    assert told["read"] == "Mail last read 09:50 on Monday 3 June 2024"
    assert not told["late"]


def test_every_officers_page_says_when_mail_was_last_read_even_one_that_fails(
    officer: Browser, stranger: Browser, seeded: Seeded
) -> None:
    paths = ["/list/open", f"/cases/{seeded.overdue}", "/dashboard", "/saved", "/nothing", "/cases/99.FOI.99.999999"]
    pages = [officer.get(path) for path in paths]
    pages.append(officer.client.post(f"/cases/{seeded.overdue}/notes", data={"note": "without its token"}))
    for page in pages:
        assert "Mail last read 09:29" in page.text, page.request.path
    assert "Mail last read" not in stranger.get("/sign-in").text


def test_a_form_that_was_too_old_gives_back_what_was_written(
    officer: Browser, stranger: Browser, seeded: Seeded
) -> None:
    note = {"note": "The words of an afternoon.", "csrf_token": "old"}
    answer = officer.client.post(f"/cases/{seeded.overdue}/notes", data=note)
    assert answer.status_code == 400
    assert "The words of an afternoon." in answer.text
    assert "The words" not in stranger.client.post(f"/cases/{seeded.overdue}/notes", data=note).text

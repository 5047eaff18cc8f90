"""The pages about mail that was sent by hand: what they show, who may decide, and what a decision does."""

from collections.abc import Callable

import pytest

from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.correspondence import post_by_id
from service.store.database import reading, transaction
from service.store.sent import answers_of
from service.store.tables import Case, SentAnswer
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.sent_by_hand import SentByHand, send_by_hand


@pytest.fixture
def sent(desk: Desk) -> SentByHand:
    with transaction(desk.engine) as session:
        return send_by_hand(session, desk)


def stands(desk: Desk, sent: SentByHand) -> tuple[Case, SentAnswer]:
    with reading(desk.engine) as session:
        case = case_by_reference(session, sent.asked)
        return case, answers_of(session, case.id)[sent.message]


def page(sent: SentByHand) -> str:
    return f"/cases/{sent.asked}/answered/{sent.message}"


def test_the_lists_show_what_waits(officer: Browser, sent: SentByHand) -> None:
    html = officer.get("/answered").text
    assert sent.asked in html
    assert "07:30 on Monday 3 June 2024" in html
    assert "Your question" in officer.get("/post/sent").text
    assert "Your question" not in officer.get("/post").text


def test_the_page_shows_the_mail_without_the_quoted_request_and_what_is_against_it(
    officer: Browser, sent: SentByHand
) -> None:
    html = officer.get(page(sent)).text
    assert "It is exempt under section 43(2)" in html
    assert "Please send me the contract" not in html
    assert "The letter does not say how to complain" in html


def test_the_case_shows_it_as_ours_with_the_question(officer: Browser, sent: SentByHand) -> None:
    html = officer.get(f"/cases/{sent.asked}").text
    assert "Sent by hand: Re: Contract for the winter gritting" in html
    assert "Yes: refused in full" in html
    assert "Sent a mail from a mailbox, outside the desk" in html


def test_yes_closes_the_case_when_it_was_sent(officer: Browser, sent: SentByHand, desk: Desk) -> None:
    answer = officer.post(f"{page(sent)}/yes", outcome="refused in full")
    case, decided = stands(desk, sent)
    assert answer.headers["Location"] == f"/cases/{sent.asked}"
    assert (case.stage, case.outcome, str(case.answered_on)) == ("closed", "refused in full", "2024-06-03")
    assert decided.state == "accepted"
    html = officer.get(page(sent)).text
    assert "took it as the answer" in html
    assert "strike out the closing" in html


def test_yes_cannot_be_said_twice(officer: Browser, sent: SentByHand) -> None:
    officer.post(f"{page(sent)}/yes", outcome="refused in full")
    assert officer.post(f"{page(sent)}/yes", outcome="granted in full").status_code == 409


def test_an_outcome_that_does_not_fit_is_told_beside_its_field(officer: Browser, sent: SentByHand) -> None:
    answer = officer.post(f"{page(sent)}/yes", outcome="first decision upheld")
    assert answer.status_code == 422
    assert "cannot end as" in answer.text


def test_no_needs_to_say_what_it_was(officer: Browser, sent: SentByHand, desk: Desk) -> None:
    assert officer.post(f"{page(sent)}/no").status_code == 422
    assert "Say what the mail was" in officer.post(f"{page(sent)}/no", why="something else").text
    officer.post(f"{page(sent)}/no", why="a holding reply or an acknowledgement")
    case, decided = stands(desk, sent)
    assert (case.stage, case.clock_state, decided.state) == ("drafting", "running", "declined")
    assert "Not the answer: a holding reply" in officer.get(f"/cases/{sent.asked}").text


def test_a_question_to_the_requester_stops_the_clock(officer: Browser, sent: SentByHand, desk: Desk) -> None:
    officer.post(f"{page(sent)}/no", why="a question to the requester (clarification)")
    case, _ = stands(desk, sent)
    assert str(case.stopped_on) == "2024-06-03"


def test_only_the_owner_or_a_supervisor_decides(
    officer: Browser, browser: Callable[[str], Browser], sent: SentByHand, desk: Desk
) -> None:
    with transaction(desk.engine) as session:
        case_by_reference(session, sent.asked).owner_id = None
    html = officer.get(page(sent)).text
    assert "Nobody has this case" in html
    assert officer.post(f"{page(sent)}/yes", outcome="refused in full").status_code == 403
    assert officer.post(f"{page(sent)}/no", why="something else", reason="x").status_code == 403
    assert browser("supervisor").post(f"{page(sent)}/yes", outcome="refused in full").status_code == 302


def test_another_cases_mail_is_not_found(officer: Browser, sent: SentByHand) -> None:
    assert officer.get(f"/cases/{sent.other}/answered/{sent.message}").status_code == 404
    assert officer.post(f"/cases/{sent.other}/answered/{sent.message}/yes").status_code == 404


def test_an_unsure_mail_is_filed_or_set_aside_and_never_made_a_case(
    officer: Browser, sent: SentByHand, desk: Desk
) -> None:
    html = officer.get(f"/post/{sent.unsure}").text
    assert "Make a case" not in html
    assert "It is of no case" in html
    answer = officer.post(f"/post/{sent.unsure}/file", reference=sent.asked)
    assert answer.headers["Location"] == f"/cases/{sent.asked}"
    assert officer.post(f"/post/{sent.unsure}/dismiss", reason="No").status_code == 409
    with reading(desk.engine) as session:
        assert post_by_id(session, sent.unsure).state == "filed"


def test_a_sent_mail_cannot_be_made_a_case_by_its_address(officer: Browser, sent: SentByHand, desk: Desk) -> None:
    particulars = {"name": "Anna", "address": "a@example.com", "subject": "x", "kind": "FOI", "regime": "FOIA"}
    assert officer.post(f"/post/{sent.unsure}/case", **particulars).status_code == 409
    with reading(desk.engine) as session:
        assert post_by_id(session, sent.unsure).state == "sent, which case"


def test_the_mailboxes_and_the_health_report_tell_of_the_sent_folder(officer: Browser, sent: SentByHand) -> None:
    html = officer.get("/mailboxes").text
    assert "foi: its Sent folder" in html
    assert "Of which case you have to say" in html
    [told] = officer.get("/health").get_json()["sent"]
    assert (told["account"], told["status"], told["age"], told["mails"]["on_cases"]) == ("foi", "ok", 60, 2)
    assert sent


def test_a_sent_folder_that_was_not_read_for_an_hour_is_told_on_every_page(
    officer: Browser, sent: SentByHand, time: Time
) -> None:
    time.pass_by(hours=2)
    officer = officer.sign_in("officer")
    assert "answers sent by hand stop no clock" in officer.get("/list/mine").text
    assert sent

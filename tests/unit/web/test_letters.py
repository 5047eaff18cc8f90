import re

import pytest

from service.casework.assign import assign
from service.desk import Desk
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.tables import Letter
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from tests.unit.web.test_bulk import member
from tests.unit.web.test_cases import last_event

WORDS = {"kind": "response", "subject": "Our answer", "body": "Dear Harriet,\r\n\r\n314 trees.\r\n"}


def letters(desk: Desk, reference: str) -> list[Letter]:
    with reading(desk.engine) as session:
        return list(letters_of_case(session, case_by_reference(session, reference).id))


def test_a_letter_is_chosen_written_previewed_and_sent(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    path = f"/cases/{seeded.overdue}/reply"
    assert "Our response to the request" in officer.get(path).text
    draft = officer.get(f"{path}?kind=response").text
    assert "Dear Harriet Bell," in draft
    assert "Sam Okoro" in draft
    preview = officer.post(path, **WORDS, step="preview")
    assert "Harriet Bell &lt;harriet.bell@example.org&gt;" in preview.text
    before = len(letters(desk, seeded.overdue))
    assert officer.post(path, **WORDS, step="send").status_code == 302
    *_, newest = letters(desk, seeded.overdue)
    assert len(letters(desk, seeded.overdue)) == before + 1
    assert (newest.kind, newest.subject, newest.body) == ("response", "Our answer", "Dear Harriet,\n\n314 trees.\n")
    assert newest.in_reply_to


def test_previewing_sends_nothing(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    before = len(letters(desk, seeded.overdue))
    officer.post(f"/cases/{seeded.overdue}/reply", **WORDS, step="preview")
    officer.post(f"/cases/{seeded.overdue}/reply", **WORDS)
    assert len(letters(desk, seeded.overdue)) == before


def test_what_was_written_comes_back_to_be_changed(officer: Browser, seeded: Seeded) -> None:
    words = WORDS | {"body": "</textarea><b>314</b> trees"}
    answer = officer.post(f"/cases/{seeded.overdue}/reply", **words, step="edit")
    assert "&lt;/textarea&gt;&lt;b&gt;314&lt;/b&gt; trees" in answer.text


@pytest.mark.parametrize("step", ["preview", "send"])
def test_a_letter_whose_case_was_given_to_somebody_meanwhile_is_not_lost(
    officer: Browser, seeded: Seeded, desk: Desk, step: str
) -> None:
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.overdue)
        assign(session, desk, case, member(desk, "supervisor").id, at=desk.now(), by="officer:2")
    answer = officer.post(f"/cases/{seeded.overdue}/reply", **WORDS, step=step)
    assert answer.status_code == 403
    assert "314 trees." in answer.text
    assert f'<a class="govuk-link" href="/cases/{seeded.overdue}">Open {seeded.overdue} again' in answer.text


def test_an_empty_letter_is_not_sent(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(f"/cases/{seeded.overdue}/reply", kind="response", subject="", body=" ", step="send")
    assert answer.status_code == 422
    assert re.findall(r'<a href="#(\w+)">', answer.text) == ["subject", "body"]


def test_the_same_letter_is_not_sent_twice_by_a_double_click(
    officer: Browser, seeded: Seeded, desk: Desk, time: Time
) -> None:
    path = f"/cases/{seeded.overdue}/reply"
    assert officer.post(path, **WORDS, step="send").status_code == 302
    sent = len(letters(desk, seeded.overdue))
    again = officer.post(path, **WORDS, step="send")
    assert again.status_code == 409
    assert "not sent twice" in again.text
    assert len(letters(desk, seeded.overdue)) == sent
    time.pass_by(minutes=11)
    assert officer.post(path, **WORDS, step="send").status_code == 302


def test_a_closed_case_can_still_be_written_on(officer: Browser, seeded: Seeded) -> None:
    assert officer.get(f"/cases/{seeded.closed}/reply").status_code == 200


@pytest.mark.parametrize(
    ("act", "state", "noted"), [("again", "retry", "to be sent again"), ("arrived", "sent", "as arrived")]
)
def test_an_uncertain_letter_is_decided_upon_by_a_named_officer(
    officer: Browser, seeded: Seeded, desk: Desk, act: str, state: str, noted: str
) -> None:
    answer = officer.post(f"/cases/{seeded.overdue}/letters/{seeded.uncertain_letter}/{act}")
    assert answer.status_code == 302
    (letter,) = [letter for letter in letters(desk, seeded.overdue) if letter.id == seeded.uncertain_letter]
    assert letter.state == state
    _, actor, text = last_event(desk, seeded.overdue)
    assert actor.startswith("officer:")
    assert noted in text
    assert officer.post(f"/cases/{seeded.overdue}/letters/{seeded.uncertain_letter}/{act}").status_code == 409


def test_a_letter_is_only_decided_upon_on_its_own_case(officer: Browser, seeded: Seeded) -> None:
    assert officer.post(f"/cases/{seeded.soon}/letters/{seeded.uncertain_letter}/again").status_code == 404

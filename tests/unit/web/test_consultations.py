"""Asking those who hold the information, on a case's page."""

from collections.abc import Callable

from service.desk import Desk
from service.domain.message import Address, Attachment
from service.store.case_files import case_files
from service.store.cases import case_by_reference
from service.store.consultations import consultations_of
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.originals import keep
from service.store.tables import Consultation, Letter
from tests.builders import a_message, arrive
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

BOB = Address("Bob Jones", "bob.jones@roads.anytown.example")
FORM = {
    "name": "Bob Jones",
    "team": "Highways",
    "address": BOB.address,
    "question": "How many <b>trees</b> were felled?",
    "due_on-day": "10",
    "due_on-month": "6",
    "due_on-year": "2024",
}
CSV = b"ward,felled\nNorth,12\n"


def ask(browser: Browser, reference: str, **changes: str) -> int:
    browser.get(f"/cases/{reference}/consultations")
    return browser.post(f"/cases/{reference}/consultations", **{**FORM, **changes}).status_code


def newest(desk: Desk, reference: str) -> tuple[Consultation, Letter]:
    with reading(desk.engine) as session:
        case = case_by_reference(session, reference)
        letters = [one for one in letters_of_case(session, case.id) if one.kind == "consultation"]
        return consultations_of(session, case.id)[-1], letters[-1]


def answer(desk: Desk, letter: Letter, text: str, file: bytes = b"") -> None:
    with transaction(desk.engine) as session:
        files = (Attachment("trees.csv", "text/csv", len(file), keep(session, file)),) if file else ()
        sender = {"sender": BOB, "subject": f"Re: {letter.subject}"}
        arrive(session, desk, a_message(**sender, text=text, in_reply_to=(letter.message_id,), attachments=files))


def test_a_question_is_sent_and_stands_on_the_case_until_it_is_answered(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    reference = seeded.due_today
    path = f"/cases/{reference}/consultations"
    assert "Nobody has been asked about this case" in officer.get(path).text
    assert ask(officer, reference) == 302
    page = officer.get(path).text
    assert "Bob Jones is asked; the mail goes out within a minute." in page
    assert "&lt;b&gt;trees&lt;/b&gt;" in page
    assert "1 asked, 1 still to answer" in officer.get(f"/cases/{reference}").text
    assert "Asked Bob Jones for information" in officer.get(f"/cases/{reference}").text
    assert f"/cases/{reference}/consultations" in officer.get("/consultations").text
    consultation, letter = newest(desk, reference)
    answer(desk, letter, "Nil return.")
    page = officer.get(path).text
    assert "It seems to say: <strong>nil return</strong>" in page
    assert '<option value="nil return" selected>' in page
    assert "seems a “nil return”" in officer.get("/consultations").text
    assert officer.post(f"{path}/{consultation.id}/close", result="nil return").status_code == 302
    assert "Recorded what came of asking Bob Jones: nil return." in officer.get(path).text
    assert "Every answer has been dealt with." in officer.get("/consultations").text
    assert officer.post(f"{path}/{consultation.id}/close", result="withdrawn").status_code == 409


def test_a_file_of_the_answer_waits_among_the_files_to_disclose_for_its_release(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    assert ask(officer, seeded.due_today) == 302
    consultation, letter = newest(desk, seeded.due_today)
    answer(desk, letter, "See the table.", CSV)
    path = f"/cases/{seeded.due_today}/consultations"
    assert "trees.csv" in officer.get(path).text
    take = f"{path}/{consultation.id}/files/0"
    assert officer.post(take).headers["Location"] == f"/cases/{seeded.due_today}/files"
    with reading(desk.engine) as session:
        file = case_files(session, case_by_reference(session, seeded.due_today).id)[-1]
    assert (file.name, file.released_at) == ("trees.csv", None)
    assert officer.post(take).status_code == 422  # it is there already
    assert officer.post(f"{path}/{consultation.id}/files/7").status_code == 404


def test_a_reminder_is_sent_by_hand(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert ask(officer, seeded.due_today) == 302
    consultation, letter = newest(desk, seeded.due_today)
    path = f"/cases/{seeded.due_today}/consultations"
    assert officer.post(f"{path}/{consultation.id}/remind").status_code == 302
    assert "Bob Jones is reminded." in officer.get(path).text
    answer(desk, letter, "412")
    assert officer.post(f"{path}/{consultation.id}/remind").status_code == 409


def test_a_double_click_asks_and_reminds_nobody_twice(officer: Browser, seeded: Seeded, desk: Desk, time: Time) -> None:
    path = f"/cases/{seeded.due_today}/consultations"
    assert [ask(officer, seeded.due_today) for _ in range(2)] == [302, 409]
    assert ask(officer, seeded.due_today, question="And how many were planted?") == 302
    first = newest(desk, seeded.due_today)[0].id - 1
    assert [officer.post(f"{path}/{number}/remind").status_code for number in (first, first, first + 1)] == [
        302,
        409,
        302,
    ]
    with reading(desk.engine) as session:
        letters = letters_of_case(session, case_by_reference(session, seeded.due_today).id)
    kinds = [letter.kind for letter in letters if letter.kind.startswith("consultation")]
    assert sorted(kinds) == ["consultation"] * 2 + ["consultation-reminder"] * 2
    time.pass_by(minutes=11)
    assert ask(officer, seeded.due_today) == 302  # what is meant is done
    assert officer.post(f"{path}/{first}/remind").status_code == 302


def test_what_is_wrong_is_said_beside_its_field(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    reference = seeded.due_today
    with reading(desk.engine) as session:
        requester = case_by_reference(session, reference).requester_address
    for changes in ({"address": ""}, {"address": requester}, {"question": ""}, {"due_on-year": "2023"}, {"name": ""}):
        assert ask(officer, reference, **changes) == 422, changes
    page = officer.post(f"/cases/{reference}/consultations", **{**FORM, "question": f"Ask {requester}"})
    assert "The question names the requester&#39;s address" in page.text
    assert 'name="naming"' in page.text
    assert "Highways" in page.text  # what was typed is still there
    with reading(desk.engine) as session:
        assert consultations_of(session, case_by_reference(session, reference).id) == []


def test_what_cannot_be_asked_without_the_requester_goes_when_the_officer_says_so(
    officer: Browser, seeded: Seeded, desk: Desk
) -> None:
    with reading(desk.engine) as session:
        requester = case_by_reference(session, seeded.due_today).requester_address
    assert ask(officer, seeded.due_today, question=f"Letters of {requester}", naming="yes") == 302


def test_an_outcome_must_be_chosen(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert ask(officer, seeded.due_today) == 302
    consultation, _ = newest(desk, seeded.due_today)
    path = f"/cases/{seeded.due_today}/consultations/{consultation.id}/close"
    assert officer.post(path, result="whatever").status_code == 422


def test_nobody_asks_about_a_colleagues_case_or_a_closed_one(
    officer: Browser, seeded: Seeded, desk: Desk, browser: Callable[[str], Browser]
) -> None:
    assert ask(officer, seeded.of_colleague) == 403
    assert "Send the question" not in officer.get(f"/cases/{seeded.of_colleague}/consultations").text
    supervisor = browser("supervisor")
    assert ask(supervisor, seeded.closed) == 409
    assert ask(supervisor, seeded.due_today) == 302
    consultation, _ = newest(desk, seeded.due_today)
    other = f"/cases/{seeded.overdue}/consultations/{consultation.id}/close"  # a number of another case
    assert supervisor.post(other, result="withdrawn").status_code == 404

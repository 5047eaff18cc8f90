import re

from service.desk import Desk
from service.domain.message import Address
from service.store.cases import case_by_id, case_by_reference
from service.store.correspondence import body_of, letters_of_case, message_of_post, post_by_id
from service.store.database import reading, transaction
from service.store.tables import Case, Post
from tests.builders import a_message, arrive
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

PARTICULARS = {
    "name": "Rhys Hughes",
    "address": "r.hughes@example.net",
    "subject": "Bins",
    "kind": "FOI",
    "regime": "FOIA",
}


def mail(desk: Desk, post_id: int) -> Post:
    with reading(desk.engine) as session:
        return post_by_id(session, post_id)


def case_of(desk: Desk, post_id: int) -> Case:
    with reading(desk.engine) as session:
        post = post_by_id(session, post_id)
        assert post.case_id is not None
        return case_by_id(session, post.case_id)


def test_a_mail_waits_with_its_reason_and_the_deadline_it_may_have(officer: Browser) -> None:
    html = officer.get("/post").text
    assert "its structure is broken: 3,000 nested parts" in html
    assert 'Sun 2 Jun 2024</time> <span class="desk-aside">1 day ago</span>' in html
    assert "Fri 28 Jun 2024" in html  # received on Sunday 2 June


def test_an_unreadable_mail_shows_how_it_begins(officer: Browser, seeded: Seeded) -> None:
    html = officer.get(f"/post/{seeded.unreadable}").text
    assert re.search(r'aria-label="Beginning of the mail">mail \d+</div>', html)


def test_an_unreadable_mail_becomes_a_case_with_its_true_date(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    answer = officer.post(f"/post/{seeded.unreadable}/case", **PARTICULARS, text="When are bins emptied?")
    case = case_of(desk, seeded.unreadable)
    assert answer.headers["Location"] == f"/cases/{case.reference}"
    assert (str(case.received_on), case.requester_name) == ("2024-06-02", "Rhys Hughes")
    with reading(desk.engine) as session:
        message = message_of_post(session, seeded.unreadable)
        assert message is not None
        assert body_of(session, message.id).text == "When are bins emptied?"
        assert letters_of_case(session, case.id) == []


def test_a_readable_mail_made_a_case_is_acknowledged(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    officer.post(f"/post/{seeded.suggestion}/case", **PARTICULARS)
    with reading(desk.engine) as session:
        (letter,) = letters_of_case(session, case_of(desk, seeded.suggestion).id)
    assert letter.kind == "acknowledgement"


def test_a_mail_is_filed_by_a_loosely_written_reference(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    loose = seeded.unassigned.replace("01.", "").replace(".", " ").lower()
    answer = officer.post(f"/post/{seeded.suggestion}/file", reference=loose)
    assert answer.headers["Location"] == f"/cases/{seeded.unassigned}"
    assert case_of(desk, seeded.suggestion).reference == seeded.unassigned


def test_a_suggested_case_is_filled_in(officer: Browser, seeded: Seeded) -> None:
    assert f'name="reference" type="text" value="{seeded.unassigned}"' in officer.get(f"/post/{seeded.suggestion}").text


def test_a_reference_of_no_case_is_a_fault_of_the_form(officer: Browser, seeded: Seeded) -> None:
    for typed in ("", "01.FOI.24.999999", "hello"):
        answer = officer.post(f"/post/{seeded.suggestion}/file", reference=typed)
        assert answer.status_code == 422
        assert '<a href="#reference">' in answer.text


def test_setting_aside_needs_a_reason_and_keeps_it(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert officer.post(f"/post/{seeded.unreadable}/dismiss", reason=" ").status_code == 422
    assert officer.post(f"/post/{seeded.unreadable}/dismiss", reason="An advertisement").status_code == 302
    post = mail(desk, seeded.unreadable)
    assert (post.state, post.reason) == ("dismissed", "An advertisement")
    assert "Sam Okoro" in officer.get(f"/post/{seeded.unreadable}").text


def test_an_unreadable_mail_can_be_read_again(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert officer.post(f"/post/{seeded.unreadable}/again").status_code == 302
    assert mail(desk, seeded.unreadable).state == "stored"


def test_a_mail_is_not_sorted_twice(officer: Browser, seeded: Seeded) -> None:
    officer.post(f"/post/{seeded.suggestion}/file", reference=seeded.unassigned)
    assert officer.post(f"/post/{seeded.suggestion}/case", **PARTICULARS).status_code == 409
    settled = officer.get(f"/post/{seeded.suggestion}").text
    assert "This mail is settled" in settled
    assert "Make a case" not in settled


def test_an_automatic_mail_can_be_rescued(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    assert f'href="/post/{seeded.automatic}"' in officer.get("/post/automatic").text
    officer.post(f"/post/{seeded.automatic}/case", **PARTICULARS)
    assert case_of(desk, seeded.automatic).subject == "Bins"
    with reading(desk.engine) as session:
        assert letters_of_case(session, case_of(desk, seeded.automatic).id) == []


def test_a_faulty_form_keeps_what_was_typed(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(
        f"/post/{seeded.unreadable}/case", **(PARTICULARS | {"address": "not an address"}), text="The words"
    )
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert "The words</textarea>" in answer.text


def test_letters_in_trouble_say_what_happened_and_to_which_case(officer: Browser, seeded: Seeded) -> None:
    html = officer.get("/post/letters").text
    assert "550 5.1.1 no such mailbox" in html
    assert f'href="/cases/{seeded.overdue}"' in html


def test_a_letter_that_somebody_dealt_with_is_off_the_list_and_noted_on_its_case(
    officer: Browser, seeded: Seeded
) -> None:
    html = officer.get("/post/letters").text
    [number] = re.findall(r"/post/letters/(\d+)/dealt-with", html)[:1]
    assert officer.post(f"/post/letters/{number}/dealt-with").status_code == 302
    assert f"/post/letters/{number}/dealt-with" not in officer.get("/post/letters").text
    assert officer.post("/post/letters/999999/dealt-with").status_code == 404


def test_a_mail_that_is_none_is_not_found(officer: Browser) -> None:
    assert officer.get("/post/999999").status_code == 404
    assert officer.get(f"/post/{2**64}").status_code == 404


def an_answer_to_a_closed_case(desk: Desk, seeded: Seeded) -> int:
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.closed)
        sender = Address(case.requester_name, case.requester_address)
        return arrive(session, desk, a_message(subject=f"Re: {case.reference}", sender=sender)).id


def test_an_answer_to_a_closed_case_asks_what_it_is(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    post_id = an_answer_to_a_closed_case(desk, seeded)
    page = officer.get(f"/post/{post_id}").text
    assert "It answers a closed case: what is it?" in page
    assert f"it goes on {seeded.closed}" in page
    assert "It answers a closed case" not in officer.get(f"/post/{seeded.suggestion}").text


def test_the_review_and_the_case_it_reviews_lead_to_each_other(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    answer = officer.post(f"/post/{an_answer_to_a_closed_case(desk, seeded)}/review")
    address = answer.headers["Location"]
    assert "01.IR.24." in address
    assert f"/cases/{seeded.closed}" in officer.get(address).text
    original = officer.get(f"/cases/{seeded.closed}").text
    assert address in original
    assert "An internal review was asked for" in original


def test_a_new_request_on_an_old_answer_has_a_case_of_its_own(officer: Browser, seeded: Seeded, desk: Desk) -> None:
    post_id = an_answer_to_a_closed_case(desk, seeded)
    assert "01.FOI.24." in officer.post(f"/post/{post_id}/anew").headers["Location"]
    assert officer.post(f"/post/{post_id}/anew").status_code == 409


def test_a_mail_that_answers_no_closed_case_is_no_review(officer: Browser, seeded: Seeded) -> None:
    assert officer.post(f"/post/{seeded.suggestion}/review").status_code == 409

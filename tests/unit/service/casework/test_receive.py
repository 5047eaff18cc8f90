"""What becomes of a mail that has been read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from service.casework.acknowledge import ACKNOWLEDGEMENT
from service.casework.close import close
from service.casework.receive import answer_address, receive
from service.casework.team_digest import compose_team_digest
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Address, Bounce, Unreadable
from service.domain.outcome import Outcome
from service.store.cases import history
from service.store.correspondence import (
    DUPLICATE,
    FILED,
    QUARANTINED,
    letters_of_case,
    message_of_post,
    messages_of_case,
)
from service.store.database import reading, transaction
from service.store.tables import Case
from tests.builders import HARRIET, a_message, arrive, open_a_case, stored_post
from tests.conftest import Time

STRANGER = Address("Someone Else", "someone@elsewhere.example")


def test_a_request_becomes_a_numbered_case_with_a_deadline_and_an_acknowledgement(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
    assert case.reference == "01.FOI.24.000001"
    assert (case.received_on, case.due_on) == (date(2024, 6, 3), date(2024, 7, 1))
    assert (letter.kind, letter.recipient_address, letter.automatic) == (
        ACKNOWLEDGEMENT,
        HARRIET.address,
        "auto-replied",
    )
    assert "Monday 1 July 2024" in letter.body
    assert "Received on: Monday 3 June 2024" in letter.body
    assert letter.subject == "[01.FOI.24.000001] Acknowledgement: Pothole repairs"


def test_the_acknowledgement_is_in_the_thread_of_the_request(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message(message_id="<first@example.com>"))
        [letter] = letters_of_case(session, case.id)
    assert (letter.in_reply_to, letter.references) == ("<first@example.com>", "<first@example.com>")


def test_a_made_up_message_id_is_never_put_into_the_thread(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message(message_id="<abc@no-message-id.invalid>"))
        [letter] = letters_of_case(session, case.id)
    assert (letter.in_reply_to, letter.references) == ("", "")


def test_the_day_of_receipt_is_the_london_day_of_the_mailboxs_own_stamp(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        # Monday 23:15 UTC is Tuesday 00:15 in London; the sender's own date must not matter.
        read = a_message(sent_at=datetime(2019, 1, 1, tzinfo=UTC))
        case = open_a_case(session, desk, read, received_at=datetime(2024, 7, 1, 23, 15, tzinfo=UTC))
    assert (case.received_on, case.due_on) == (date(2024, 7, 2), date(2024, 7, 31))


def test_a_second_delivery_is_linked_to_the_first_and_opens_nothing(desk: Desk) -> None:
    message = a_message()
    with transaction(desk.engine) as session:
        first = arrive(session, desk, message)
        second = arrive(session, desk, message)
    assert (second.state, second.duplicate_of, second.case_id) == (DUPLICATE, first.id, first.case_id)


def test_the_same_message_id_with_other_words_is_another_request(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        one = open_a_case(session, desk, a_message(message_id="<printer@example.com>"))
        other = open_a_case(session, desk, a_message(message_id="<printer@example.com>", sender=STRANGER))
    assert one.id != other.id


def test_two_requests_of_one_person_under_one_subject_stay_two_cases(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        assert open_a_case(session, desk).id != open_a_case(session, desk).id


def test_an_answer_to_our_letter_is_filed_whoever_sends_it(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        post = arrive(session, desk, a_message(in_reply_to=(letter.message_id,), sender=STRANGER))
    assert (post.state, post.case_id, post.action) == (FILED, case.id, "reply")


def test_a_mail_belongs_to_the_case_whose_letter_it_answers_and_not_to_one_further_up_its_thread(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        cases = [open_a_case(session, desk) for _ in range(2)]
        letters = [letters_of_case(session, case.id)[0].message_id for case in cases]
        for nearest, case in zip(letters, cases, strict=True):
            thread = (*(one for one in letters if one != nearest), nearest)
            for in_reply_to in ((nearest,), ()):
                post = arrive(session, desk, a_message(in_reply_to=in_reply_to, references=thread, sender=STRANGER))
                assert (post.state, post.case_id) == (FILED, case.id)


@pytest.mark.parametrize(("sender", "to"), [(HARRIET, "nearest"), (STRANGER, "ours")])
def test_a_thread_that_went_on_by_hand_leads_to_the_case_that_it_came_to(desk: Desk, sender: Address, to: str) -> None:
    with transaction(desk.engine) as session:
        first, second = open_a_case(session, desk), open_a_case(session, desk)
        [letter], [mail] = letters_of_case(session, first.id), messages_of_case(session, second.id)
        thread = (letter.message_id, mail.message_id)
        post = arrive(session, desk, a_message(in_reply_to=thread[1:], references=thread, sender=sender))
    assert (post.state, post.case_id) == (FILED, second.id if to == "nearest" else first.id)


def test_a_reference_from_a_known_sender_files_the_mail(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        post = arrive(session, desk, a_message(subject="Re: 01/FOI/24/1 any news?"))
        assert [m.post_id for m in messages_of_case(session, case.id)][-1] == post.id
    assert (post.state, post.case_id) == (FILED, case.id)


def test_a_reference_from_a_stranger_is_a_suggestion_and_opens_nothing(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        post = arrive(session, desk, a_message(subject="[01.FOI.24.000001] withdraw it", sender=STRANGER))
        assert len(messages_of_case(session, case.id)) == 1
    assert (post.state, post.case_id) == (QUARANTINED, case.id)


def test_a_forged_message_id_of_ours_does_not_open_a_thread(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        forged = letter.message_id.replace(letter.message_id.split(".")[2][:16], "0" * 16)
        post = arrive(session, desk, a_message(in_reply_to=(forged,), sender=STRANGER))
    assert post.case_id != case.id


def test_an_answer_on_a_closed_case_waits_for_a_person(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
        post = arrive(session, desk, a_message(subject="Re: 01.FOI.24.000001 not good enough"))
    assert post.state == QUARANTINED
    assert "closed" in post.reason


def test_an_automatic_answer_is_kept_and_not_acknowledged(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, a_message(automatic=("Auto-Submitted: auto-replied",)))
        assert message_of_post(session, post.id) is not None
    assert (post.state, post.case_id, post.action) == (FILED, None, "auto-reply-ignore")


def test_an_automatic_answer_on_a_case_is_filed_there_and_changes_nothing(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        before = (case.stage, case.due_on)
        [letter] = letters_of_case(session, case.id)
        post = arrive(session, desk, a_message(in_reply_to=(letter.message_id,), automatic=("X-Autoreply",)))
        assert len(letters_of_case(session, case.id)) == 1
    assert (post.case_id, (case.stage, case.due_on)) == (case.id, before)


def test_a_bounce_marks_our_letter_and_lets_the_clock_run(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        due_on = case.due_on
        [letter] = letters_of_case(session, case.id)
        bounce = Bounce("failed", (HARRIET.address,), (letter.message_id,))
        arrive(session, desk, a_message(bounce=bounce, sender=Address("", "mailer-daemon@example.com")))
        assert letter.bounced_at == desk.now()
        assert history(session, case.id)[-1].kind is Kind.LETTER_BOUNCED
    assert (case.due_on, case.stage) == (due_on, "new")


def test_a_bounce_of_a_later_mail_of_the_thread_says_nothing_of_our_letter(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        bounce = Bounce("failed", ("colleage@anytown.example",), ("<passed-on@outlook.example>", letter.message_id))
        post = arrive(session, desk, a_message(bounce=bounce, sender=Address("", "mailer-daemon@anytown.example")))
        assert (post.state, post.case_id, letter.bounced_at) == (FILED, case.id, None)


@pytest.mark.parametrize("how", ["doubted", "late"])
def test_a_bounce_that_may_be_forged_waits_for_a_person_and_takes_nothing_back(desk: Desk, how: str) -> None:
    server = "mx1.anytown.example"
    checking = desk.settings.mailbox.model_copy(update={"authserv_id": server})
    desk = replace(desk, settings=desk.settings.model_copy(update={"mailbox": checking}))
    hop = f"received: from x (x [192.0.2.1]) by {server} with ESMTPS; Mon"
    said = "dmarc=fail header.from=example.com" if how == "doubted" else "none"
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        letter.sent_at = desk.now() - timedelta(days=8 if how == "late" else 1)
        bounce = Bounce("failed", (HARRIET.address,), (letter.message_id,))
        forged = a_message(bounce=bounce, sender=Address("", "postmaster@example.com"))
        trace = (f"authentication-results: {server}; {said}", hop)
        post = arrive(session, desk, replace(forged, trace=trace))
        assert (post.state, post.case_id, letter.bounced_at) == (QUARANTINED, case.id, None)
        assert f"did not arrive, {'but our mail server' if how == 'doubted' else 'and comes long'}" in post.reason
        message = message_of_post(session, post.id)
        assert message is not None
        assert message.case_id is None


def test_a_delayed_delivery_is_filed_but_is_no_bounce(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [letter] = letters_of_case(session, case.id)
        arrive(session, desk, a_message(bounce=Bounce("delayed", (HARRIET.address,), (letter.message_id,))))
        assert letter.bounced_at is None
        assert len(messages_of_case(session, case.id)) == 2


def test_what_cannot_be_read_waits_for_a_person(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, Unreadable("It is encrypted: ask for a plain copy."))
    assert (post.state, post.reason) == (QUARANTINED, "It is encrypted: ask for a plain copy.")


def test_the_sixth_request_of_a_day_is_a_case_without_an_acknowledgement(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        cases = [open_a_case(session, desk) for _ in range(6)]
        assert [len(letters_of_case(session, case.id)) for case in cases] == [1, 1, 1, 1, 1, 0]
        last = history(session, cases[-1].id)[-1]
        time.pass_by(days=1, seconds=1)
        assert len(letters_of_case(session, open_a_case(session, desk).id)) == 1
    assert last.kind is Kind.NOT_ACKNOWLEDGED
    assert "5 acknowledgements" in last.data["reason"]


def test_no_more_than_fifty_acknowledgements_leave_in_an_hour(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    with transaction(desk.engine) as session:
        people = [Address("", f"person{n}@example.com") for n in range(51)]
        cases = [open_a_case(session, desk, a_message(sender=person)) for person in people]
        assert sum(len(letters_of_case(session, case.id)) for case in cases) == 50


def test_imported_mail_is_not_acknowledged(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = stored_post(session, received_at=desk.now(), acknowledge=False)
        receive(session, desk, post, a_message(), "k", at=desk.now())
        assert post.case_id is not None
        assert letters_of_case(session, post.case_id) == []


def test_an_answer_to_the_days_message_waits_for_a_person(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        name = compose_team_digest(session, desk, "foi", at=desk.now()).message_id
        post = arrive(session, desk, a_message(in_reply_to=(name,), subject="Re: Today's work"))
        forged = arrive(
            session, desk, a_message(in_reply_to=("<digest-team.1.2@anytown.example>",), message_id="<9@x>")
        )
        assert (post.state, post.case_id) == (QUARANTINED, None)
        assert "the day's message" in post.reason
        assert forged.case_id is not None  # a stranger's request is not kept from us by a name made up


def test_an_answer_goes_to_reply_to_only_within_the_senders_own_domain() -> None:
    own = frozenset({"foi@anytown.example"})
    boss = Address("", "boss@mail.example.com")
    assert answer_address(a_message(reply_to=(boss,)), own) == boss.address
    assert answer_address(a_message(reply_to=(Address("", "victim@third.example"),)), own) == HARRIET.address
    assert answer_address(a_message(reply_to=(Address("", "foi@anytown.example"),)), own) == HARRIET.address
    assert answer_address(a_message(reply_to=(Address("", "x@com"),)), own) == HARRIET.address
    someone = Address("", "h.bell@gmail.com")
    other = a_message(sender=someone, reply_to=(Address("", "mallory@gmail.com"),))
    assert answer_address(other, own) == someone.address
    assert answer_address(replace(other, reply_to=(Address("", "H.Bell@gmail.com"),)), own) == "H.Bell@gmail.com"


def test_nothing_of_a_failed_receipt_remains_and_its_number_is_given_back(desk: Desk) -> None:
    class Crash(Exception):
        pass

    try:
        with transaction(desk.engine) as session:
            open_a_case(session, desk)
            raise Crash
    except Crash:
        pass
    with transaction(desk.engine) as session:
        assert open_a_case(session, desk).number == 1
    with reading(desk.engine) as session:
        assert len(session.exec(select(Case)).all()) == 1

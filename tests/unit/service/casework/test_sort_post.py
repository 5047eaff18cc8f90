"""An officer's decision on a mail that waits for a person."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlmodel import Session

from service.casework.close import close
from service.casework.open_case import Request
from service.casework.sort_post import (
    AlreadySorted,
    NothingToFollow,
    ReasonNeeded,
    dismiss,
    file_post,
    follow_closed,
    make_case,
    read_again,
)
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Address, Unreadable
from service.domain.outcome import Outcome
from service.domain.stage import Stage
from service.store.cases import case_by_id, cases_following, history
from service.store.correspondence import (
    DISMISSED,
    FILED,
    QUARANTINED,
    STORED,
    body_of,
    letters_of_case,
    message_of_post,
    messages_of_case,
    post_by_id,
)
from service.store.database import transaction
from service.store.tables import Case, Post
from tests.builders import HARRIET, a_message, arrive, open_a_case
from tests.conftest import Time

SAT_JUN_1_2024 = datetime(2024, 6, 1, 23, 30, tzinfo=UTC)  # Sunday 00:30 in London
REQUEST = Request("Jo Marsh", "jo@example.com", "Contact list", SAT_JUN_1_2024, "foi")
BY = "officer:1"


def test_a_case_made_by_hand_has_the_mails_true_time_of_receipt(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, Unreadable("two senders"), received_at=SAT_JUN_1_2024)
        case = make_case(session, desk, post, REQUEST, "The contact list, please.", at=desk.now(), by=BY)
        [message] = messages_of_case(session, case.id)
        assert body_of(session, message.id).text == "The contact list, please."
        assert letters_of_case(session, case.id) == []
    assert (case.received_on, case.due_on) == (date(2024, 6, 2), date(2024, 6, 28))
    assert (post.state, post.case_id, post.settled_by) == (FILED, case.id, BY)


def test_of_two_who_sort_a_mail_at_once_the_second_is_told(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        first = open_a_case(session, desk)
        stranger = Address("Jo Marsh", "jo@example.com")
        waiting = arrive(session, desk, a_message(sender=stranger, subject=f"Re: {first.reference}"))
        assert waiting.state == QUARANTINED
    both, said = Barrier(2), list[str]()

    def sort() -> None:
        try:
            with transaction(desk.engine) as session:
                post = post_by_id(session, waiting.id)
                assert message_of_post(session, post.id) is not None
                with suppress(BrokenBarrierError):  # on SQLite the other waits from the beginning
                    both.wait(0.5)
                make_case(session, desk, post, REQUEST, "", at=desk.now(), by=BY)
            said.append("made")
        except AlreadySorted:
            said.append("too late")

    threads = [Thread(target=sort) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["made", "too late"]


def test_a_readable_mail_that_becomes_a_case_by_hand_is_acknowledged(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
        stranger = a_message(subject="01.FOI.24.000001", sender=Address("Jo Marsh", "jo@example.com"))
        post = arrive(session, desk, stranger)
        case = make_case(session, desk, post, REQUEST, "", at=desk.now(), by=BY)
        assert [letter.recipient_address for letter in letters_of_case(session, case.id)] == ["jo@example.com"]


def test_automatic_mail_that_becomes_a_case_by_hand_is_not_answered(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, a_message(automatic=("X-Autoreply",)))
        case = make_case(session, desk, post, REQUEST, "", at=desk.now(), by=BY)
        assert letters_of_case(session, case.id) == []


def test_a_suggestion_is_filed_where_the_officer_says(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, other = open_a_case(session, desk), open_a_case(session, desk)
        post = arrive(session, desk, a_message(subject=case.reference, sender=Address("", "new@example.org")))
        file_post(session, desk, post, other, at=desk.now(), by=BY)
        assert messages_of_case(session, other.id)[-1].post_id == post.id
    assert (post.state, post.case_id) == (FILED, other.id)


def test_a_mail_is_sorted_once(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        post = arrive(session, desk, Unreadable("encrypted"))
        file_post(session, desk, post, case, at=desk.now(), by=BY)
        with pytest.raises(AlreadySorted):
            make_case(session, desk, post, REQUEST, "", at=desk.now(), by=BY)


def test_setting_a_mail_aside_needs_a_reason_and_keeps_it(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, Unreadable("encrypted"))
        with pytest.raises(ReasonNeeded):
            dismiss(session, post, "  ", at=desk.now(), by=BY)
        dismiss(session, post, "an advertisement", at=desk.now(), by=BY)
    assert (post.state, post.reason, post.settled_by) == (DISMISSED, "an advertisement", BY)


def test_only_what_could_not_be_read_is_read_again(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, Unreadable("too much memory"))
        post.attempts = 3
        read_again(session, post)
        readable = arrive(session, desk, a_message(automatic=("a machine",), sender=HARRIET))
        assert message_of_post(session, readable.id) is not None
        with pytest.raises(AlreadySorted):
            read_again(session, readable)
    assert (post.state, post.attempts) == (STORED, 0)


def test_an_internal_review_has_its_own_kind_of_reference_and_its_own_time_limit(desk: Desk) -> None:
    review = replace(REQUEST, kind="IR", regime="EIR", received_at=datetime(2025, 1, 6, 10, tzinfo=UTC))
    with transaction(desk.engine) as session:
        original = open_a_case(session, desk)
        post = arrive(session, desk, a_message(subject=original.reference, sender=Address("", "jo@example.com")))
        case = make_case(session, desk, post, review, "", at=desk.now(), by=BY)
        [letter] = letters_of_case(session, case.id)
    assert letter.kind == "review-acknowledgement"
    assert case.reference == "01.IR.25.000002"
    assert case.due_on == date(2025, 3, 3)  # Monday: 40 working days under reg 11(4)


@pytest.fixture
def answered(desk: Desk, time: Time) -> Case:
    """A case that was answered in May; it is now the third of June."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, received_at=time.now() - timedelta(days=20))
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 5, 24), at=time.now(), by=BY)
    return case


def an_answer(session: Session, desk: Desk, case: Case) -> Post:
    return arrive(session, desk, a_message(subject=f"Re: {case.reference}", sender=HARRIET))


def test_an_answer_to_a_closed_case_waits_for_a_person(desk: Desk, answered: Case) -> None:
    with transaction(desk.engine) as session:
        post = an_answer(session, desk, answered)
        assert (post.state, post.case_id) == (QUARANTINED, answered.id)
        assert len(letters_of_case(session, answered.id)) == 1


def test_an_internal_review_counts_from_the_day_it_was_asked_for_and_names_the_case_it_reviews(
    desk: Desk, answered: Case, time: Time
) -> None:
    with transaction(desk.engine) as session:
        post = an_answer(session, desk, answered)
        time.pass_by(days=3)
        review = follow_closed(session, desk, post, "IR", at=time.now(), by=BY)
        [letter] = letters_of_case(session, review.id)
        followed = history(session, answered.id)[-1]
    assert (review.reference, review.original_id, review.matter) == ("01.IR.24.000002", answered.id, "review")
    assert (review.received_on, review.due_on) == (date(2024, 6, 3), date(2024, 7, 1))
    assert "our reference 01.FOI.24.000001" in letter.body
    assert "Monday 1 July 2024" in letter.body
    assert "you may apply to the Information Commissioner" in letter.body
    assert (followed.kind, followed.data) == (Kind.FOLLOWED, {"case": review.reference, "kind": "IR"})
    assert (post.state, post.case_id) == (FILED, review.id)


def test_a_new_request_on_an_old_answer_is_acknowledged_like_any_other(desk: Desk, answered: Case) -> None:
    with transaction(desk.engine) as session:
        case = follow_closed(session, desk, an_answer(session, desk, answered), "FOI", at=desk.now(), by=BY)
        [letter] = letters_of_case(session, case.id)
        assert [follower.id for follower in cases_following(session, answered.id)] == [case.id]
    assert (case.reference, case.matter, letter.kind) == ("01.FOI.24.000002", "request", "acknowledgement")


def test_only_a_note_starts_no_clock(desk: Desk, answered: Case) -> None:
    with transaction(desk.engine) as session:
        post = an_answer(session, desk, answered)
        file_post(session, desk, post, answered, at=desk.now(), by=BY)
        assert cases_following(session, answered.id) == []
        assert case_by_id(session, answered.id).stage == Stage.CLOSED


def test_an_answer_is_decided_once(desk: Desk, answered: Case) -> None:
    with transaction(desk.engine) as session:
        post = an_answer(session, desk, answered)
        follow_closed(session, desk, post, "IR", at=desk.now(), by=BY)
        with pytest.raises((AlreadySorted, NothingToFollow)):
            follow_closed(session, desk, post, "IR", at=desk.now(), by=BY)


def test_what_answers_no_closed_case_follows_none(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
        post = arrive(session, desk, a_message(sender=Address("", "jo@example.com"), subject="FOI/24/1"))
        with pytest.raises(NothingToFollow):
            follow_closed(session, desk, post, "IR", at=desk.now(), by=BY)


@pytest.mark.parametrize(("kind", "subject"), [("IR", "Pothole repairs"), ("FOI", "and the bridges?")])
def test_what_follows_a_closed_case_knows_its_requester_and_is_not_called_after_our_letter(
    desk: Desk, kind: str, subject: str
) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by=BY)
        nameless = Address("", HARRIET.address.upper())
        said = f"Re: [{case.reference}] AW: and the bridges?"
        post = arrive(session, desk, a_message(message_id="<2@x>", sender=nameless, subject=said))
        made = follow_closed(session, desk, post, kind, at=desk.now(), by=BY)
        assert (made.requester_name, made.subject) == (HARRIET.name, subject)

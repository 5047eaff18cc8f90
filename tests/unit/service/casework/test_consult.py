"""Asking those who hold the information, and what becomes of their answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.consult import (
    AnswerDayPast,
    Asked,
    ConsultationOver,
    NamesTheRequester,
    NotToBeAsked,
    ask,
    chase_consultations,
    close_consultation,
    remind,
)
from service.casework.record import officer_actor
from service.desk import Desk
from service.domain.clock import State
from service.domain.consultation import Result
from service.domain.kind import Kind
from service.domain.message import Address, Attachment, IncomingMessage
from service.domain.outcome import Outcome
from service.domain.stage import NotAllowedNow
from service.store.cases import history
from service.store.consultations import consultations_of, to_confirm, waiting_consultations
from service.store.correspondence import FILED, QUARANTINED, letters_of_case, messages_of_case
from service.store.database import transaction
from service.store.originals import keep
from service.store.tables import Case, Consultation, Letter, Post
from tests.builders import HARRIET, a_message, an_officer, arrive, open_a_case
from tests.conftest import Time

BOB = Address("Bob Jones", "bob.jones@roads.anytown.example")
CAROL = Address("Carol Hunt", "carol.hunt@roads.anytown.example")
MON_JUN_10 = date(2024, 6, 10)
ASKED = Asked("Bob Jones", "Highways", BOB.address, "How many potholes were repaired in 2023?", MON_JUN_10)


def consult(session: Session, desk: Desk, asked: Asked = ASKED) -> tuple[Case, Consultation, Letter]:
    case = open_a_case(session, desk)
    sam = an_officer(session)
    assign(session, desk, case, sam.id, at=desk.now(), by=officer_actor(sam.id))
    consultation = ask(session, desk, case, asked, signatory="Sam Okoro", at=desk.now(), by=officer_actor(sam.id))
    return case, consultation, letters_of_case(session, case.id)[-1]


def answer_to(letter: Letter, **changes: object) -> IncomingMessage:
    words: dict[str, object] = {
        "sender": BOB,
        "subject": f"RE: {letter.subject}",
        "text": "412 in all.",
        "in_reply_to": (letter.message_id,),
        "references": (letter.message_id,),
    }
    return a_message(**(words | changes))


def kinds(session: Session, case: Case) -> list[Kind]:
    return [event.kind for event in history(session, case.id)]


def with_plus(desk: Desk) -> Desk:
    box = desk.settings.mailbox.model_copy(update={"plus_addresses": True})
    return replace(desk, settings=desk.settings.model_copy(update={"mailbox": box}))


def count_cases(session: Session) -> int:
    return len(session.exec(select(Case.id)).all())


def test_the_letter_tells_what_is_asked_and_nothing_of_who_wants_to_know(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, _, letter = consult(session, desk)
        assert Kind.CONSULTED in kinds(session, case)
    assert (letter.kind, letter.recipient_address, letter.automatic) == ("consultation", BOB.address, "")
    assert letter.subject == "[01.FOI.24.000001] Information we need from you by Monday 10 June 2024"
    assert "> How many potholes were repaired in 2023?" in letter.body
    told = (letter.subject + letter.body + letter.references).casefold()
    assert "harriet" not in told
    assert HARRIET.address not in told
    assert case.subject.casefold() not in told
    assert letter.in_reply_to == ""  # the requester's Message-ID would tell their domain


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"address": HARRIET.address}, NotToBeAsked),
        ({"address": "FOI@anytown.example"}, NotToBeAsked),
        ({"question": "Harriet  Bell asks: how many potholes?"}, NamesTheRequester),
        ({"question": "Send it to H.Bell@example.com"}, NamesTheRequester),
        ({"due_on": date(2024, 6, 3)}, AnswerDayPast),
    ],
)
def test_what_must_not_leave_is_refused(desk: Desk, change: dict[str, object], fault: type[Exception]) -> None:
    with transaction(desk.engine) as session, pytest.raises(fault):
        consult(session, desk, replace(ASKED, **change))  # type: ignore[arg-type]


def test_a_question_about_letters_to_the_requester_may_name_them_when_the_officer_says_so(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        asked = replace(ASKED, question="Which letters did Harriet Bell get from you?", naming=True)
        _, _, letter = consult(session, desk, asked)
    assert "> Which letters did Harriet Bell get from you?" in letter.body


def test_nobody_is_asked_about_a_closed_case(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, _, _ = consult(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
        with pytest.raises(NotAllowedNow):
            ask(session, desk, case, ASKED, signatory="Sam", at=desk.now(), by="officer:1")


def test_an_answer_is_filed_as_theirs_and_moves_no_clock(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        due_on, stage, letters = case.due_on, case.stage, len(letters_of_case(session, case.id))
        post = arrive(session, desk, answer_to(letter))
        assert (post.state, post.case_id, count_cases(session)) == (FILED, case.id, 1)
        assert (case.due_on, case.stage, case.clock_state) == (due_on, stage, "running")
        told = letters_of_case(session, case.id)[letters:]
        assert [(one.kind, one.recipient_name) for one in told] == [("written", "Sam Okoro")]  # nobody is acknowledged
        events = [event for event in history(session, case.id) if event.kind is not Kind.LETTER_WRITTEN]
        assert events[-1].kind is Kind.CONSULTATION_ANSWERED
        assert {event.actor for event in events[-2:]} == {"contributor"}
        assert (consultation.answered_from, consultation.suggestion) == ("", "")
        assert consultation.answer_id == messages_of_case(session, case.id)[-1].id
        assert [one.id for one, _ in to_confirm(session)] == [consultation.id]


def test_an_answer_while_clarification_is_awaited_does_not_restart_the_clock(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        fact = ClockFact(Kind.CLARIFICATION_SOUGHT, date(2024, 6, 3), {})
        establish(session, desk, case, fact, at=desk.now(), by="officer:1")
        state = case.clock_state
        arrive(session, desk, answer_to(letter))
        assert consultation.answered_at is not None
        assert (case.clock_state, state) == (state, State.AWAITING_CLARIFICATION)


def test_an_answer_to_the_one_time_address_is_heard_without_any_thread(desk: Desk) -> None:
    plus = with_plus(desk)
    with transaction(plus.engine) as session:
        case, consultation, letter = consult(session, plus)
        assert letter.answers_to.startswith(f"foi+ask-{consultation.id}-")
        to = (Address("", letter.answers_to),)
        post = arrive(session, plus, a_message(sender=BOB, subject="Potholes", text="Nil return", to=to))
        assert (post.case_id, consultation.suggestion) == (case.id, "nil return")


def test_a_forged_address_is_no_answer(desk: Desk) -> None:
    plus = with_plus(desk)
    with transaction(plus.engine) as session:
        _, consultation, letter = consult(session, plus)
        local, _, domain = letter.answers_to.partition("@")
        forged = Address("", f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}")
        arrive(session, plus, a_message(to=(forged,)))
        assert consultation.answered_at is None


def test_an_answer_to_a_question_that_a_restore_undid_is_not_the_one_that_took_its_key(desk: Desk) -> None:
    plus = with_plus(desk)
    with transaction(plus.engine) as session:
        _, consultation, letter = consult(session, plus)
        consultation.asked_at += timedelta(hours=5)
        arrive(session, plus, a_message(sender=BOB, text="Nil return", to=(Address("", letter.answers_to),)))
        assert consultation.answered_at is None


def test_an_answer_from_another_address_is_filed_and_marked(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        post = arrive(session, desk, answer_to(letter, sender=CAROL))
        assert (post.state, post.case_id) == (FILED, case.id)
        assert (consultation.answered_from, consultation.answered_at is not None) == (CAROL.address, True)


def test_a_machines_answer_is_kept_and_does_not_count(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        away = answer_to(letter, text="I am away. Nil return.", automatic=("Auto-Submitted: auto-replied",))
        assert arrive(session, desk, away).case_id == case.id
        assert consultation.answered_at is None
        assert consultation.away_at is not None
        assert kinds(session, case)[-1] is Kind.CONSULTATION_UNATTENDED
        arrive(session, desk, answer_to(letter))
        assert consultation.answered_at is not None


def test_what_comes_after_the_answer_waits_for_a_person_and_opens_no_case(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        arrive(session, desk, answer_to(letter))
        first = consultation.answer_id
        later = arrive(session, desk, answer_to(letter, text="And how many were repaired in 2022, by the way?"))
        assert (later.state, later.case_id, count_cases(session)) == (QUARANTINED, case.id, 1)
        assert consultation.answer_id == first
        assert "Bob Jones" in later.reason


def test_a_fresh_mail_of_theirs_that_names_the_case_answers_the_question(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, _ = consult(session, desk)
        post = arrive(session, desk, a_message(sender=BOB, subject=f"Potholes {case.reference}", text="412"))
        assert (post.state, consultation.answered_at is not None) == (FILED, True)


def test_a_mail_whose_sender_is_doubted_answers_nothing_that_only_they_were_asked(desk: Desk) -> None:
    server = "mx1.anytown.example"
    box = desk.settings.mailbox.model_copy(update={"authserv_id": server})
    desk = replace(desk, settings=desk.settings.model_copy(update={"mailbox": box}))
    forged = (
        f"authentication-results: {server}; dmarc=fail header.from=roads.anytown.example",
        f"received: from x (x [192.0.2.1]) by {server} with ESMTPS; Mon",
    )
    with transaction(desk.engine) as session:
        case, consultation, _ = consult(session, desk)
        acknowledgement = letters_of_case(session, case.id)[0]
        post = arrive(session, desk, answer_to(acknowledgement, text="We hold nothing.", trace=forged))
        assert (post.case_id, consultation.answered_at, consultation.suggestion) == (case.id, None, "")
        genuine = answer_to(acknowledgement, text="We hold nothing.", message_id="<2@roads.anytown.example>")
        arrive(session, desk, genuine)
        assert consultation.answered_at is not None


def test_the_requester_is_never_taken_for_whoever_was_asked(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        post = arrive(session, desk, answer_to(letter, sender=HARRIET))
        assert (post.case_id, consultation.answered_at) == (case.id, None)
        assert history(session, case.id)[-1].actor == "requester"


def test_reminders_are_in_the_thread_and_an_answer_to_one_is_heard(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        for day in range(3, 13):
            at = datetime(2024, 6, day, 9, tzinfo=UTC)
            chase_consultations(session, desk, today=at.date(), at=at)
        reminders = [one for one in letters_of_case(session, case.id) if one.kind == "consultation-reminder"]
        assert [one.created_at.day for one in reminders] == [7, 11]
        assert {one.in_reply_to for one in reminders} == {letter.message_id}
        assert {one.automatic for one in reminders} == {"auto-generated"}
        assert "harriet" not in "".join(one.body for one in reminders).casefold()
        arrive(session, desk, answer_to(reminders[-1]))
        assert consultation.answered_at is not None
        late = datetime(2024, 6, 20, 9, tzinfo=UTC)
        assert chase_consultations(session, desk, today=late.date(), at=late) == 0
        with pytest.raises(ConsultationOver):
            remind(session, desk, case, consultation, at=late, by="officer:1")


def test_a_closed_case_reminds_nobody(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case, _, _ = consult(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
        at = desk.now() + timedelta(days=10)
        assert chase_consultations(session, desk, today=at.date(), at=at) == 0
        assert waiting_consultations(session) == []


@pytest.mark.parametrize("result", Result)
def test_what_came_of_asking_is_recorded_once(desk: Desk, result: Result) -> None:
    with transaction(desk.engine) as session:
        case, consultation, letter = consult(session, desk)
        close_consultation(session, desk, consultation, result, at=desk.now(), by="officer:1")
        assert kinds(session, case)[-1] is Kind.CONSULTATION_CLOSED
        with pytest.raises(ConsultationOver):
            close_consultation(session, desk, consultation, result, at=desk.now(), by="officer:1")
        later: Post = arrive(session, desk, answer_to(letter))
        assert (later.state, consultation.answered_at) == (QUARANTINED, None)
        assert len(consultations_of(session, case.id)) == 1


def test_files_come_with_the_answer_and_it_is_left_to_the_officer_what_it_says(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        _, consultation, letter = consult(session, desk)
        held = Attachment("trees.csv", "text/csv", 3, keep(session, b"a,b"))
        arrive(session, desk, answer_to(letter, text="We hold nothing before 2019", attachments=(held,)))
        assert (consultation.suggestion, consultation.answered_at is not None) == ("", True)

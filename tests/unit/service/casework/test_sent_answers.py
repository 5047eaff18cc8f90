"""A mail sent by hand: filed on its case, asked about, and accepted or declined as of the instant it was sent."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from service.casework.assign import assign
from service.casework.clock_facts import strike_out
from service.casework.close import AnswerDateImpossible, close
from service.casework.decide import Part, decide, set_questions
from service.casework.file_sent import NotSorted, file_by_hand, set_aside
from service.casework.receive import receive
from service.casework.review import not_independent
from service.casework.sent_answers import (
    AnswerSettled,
    OutcomeNotSaid,
    ReasonNotSaid,
    accept_answer,
    accept_silent,
    ask_owner,
    check_sent_answer,
    decline_answer,
    findings_of,
    likely_outcome,
)
from service.casework.sort_post import follow_closed
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Address, Bounce, IncomingMessage
from service.domain.message_id import is_ours
from service.domain.outcome import Outcome
from service.domain.question import Decision
from service.domain.search_words import Term
from service.domain.sent_answer import NotTheAnswer
from service.domain.stage import NotAllowedNow, Stage
from service.errors import ClockError
from service.sections import Team
from service.store.cases import history
from service.store.correspondence import DISMISSED, FILED, letters_of_case, messages_of_case
from service.store.database import transaction
from service.store.search import Wanted, search
from service.store.sent import UNSURE, asked_answers, count_unseen, lock_answer
from service.store.tables import Case, Message, Officer, Post, SentAnswer, UnseenLetter
from tests.builders import HARRIET, a_message, an_officer, arrive, open_a_case, stored_post
from tests.conftest import Time

TUE_JUN_4_2024 = datetime(2024, 6, 4, 13, 3, tzinfo=UTC)
FOI = Address("FOI team", "foi@anytown.example")
REFUSAL = "The information is exempt under section 31(1)(a), so we refuse to give it."


def a_sent_mail(answers: str, **changes: object) -> IncomingMessage:
    """An answer to Harriet Bell as a mail program sends it."""
    words: dict[str, object] = {
        "sender": FOI,
        "to": (HARRIET,),
        "subject": "Re: Pothole repairs",
        "text": "Dear Ms Bell, in response to your request: 14 potholes were repaired. Please find the list attached.",
        "in_reply_to": (answers,),
        "references": (answers,),
        "sent_at": TUE_JUN_4_2024,
    }
    return a_message(**(words | changes))


def send(session: Session, desk: Desk, read: IncomingMessage, sent_at: datetime = TUE_JUN_4_2024) -> Post:
    """A mail found in Sent, read and settled."""
    post = stored_post(session, received_at=sent_at, folder="\\Sent", sent=True)
    receive(session, desk, post, read, f"key of {post.id}", at=desk.now())
    return post


def an_owned_case(session: Session, desk: Desk) -> tuple[Case, Officer]:
    sam = an_officer(session)
    case = open_a_case(session, desk, a_message(message_id="<asked@example.com>"))
    assign(session, desk, case, sam.id, at=desk.now(), by=f"officer:{sam.id}")
    return case, sam


def asked(session: Session, desk: Desk, time: Time, **changes: object) -> tuple[Case, SentAnswer, str]:
    """A case whose requester was written to on Tuesday 4 June, which is asked about on Thursday."""
    case, sam = an_owned_case(session, desk)
    time.moment = datetime(2024, 6, 6, 9, 0, tzinfo=UTC)
    sent_at = changes.pop("at", TUE_JUN_4_2024)
    assert isinstance(sent_at, datetime)
    post = send(session, desk, a_sent_mail("<asked@example.com>", **changes), sent_at)
    assert post.state == FILED, post.reason
    [(answer, _, _)] = asked_answers(session)
    return case, answer, f"officer:{sam.id}"


def test_it_is_correspondence_of_the_case_and_can_be_searched(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, _answer, _ = asked(session, desk, time, text="In response to your request: the zeppelin is attached.")
    with transaction(desk.engine) as session:
        assert [message.direction for message in messages_of_case(session, case.id)] == ["in", "out"]
        assert [one.case.id for one in search(session, Wanted((Term("zeppelin"),))).rows] == [case.id]


def test_the_officer_is_told_by_the_from_address(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, _answer, by = asked(session, desk, time, sender=Address("Sam Okoro", "Sam@anytown.example"))
        [event] = [one for one in history(session, case.id) if one.kind is Kind.SENT_BY_HAND]
    assert (event.actor, event.at) == (by, TUE_JUN_4_2024)


@pytest.mark.parametrize(
    ("sent_at", "answered_on"),
    [
        (datetime(2024, 6, 3, 22, 59, tzinfo=UTC), date(2024, 6, 3)),  # 23:59 in London
        (datetime(2024, 6, 3, 23, 1, tzinfo=UTC), date(2024, 6, 4)),  # 00:01, while it is still Monday in UTC
    ],
)
def test_accepting_closes_the_case_on_the_london_day_of_sending(
    desk: Desk, time: Time, sent_at: datetime, answered_on: date
) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, at=sent_at)
        ends = accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)
        [closed] = [one for one in history(session, case.id) if one.kind is Kind.CLOSED]
    assert (ends, case.outcome) == (Outcome.GRANTED, "granted in full")
    assert (case.stage, case.answered_on, closed.at) == ("closed", answered_on, sent_at)
    assert (closed.data["source"], closed.data["accepted"]) == ("sent folder", "page")
    assert (answer.state, answer.decided_by) == ("accepted", by)


def test_in_winter_the_day_ends_at_midnight_utc(desk: Desk, time: Time) -> None:
    time.moment = datetime(2024, 11, 25, 9, 0, tzinfo=UTC)
    with transaction(desk.engine) as session:
        case, sam = an_owned_case(session, desk)
        time.moment = datetime(2024, 11, 28, 9, 0, tzinfo=UTC)
        send(session, desk, a_sent_mail("<asked@example.com>"), datetime(2024, 11, 26, 23, 30, tzinfo=UTC))
        [(answer, _, _)] = asked_answers(session)
        accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=f"officer:{sam.id}")
    assert case.answered_on == date(2024, 11, 26)


def test_the_decisions_on_the_case_say_the_outcome_before_the_words_of_the_mail_do(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        [question] = set_questions(session, desk, case, [Part(0, "", "How many?")], at=desk.now(), by=by)
        decide(session, desk, case, replace(question, decision=Decision.NOT_HELD), at=desk.now(), by=by)
        assert likely_outcome(session, case, answer) is Outcome.NOT_HELD


def test_an_outcome_that_nothing_tells_has_to_be_said(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, text="14 potholes were repaired.")
        with pytest.raises(OutcomeNotSaid):
            accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)
        accept_answer(session, desk, case, answer.message_id, outcome=Outcome.GRANTED, at=desk.now(), by=by)
    assert case.stage == "closed"


def test_it_is_decided_once(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        decline_answer(session, desk, case, answer.message_id, NotTheAnswer.HOLDING, at=desk.now(), by=by)
        with pytest.raises(AnswerSettled):
            accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)


def test_a_holding_reply_leaves_the_clock_running(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, text="Thank you. We will respond by 1 July.")
        assert answer.seems == "a holding reply"
        decline_answer(session, desk, case, answer.message_id, NotTheAnswer.HOLDING, at=desk.now(), by=by)
        [event] = [one for one in history(session, case.id) if one.kind is Kind.NOT_THE_ANSWER]
        assert not asked_answers(session)
    assert (case.stage, case.clock_state, case.due_on) == ("drafting", "running", date(2024, 7, 1))
    assert event.data["reason"] == "a holding reply or an acknowledgement"


def test_a_question_to_the_requester_stops_the_clock_as_of_when_it_was_sent(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, text="Could you clarify which streets you mean?")
        assert answer.seems == "a question to the requester"
        decline_answer(session, desk, case, answer.message_id, NotTheAnswer.QUESTION, at=desk.now(), by=by)
        [event] = [one for one in history(session, case.id) if one.kind is Kind.CLARIFICATION_SOUGHT]
    assert (case.stopped_on, event.at) == (date(2024, 6, 4), TUE_JUN_4_2024)


def test_a_clock_does_not_stay_stopped_when_the_requester_has_answered_already(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, text="Could you clarify which streets you mean?")
        came = datetime(2024, 6, 5, 9, 0, tzinfo=UTC)
        arrive(session, desk, a_message(subject=f"Re: {case.reference}", text="Mill Lane."), received_at=came)
        decline_answer(session, desk, case, answer.message_id, NotTheAnswer.QUESTION, at=desk.now(), by=by)
    # Twenty working days from Wednesday 5 June, when the clarification came (s.10(6)(b)).
    assert (case.clock_state, case.due_on) == ("running", date(2024, 7, 3))


def test_something_else_has_to_be_told(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        with pytest.raises(ReasonNotSaid):
            decline_answer(session, desk, case, answer.message_id, NotTheAnswer.OTHER, at=desk.now(), by=by)


def test_striking_out_the_closing_opens_the_case_again(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)
        seq = next(one.seq for one in history(session, case.id) if one.kind is Kind.CLOSED)
        strike_out(session, desk, case, seq, "It was a holding reply.", at=desk.now(), by=by)
    assert (case.stage, case.due_on, case.answered_on) == ("drafting", date(2024, 7, 1), None)


def test_a_later_mail_on_a_closed_case_is_filed_and_asks_nothing(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, sam = an_owned_case(session, desk)
        time.pass_by(days=3)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by=f"officer:{sam.id}")
        assert send(session, desk, a_sent_mail("<asked@example.com>")).state == FILED
        assert not session.exec(select(SentAnswer)).all()


def test_a_question_lapses_when_the_case_is_closed_another_way(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        close(session, desk, case, Outcome.REFUSED, answered_on=desk.today(), at=desk.now(), by=by)
        assert not asked_answers(session)
        with pytest.raises(NotAllowedNow):
            accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)


def test_it_cannot_have_been_answered_before_it_was_asked(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, at=datetime(2024, 6, 1, 9, 0, tzinfo=UTC))
        with pytest.raises(AnswerDateImpossible):
            accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)
        with pytest.raises(ClockError):
            decline_answer(session, desk, case, answer.message_id, NotTheAnswer.QUESTION, at=desk.now(), by=by)


def test_whoever_wrote_the_answer_does_not_review_it(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        priya = an_officer(session, "Priya Nair", "supervisor")
        case, answer, by = asked(session, desk, time, sender=Address("Sam Okoro", "sam@anytown.example"))
        accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=f"officer:{priya.id}")
        post = arrive(session, desk, a_message(subject=f"Re: {case.reference}", text="I am not content."))
        review = follow_closed(session, desk, post, "IR", at=desk.now(), by=f"officer:{priya.id}")
        assert not_independent(session, review) == {priya.id: "closed", int(by.partition(":")[2]): "sent"}


def checked(session: Session, desk: Desk, answer: SentAnswer, **texts: str) -> None:
    check_sent_answer(session, desk, answer, texts, at=desk.now())


def test_the_checker_reads_what_has_gone_and_the_owner_is_told_what_blocks(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, desk, time, text=REFUSAL)
        checked(session, desk, answer)
        checked(session, desk, answer)
        [letter] = [one for one in letters_of_case(session, case.id) if one.kind == "answered"]
    assert {"R8", "R9"} <= {one.rule for one in findings_of(answer) if one.blocks}
    assert letter.recipient_address == "sam@anytown.example"
    assert letter.subject == f"[{case.reference}] Answered at 14:03 on Tuesday 4 June 2024?"
    assert f"/cases/{case.reference}/answered/{answer.message_id}" in letter.body
    assert "section 17(7)" in letter.body or "s.17(7)" in letter.body
    assert case.stage == "drafting"


def test_the_words_of_an_enclosed_letter_count(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        _, answer, _ = asked(session, desk, time, text="Dear Ms Bell, please see the letter.")
        assert answer.likely == ""
        checked(session, desk, answer, **{"letter.pdf": REFUSAL})
    assert (answer.seems, answer.likely) == ("an answer", "refused in full")


def test_the_checker_asks_nothing_of_a_holding_reply(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        _, answer, _ = asked(session, desk, time, text="Thank you. We will respond by 1 July.")
        checked(session, desk, answer)
    assert findings_of(answer) == ()


def test_the_letter_says_that_it_can_be_answered(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, desk, time)
        letter = ask_owner(session, desk, case, answer, at=desk.now())
        assert letter is not None
        assert ask_owner(session, desk, case, answer, at=desk.now()) is None
    assert "- yes = it is so" in letter.body


def silent_after(desk: Desk, days: int) -> Desk:
    team = Team(address="team@anytown.example", accept_sent_after=days)
    return replace(desk, settings=desk.settings.model_copy(update={"team": team}))


def test_silence_is_no_answer_unless_the_settings_say_so(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, desk, time)
        checked(session, desk, answer)
        time.pass_by(days=30)
        assert accept_silent(session, desk, today=desk.today(), at=desk.now()) == 0
    assert case.stage != "closed"


def test_a_review_answered_by_hand_keeps_no_other_answer_from_counting(desk: Desk, time: Time) -> None:
    desk = silent_after(desk, 2)
    with transaction(desk.engine) as session:
        priya = an_officer(session, "Priya Nair", "supervisor")
        case, answer, _ = asked(session, desk, time, sender=Address("Sam Okoro", "sam@anytown.example"))
        by = f"officer:{priya.id}"
        accept_answer(session, desk, case, answer.message_id, at=desk.now(), by=by)
        complaint = a_message(message_id="<review@example.com>", subject=f"Re: {case.reference}")
        review = follow_closed(session, desk, arrive(session, desk, complaint), "IR", at=desk.now(), by=by)
        assign(session, desk, review, an_officer(session, "Morgan Reid").id, at=desk.now(), by=by)
        now: dict[str, object] = {"sent_at": desk.now()}
        send(session, desk, a_sent_mail("<review@example.com>", message_id="<r1@outlook.example>", **now), desk.now())
        oscar = Address("Oscar Penn", "oscar@example.org")
        bins = a_message(message_id="<bins@example.org>", sender=oscar, subject="Bins")
        second = open_a_case(session, desk, bins)
        assign(session, desk, second, priya.id, at=desk.now(), by=by)
        time.pass_by(hours=1)
        now = {"sent_at": desk.now(), "subject": "Re: Bins", "to": (oscar,)}
        answered = a_sent_mail("<bins@example.org>", message_id="<r2@outlook.example>", **now)
        send(session, desk, answered, desk.now())
        for one, _, _ in asked_answers(session):
            checked(session, desk, one)
    time.pass_by(days=20)
    with transaction(desk.engine) as session:
        assert accept_silent(session, desk, today=desk.today(), at=desk.now()) == 1
        assert [case.reference for _, _, case in asked_answers(session)] == [review.reference]


def test_after_the_configured_silence_a_plain_answer_counts(desk: Desk, time: Time) -> None:
    quick = silent_after(desk, 2)
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, quick, time)
        checked(session, quick, answer)  # told on Thursday 6 June
        assert not any(one.blocks for one in findings_of(answer))
        for day, done in ((7, 0), (10, 0), (11, 1)):  # Friday, Monday, and Tuesday when two working days are over
            today = date(2024, 6, day)
            assert accept_silent(session, quick, today=today, at=desk.now()) == done
        [closed] = [one for one in history(session, case.id) if one.kind is Kind.CLOSED]
    assert (closed.actor, closed.data["accepted"], case.answered_on) == ("desk", "silence", date(2024, 6, 4))


@pytest.mark.parametrize(
    "changes",
    [
        {"text": REFUSAL},  # the checker has something against it
        {"text": "Thank you. We will respond by 1 July."},
        {"text": "14 potholes were repaired."},  # nobody can tell the outcome
        {"sent_at": datetime(2024, 5, 1, tzinfo=UTC)},  # its writer dates it otherwise
    ],
)
def test_silence_never_accepts_what_is_not_plain(desk: Desk, time: Time, changes: dict[str, object]) -> None:
    quick = silent_after(desk, 1)
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, quick, time, **changes)
        checked(session, quick, answer)
        assert accept_silent(session, quick, today=date(2024, 7, 30), at=desk.now()) == 0
    assert case.stage != "closed"


def test_an_unsure_mail_is_filed_where_an_officer_says(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, sam = an_owned_case(session, desk)
        time.moment = datetime(2024, 6, 6, 9, 0, tzinfo=UTC)
        post = send(session, desk, a_sent_mail("<unknown@example.com>", subject="Your question"))
        assert (post.state, post.case_id) == (UNSURE, case.id)
        file_by_hand(session, desk, post, case, at=desk.now(), by=f"officer:{sam.id}")
        [(answer, message, _)] = asked_answers(session)
        with pytest.raises(NotSorted):
            set_aside(session, post, "no", at=desk.now(), by="officer:1")
    assert (post.state, message.direction, answer.sent_at) == (FILED, "out", TUE_JUN_4_2024)


def test_an_unsure_mail_is_set_aside(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_owned_case(session, desk)
        time.moment = datetime(2024, 6, 6, 9, 0, tzinfo=UTC)
        post = send(session, desk, a_sent_mail("<unknown@example.com>", subject="Your question"))
        set_aside(session, post, "private", at=desk.now(), by="officer:1")
    assert (post.state, post.case_id) == (DISMISSED, None)


def test_two_cases_in_one_thread_are_told_apart_or_asked_about(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, _ = an_owned_case(session, desk)
        other = open_a_case(
            session, desk, a_message(message_id="<other@example.com>", sender=Address("", "z@x.example"))
        )
        time.moment = datetime(2024, 6, 6, 9, 0, tzinfo=UTC)
        both = {"in_reply_to": (), "references": ("<asked@example.com>", "<other@example.com>")}
        assert send(session, desk, a_sent_mail("", **both)).case_id == case.id
        nobody = (Address("", "nobody@example.net"),)
        assert send(session, desk, a_sent_mail("", to=nobody, **both)).state == UNSURE
        wrong = a_sent_mail("<asked@example.com>", subject=f"Re: {other.reference}")
        assert send(session, desk, wrong).state == UNSURE
        strayed = a_sent_mail("<asked@example.com>", to=(Address("", "z@x.example"),))
        assert send(session, desk, strayed).state == UNSURE


def test_an_answer_to_a_letter_nobody_knows_is_noted_until_it_is_found(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, _ = an_owned_case(session, desk)
        time.pass_by(days=2)
        thanks = a_message(subject=f"Re: {case.reference}", in_reply_to=("<unseen@outlook.example>",))
        arrive(session, desk, thanks)
        assert count_unseen(session, TUE_JUN_4_2024) == 1
        time.pass_by(days=1)
        send(session, desk, a_sent_mail("<asked@example.com>", message_id="<unseen@outlook.example>"))
        assert count_unseen(session, TUE_JUN_4_2024) == 0
        assert len(session.exec(select(UnseenLetter)).all()) == 1


def test_a_lock_finds_only_what_is_on_the_very_case(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, _ = asked(session, desk, time)
        assert lock_answer(session, case.id, answer.message_id).message_id == answer.message_id
        assert session.exec(select(Message).where(col(Message.direction) == "out")).one().id == answer.message_id


def returned(
    session: Session, desk: Desk, answer: SentAnswer, outcome: str = "failed", *to: str, quoted: tuple[str, ...] = ()
) -> Post:
    """A delivery report on a mail sent by hand, and what that quoted."""
    sent = session.get_one(Message, answer.message_id)
    bounce = Bounce(outcome, to, (sent.message_id, *quoted))
    read = a_message(message_id=f"<report{outcome}@mx.example>", sender=Address("", ""), bounce=bounce)
    return arrive(session, desk, read)


@pytest.mark.parametrize("to", [HARRIET.address.upper(), "where-hers-leads@isp.example"])
def test_an_answer_that_comes_back_has_answered_nothing_and_is_asked_about_anew(
    desk: Desk, time: Time, to: str
) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        checked(session, desk, answer)
        accept_answer(session, desk, case, answer.message_id, outcome=Outcome.GRANTED, at=desk.now(), by=by)
        post = returned(session, desk, answer, "failed", to)
        assert (post.state, post.case_id) == (FILED, case.id)
        assert (case.stage != Stage.CLOSED, case.answered_on, case.outcome) == (True, None, "")
        assert [one.message_id for one, _, _ in asked_answers(session)] == [answer.message_id]
        letters = [one for one in letters_of_case(session, case.id) if one.kind == "answered"]
        assert "Look twice: it came back as undeliverable." in letters[-1].body
        assert accept_silent(session, silent_after(desk, 1), today=date(2024, 7, 1), at=desk.now()) == 0
        returned(session, desk, answer, "failed")
        assert len([one for one in letters_of_case(session, case.id) if one.kind == "answered"]) == len(letters)


@pytest.mark.parametrize("threaded", [True, False])
def test_an_answer_that_another_requester_has_read_too_is_doubted(desk: Desk, time: Time, threaded: bool) -> None:
    with transaction(desk.engine) as session:
        other = Address("Oscar Penn", "oscar@example.org")
        open_a_case(session, desk, a_message(message_id="<other@example.org>", sender=other, subject="Bins"))
        case, _ = an_owned_case(session, desk)
        time.moment = datetime(2024, 6, 6, 9, 0, tzinfo=UTC)
        mail = a_sent_mail("<asked@example.com>" if threaded else "<x@y.example>", to=(HARRIET, other))
        send(session, desk, replace(mail, subject=f"Re: {case.reference}"))
        [(answer, _, _)] = asked_answers(session)
    assert (answer.case_id, answer.doubts) == (case.id, "it also went to somebody else who has asked for something")


def test_an_answer_that_reached_nobody_at_all_has_answered_nothing_wherever_it_went(desk: Desk, time: Time) -> None:
    mistyped = Address("", "harriet.bell@exampel.com")
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time, to=(mistyped,))
        accept_answer(session, desk, case, answer.message_id, outcome=Outcome.GRANTED, at=desk.now(), by=by)
        assert case.stage == Stage.CLOSED
        returned(session, desk, answer, "failed", mistyped.address)
        assert (case.stage != Stage.CLOSED, case.answered_on) == (True, None)


def test_a_report_is_on_the_mail_it_names_first_and_not_on_a_letter_which_that_quotes(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        accept_answer(session, desk, case, answer.message_id, outcome=Outcome.GRANTED, at=desk.now(), by=by)
        [acknowledgement, *_] = letters_of_case(session, case.id)
        assert is_ours(desk.secret, acknowledgement.message_id)
        returned(session, desk, answer, quoted=(acknowledgement.message_id,))
        assert (case.stage != Stage.CLOSED, acknowledgement.bounced_at) == (True, None)


def test_a_question_that_comes_back_has_not_stopped_the_clock(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case, answer, by = asked(session, desk, time)
        due = case.due_on
        decline_answer(session, desk, case, answer.message_id, NotTheAnswer.QUESTION, at=desk.now(), by=by)
        assert case.due_on is None
        returned(session, desk, answer)
        assert case.due_on == due


@pytest.mark.parametrize(("outcome", "to"), [("delayed", ()), ("failed", ("copy@anytown.example",))])
def test_a_report_that_is_not_of_the_requester_or_not_final_changes_nothing(
    desk: Desk, time: Time, outcome: str, to: tuple[str, ...]
) -> None:
    with transaction(desk.engine) as session:
        copied = (HARRIET, Address("", "copy@anytown.example"))
        case, answer, by = asked(session, desk, time, to=copied)
        accept_answer(session, desk, case, answer.message_id, outcome=Outcome.GRANTED, at=desk.now(), by=by)
        post = returned(session, desk, answer, outcome, *to)
        assert (post.case_id, case.stage, answer.state) == (case.id, Stage.CLOSED, "accepted")

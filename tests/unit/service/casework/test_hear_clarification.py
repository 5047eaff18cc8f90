"""The requester's answer to our question restarts the clock by itself; nobody else's mail does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish, strike_out
from service.casework.sort_post import file_post
from service.desk import Desk
from service.domain.clock import State
from service.domain.kind import Kind
from service.domain.message import Address, Unreadable
from service.store.cases import case_by_id, history
from service.store.database import reading, transaction
from service.store.tables import Case
from tests.builders import HARRIET, a_message, arrive, open_a_case
from tests.conftest import Time

THU_JUN_6 = datetime(2024, 6, 6, 15, 0, tzinfo=UTC)


@pytest.fixture
def waiting(desk: Desk, time: Time) -> Case:
    """A case that was asked a question on the day it came, three days ago."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        establish(
            session, desk, case, ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today()), at=desk.now(), by="officer:1"
        )
    time.moment = THU_JUN_6
    return case


def answer(session: Session, desk: Desk, case: Case, received_at: datetime, **changes: object) -> None:
    arrive(session, desk, a_message(subject=f"Re: {case.reference}", **changes), received_at=received_at)


def the_case(desk: Desk, case: Case) -> Case:
    with reading(desk.engine) as session:
        return case_by_id(session, case.id)


def test_the_requesters_own_mail_restarts_the_clock_on_the_day_it_arrived(
    desk: Desk, time: Time, waiting: Case
) -> None:
    time.pass_by(days=4)  # the desk was down: the mail is read on Monday the tenth
    with transaction(desk.engine) as session:
        answer(session, desk, waiting, THU_JUN_6)
    case = the_case(desk, waiting)
    assert (case.clock_state, case.due_on) == (State.RUNNING, date(2024, 7, 4))
    with reading(desk.engine) as session:
        heard = history(session, case.id)[-1]
    assert (heard.kind, heard.actor, heard.on) == (Kind.CLARIFIED, "requester", date(2024, 6, 6))


def test_a_second_mail_of_theirs_changes_nothing_more(desk: Desk, waiting: Case) -> None:
    with transaction(desk.engine) as session:
        answer(session, desk, waiting, THU_JUN_6)
        answer(session, desk, waiting, THU_JUN_6)
        kinds = [event.kind for event in history(session, waiting.id)]
    assert kinds.count(Kind.CLARIFIED) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": Address("Someone Else", "someone@elsewhere.example")},
        {"sender": HARRIET, "automatic": ("Auto-Submitted: auto-replied",)},
    ],
)
def test_the_mail_of_another_or_a_robot_leaves_the_clock_stopped(
    desk: Desk, waiting: Case, changes: dict[str, object]
) -> None:
    with transaction(desk.engine) as session:
        answer(session, desk, waiting, THU_JUN_6, **changes)
    assert the_case(desk, waiting).clock_state == State.AWAITING_CLARIFICATION


def test_a_mail_that_was_on_its_way_before_we_asked_answers_nothing(desk: Desk, waiting: Case) -> None:
    with transaction(desk.engine) as session:
        answer(session, desk, waiting, waiting.received_at - timedelta(days=1))
    assert the_case(desk, waiting).clock_state == State.AWAITING_CLARIFICATION


def test_an_answer_of_the_day_on_which_we_asked_is_heard_though_the_question_was_recorded_later(
    desk: Desk, time: Time
) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        time.pass_by(days=1)
        asked = ClockFact(Kind.CLARIFICATION_SOUGHT, date(2024, 6, 3))  # kept as noon of that day
        establish(session, desk, case, asked, at=desk.now(), by="officer:1")
        answer(session, desk, case, datetime(2024, 6, 3, 9, 30, tzinfo=UTC))
        assert (case.clock_state, case.due_on) == ("running", date(2024, 7, 1))


def test_the_same_mail_delivered_again_answers_no_later_question(desk: Desk, time: Time, waiting: Case) -> None:
    mail = a_message(subject=f"Re: {waiting.reference}")
    with transaction(desk.engine) as session:
        arrive(session, desk, mail, received_at=THU_JUN_6)
        case = session.get_one(Case, waiting.id)
        time.pass_by(days=1)
        again = ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today())
        establish(session, desk, case, again, at=desk.now(), by="officer:1")
        assert arrive(session, desk, mail).state == "duplicate"
    assert the_case(desk, waiting).clock_state == State.AWAITING_CLARIFICATION


def test_a_mail_older_than_the_second_question_answers_only_the_first(desk: Desk, time: Time, waiting: Case) -> None:
    with transaction(desk.engine) as session:
        answer(session, desk, waiting, THU_JUN_6)
        case = session.get_one(Case, waiting.id)
        time.pass_by(days=1)
        again = ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today())
        establish(session, desk, case, again, at=desk.now(), by="officer:1")
        answer(session, desk, waiting, THU_JUN_6)
        assert case.stopped_on == date(2024, 6, 7)


def test_a_question_that_was_struck_out_hides_no_answer_to_the_one_that_stands(
    desk: Desk, time: Time, waiting: Case
) -> None:
    with transaction(desk.engine) as session:
        case = session.get_one(Case, waiting.id)
        strike_out(session, desk, case, _last(session, case), "A wrong day", at=desk.now(), by="officer:1")
        second = ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today())
        establish(session, desk, case, second, at=desk.now(), by="officer:1")
        strike_out(session, desk, case, _last(session, case), "The wrong day too", at=desk.now(), by="officer:1")
        true = ClockFact(Kind.CLARIFICATION_SOUGHT, date(2024, 6, 4))
        establish(session, desk, case, true, at=desk.now(), by="officer:1")
        answer(session, desk, case, datetime(2024, 6, 5, 9, tzinfo=UTC))
        assert (case.clock_state, case.due_on) == (State.RUNNING, date(2024, 7, 3))


def _last(session: Session, case: Case) -> int:
    return history(session, case.id)[-1].seq


def test_an_answer_that_a_person_has_to_file_restarts_the_clock_on_the_day_it_arrived(
    desk: Desk, time: Time, waiting: Case
) -> None:
    with transaction(desk.engine) as session:
        post = arrive(session, desk, Unreadable("A damaged mail", sender=HARRIET), received_at=THU_JUN_6)
        time.pass_by(days=5)
        case = session.get_one(Case, waiting.id)
        file_post(session, desk, post, case, at=desk.now(), by="officer:1")
        assert (case.clock_state, case.due_on) == (State.RUNNING, date(2024, 7, 4))


def test_what_officers_did_before_the_mail_was_read_does_not_hide_it(desk: Desk, time: Time, waiting: Case) -> None:
    time.pass_by(days=4)
    with transaction(desk.engine) as session:
        case = session.get_one(Case, waiting.id)
        corrected = {"regime": "EIR", "matter": "request", "reason": "About drains"}
        found = ClockFact(Kind.REGIME_CHANGED, desk.today(), corrected)
        establish(session, desk, case, found, at=desk.now(), by="officer:1")
        answer(session, desk, waiting, THU_JUN_6)
        assert (case.regime, case.clock_state, case.due_on) == ("EIR", State.RUNNING, date(2024, 7, 4))


def test_a_mail_on_a_running_case_restarts_nothing(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        time.moment = THU_JUN_6
        answer(session, desk, case, THU_JUN_6)
        assert case.due_on == date(2024, 7, 1)

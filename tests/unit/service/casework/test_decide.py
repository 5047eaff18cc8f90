"""The questions of a request, and what becomes of each."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.decide import (
    DecisionInconsistent,
    NoQuestions,
    NoSuchQuestion,
    Part,
    decide,
    proposed_questions,
    question_at,
    set_questions,
)
from service.desk import Desk
from service.domain.exemptions import NoSuchProvision
from service.domain.kind import Kind
from service.domain.question import Decision, Ground, Holding
from service.domain.regime import Matter, Regime
from service.domain.stage import NotAllowedNow
from service.store.cases import history
from service.store.database import transaction
from service.store.questions import questions_of
from service.store.tables import Case
from tests.builders import a_message, an_officer, open_a_case

SAM = "officer:1"
TWO_PARTS = """Dear team,

Please tell me:
1. How many lamp posts were replaced in 2023?
2. What did each cost?

Yours, Harriet"""
GIVEN = (Part(1, "1.", "How many lamp posts were replaced in 2023?"), Part(2, "2.", "What did each cost?"))
COMMERCIAL = Ground("43(2)", "The firm is bidding again", "Spending", "The tender", "It lies in withholding")


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        yield session


@pytest.fixture
def case(session: Session, desk: Desk) -> Case:
    case = open_a_case(session, desk, a_message(text=TWO_PARTS))
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    return case


def put(session: Session, desk: Desk, case: Case, *parts: Part) -> None:
    set_questions(session, desk, case, parts, at=desk.now(), by=SAM)


def say(session: Session, desk: Desk, case: Case, position: int, decision: Decision | None, *grounds: Ground) -> None:
    decided = replace(question_at(session, case, position), decision=decision, grounds=grounds)
    decide(session, desk, case, decided, at=desk.now(), by=SAM)


def test_the_parts_of_the_request_are_proposed_until_an_officer_sets_them(
    session: Session, desk: Desk, case: Case
) -> None:
    assert [(question.label, question.text) for question in proposed_questions(session, case)] == [
        ("1.", "How many lamp posts were replaced in 2023?"),
        ("2.", "What did each cost?"),
    ]
    assert questions_of(session, case.id) == ()
    put(session, desk, case, Part(0, "", "All of it"))
    assert [question.text for question in proposed_questions(session, case)] == ["All of it"]


def test_questions_keep_their_decisions_when_they_are_put_in_another_order(
    session: Session, desk: Desk, case: Case
) -> None:
    put(session, desk, case, *GIVEN)
    say(session, desk, case, 2, Decision.WITHHOLD, COMMERCIAL)
    put(session, desk, case, GIVEN[1], Part(0, "", "And who did the work?"))
    first, second = questions_of(session, case.id)
    assert (first.position, first.text, first.decision) == (1, "What did each cost?", Decision.WITHHOLD)
    assert first.grounds == (COMMERCIAL,)
    assert (second.text, second.decision) == ("And who did the work?", None)


def test_setting_the_same_questions_again_is_not_an_act(session: Session, desk: Desk, case: Case) -> None:
    put(session, desk, case, *GIVEN)
    put(session, desk, case, *GIVEN)
    assert [event.kind for event in history(session, case.id)].count(Kind.QUESTIONS_SET) == 1


def test_a_response_answers_at_least_one_question(session: Session, desk: Desk, case: Case) -> None:
    with pytest.raises(NoQuestions):
        put(session, desk, case)


def test_a_decision_says_whether_the_information_is_held(session: Session, desk: Desk, case: Case) -> None:
    put(session, desk, case, *GIVEN)
    say(session, desk, case, 1, Decision.DISCLOSE)
    say(session, desk, case, 2, Decision.NOT_HELD)
    assert [question.holding for question in questions_of(session, case.id)] == [Holding.HELD, Holding.NOT_HELD]
    say(session, desk, case, 1, Decision.NEITHER, Ground("31(3)"))
    assert question_at(session, case, 1).holding is Holding.NOT_STATED


def test_nobody_says_whether_it_is_held_where_the_request_does_not_tell_what_is_wanted(
    session: Session, desk: Desk, case: Case
) -> None:
    told = {"regime": Regime.EIR.value, "matter": Matter.REQUEST.value, "reason": "A street is land"}
    establish(session, desk, case, ClockFact(Kind.REGIME_CHANGED, desk.today(), told), at=desk.now(), by=SAM)
    put(session, desk, case, *GIVEN)
    say(session, desk, case, 1, Decision.WITHHOLD, Ground("12(4)(c)"))
    say(session, desk, case, 2, Decision.WITHHOLD, Ground("12(4)(e)"))
    assert [question.holding for question in questions_of(session, case.id)] == [Holding.NOT_STATED, Holding.HELD]


def test_every_decision_is_on_the_record_with_its_limbs(session: Session, desk: Desk, case: Case) -> None:
    put(session, desk, case, *GIVEN)
    say(session, desk, case, 2, Decision.WITHHOLD, COMMERCIAL)
    event = history(session, case.id)[-1]
    assert (event.kind, event.actor) == (Kind.DECIDED, SAM)
    assert dict(event.data) == {"question": "2", "decision": "withhold", "limbs": "43(2)"}


@pytest.mark.parametrize(
    ("decision", "limbs"),
    [
        (Decision.NEITHER, ["31(1)(a)"]),
        (Decision.WITHHOLD, ["31(3)"]),
        (Decision.PARTLY, ["31(3)"]),
        (Decision.DISCLOSE, ["43(2)"]),
        (Decision.NOT_HELD, ["43(2)"]),
        (Decision.WITHHOLD, ["43(2)", "43(2)"]),
        (None, []),
    ],
)
def test_limbs_that_cannot_carry_the_decision_are_refused(
    session: Session, desk: Desk, case: Case, decision: Decision | None, limbs: list[str]
) -> None:
    put(session, desk, case, *GIVEN)
    with pytest.raises(DecisionInconsistent):
        say(session, desk, case, 1, decision, *map(Ground, limbs))
    assert question_at(session, case, 1).decision is None


def test_who_protects_where_nothing_is_confirmed_is_told_the_limb_that_lifts_the_duty(
    session: Session, desk: Desk, case: Case
) -> None:
    put(session, desk, case, *GIVEN)
    with pytest.raises(DecisionInconsistent, match=r"name 31\(3\)\."):
        say(session, desk, case, 1, Decision.NEITHER, Ground("31(1)(a)"))


def test_a_limb_of_another_law_and_a_question_that_is_not_there_are_refused(
    session: Session, desk: Desk, case: Case
) -> None:
    put(session, desk, case, *GIVEN)
    with pytest.raises(NoSuchProvision):
        say(session, desk, case, 1, Decision.WITHHOLD, Ground("12(5)(e)"))
    with pytest.raises(NoSuchQuestion):
        question_at(session, case, 3)


def test_a_case_that_nobody_has_been_given_is_not_decided(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    with pytest.raises(NotAllowedNow):
        put(session, desk, case, *GIVEN)

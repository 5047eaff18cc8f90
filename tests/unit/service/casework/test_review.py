"""Internal reviews: somebody else decides afresh on the same questions, and says whether the first decision stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from service.casework.accept import accept
from service.casework.assign import assign
from service.casework.clear import submit
from service.casework.close import OutcomeUnfit, close
from service.casework.compose_letter import compose_response
from service.casework.decide import Part, decide, proposed_questions, question_at, set_questions
from service.casework.draft import write_draft
from service.casework.respond import decided_outcome, send_response
from service.casework.review import (
    FindingMissing,
    FindingUnexplained,
    NotAReview,
    NothingToReview,
    NotIndependent,
    ReviewDayImpossible,
    ReviewUnderWay,
    asked_late,
    find,
    finding,
    not_independent,
    open_review,
    waive_independence,
)
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground, Question
from service.domain.regime import Matter
from service.domain.stage import Stage
from service.store.cases import history
from service.store.correspondence import SENT, letters_of_case
from service.store.database import transaction
from service.store.questions import questions_of
from service.store.tables import Case
from tests.builders import an_officer, open_a_case
from tests.conftest import Time

SAM, PRIYA, JO = "officer:1", "officer:2", "officer:3"
PRICES = Ground(
    "43(2)",
    "The contract is to be let again in autumn, and bidders would bid close to today's price.",
    "Openness about public money.",
    "A council that cannot have bids compete pays more.",
    "The total that was spent is published, so keeping the prices back is the weightier interest.",
)
DECISIONS = (
    (Decision.DISCLOSE, "We cut 212 trees.", ()),
    (Decision.WITHHOLD, "", (PRICES,)),
)


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Nair", "supervisor")
        an_officer(session, "Jo Lind", "officer")
        yield session


@pytest.fixture
def answered(session: Session, desk: Desk) -> Case:
    """Sam decided and drafted, Priya cleared, and the letter is sent."""
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    parts = [Part(0, "1/", "How many trees were cut?"), Part(0, "2/", "What does the contract charge for each?")]
    set_questions(session, desk, case, parts, at=desk.now(), by=SAM)
    for position, (decision, answer, grounds) in enumerate(DECISIONS, 1):
        decided_now(session, desk, case, position, decision, answer, grounds, SAM)
    made = compose_response(session, desk, case, questions_of(session, case.id), "Sam Okoro", today=desk.today())
    write_draft(session, desk, case, made.kind, made.words, composed=True, at=desk.now(), by=SAM)
    submit(session, desk, case, [], at=desk.now(), by=SAM)
    letter = send_response(session, desk, case, at=desk.now(), by=SAM)
    settle_letter(session, desk, letter, SENT, at=desk.now())
    assert case.stage == Stage.CLOSED
    return case


def decided_now(
    session: Session,
    desk: Desk,
    case: Case,
    position: int,
    decision: Decision,
    answer: str,
    grounds: tuple[Ground, ...],
    by: str,
) -> None:
    question = question_at(session, case, position)
    decided = replace(question, decision=decision, answer=answer, grounds=grounds)
    decide(session, desk, case, decided, at=desk.now(), by=by)


@pytest.fixture
def review(session: Session, desk: Desk, answered: Case, time: Time) -> Case:
    time.pass_by(days=7)
    return open_review(session, desk, answered, "Rang: too little.", asked_at=desk.now(), at=desk.now(), by=PRIYA)


def taken_by_jo(session: Session, desk: Desk, review: Case) -> tuple[Question, ...]:
    assign(session, desk, review, 3, at=desk.now(), by=JO)
    asked = proposed_questions(session, review)
    parts = [Part(0, question.label, question.text) for question in asked]
    return set_questions(session, desk, review, parts, at=desk.now(), by=JO)


def test_a_review_asked_for_by_telephone_has_its_own_clock_and_each_case_names_the_other(
    session: Session, desk: Desk, answered: Case, review: Case
) -> None:
    assert (review.matter, review.kind, review.original_id) == (Matter.REVIEW, "IR", answered.id)
    assert review.received_on == desk.today()
    assert review.due_on is not None
    assert letters_of_case(session, review.id) == []
    kinds = [event.kind for event in history(session, review.id)]
    assert kinds == [Kind.RECEIVED, Kind.NOT_ACKNOWLEDGED, Kind.NOTED]
    assert history(session, answered.id)[-1].data == {"case": review.reference, "kind": "IR"}


def test_one_review_at_a_time_and_none_before_the_answer(
    session: Session, desk: Desk, answered: Case, review: Case
) -> None:
    with pytest.raises(ReviewUnderWay, match=review.reference):
        open_review(session, desk, answered, "Again", asked_at=desk.now(), at=desk.now(), by=PRIYA)
    with pytest.raises(NothingToReview):
        open_review(session, desk, open_a_case(session, desk), "x", asked_at=desk.now(), at=desk.now(), by=PRIYA)


def test_a_review_is_not_asked_for_before_the_answer_or_tomorrow(
    session: Session, desk: Desk, answered: Case, time: Time
) -> None:
    time.pass_by(days=3)
    before, tomorrow = datetime(2024, 5, 1, 9, tzinfo=UTC), desk.now().replace(day=desk.now().day + 1)
    for asked_at in (before, tomorrow):
        with pytest.raises(ReviewDayImpossible):
            open_review(session, desk, answered, "x", asked_at=asked_at, at=desk.now(), by=PRIYA)


def test_a_review_of_what_was_never_answered_is_not_asked_for_tomorrow(session: Session, desk: Desk) -> None:
    case = open_a_case(session, desk)
    close(session, desk, case, Outcome.WITHDRAWN, answered_on=desk.today(), at=desk.now(), by=PRIYA)
    later = desk.now() + timedelta(days=730)
    with pytest.raises(ReviewDayImpossible):
        open_review(session, desk, case, "x", asked_at=later, at=desk.now(), by=PRIYA)


def test_a_review_asked_for_after_forty_working_days_is_late(
    session: Session, desk: Desk, answered: Case, time: Time
) -> None:
    assert not asked_late(desk, answered, desk.now())
    time.pass_by(days=70)
    assert asked_late(desk, answered, desk.now())


def test_whoever_took_part_in_the_answer_cannot_review_it(session: Session, desk: Desk, review: Case) -> None:
    assert not_independent(session, review) == {1: "decided on"}
    with pytest.raises(NotIndependent, match=r"Sam Okoro decided on 01\.FOI\.24\.000001"):
        assign(session, desk, review, 1, at=desk.now(), by=PRIYA)
    taken_by_jo(session, desk, review)
    with pytest.raises(NotIndependent):
        set_questions(session, desk, review, [Part(0, "", "x")], at=desk.now(), by=SAM)
    with pytest.raises(NotIndependent):
        decided_now(session, desk, review, 1, Decision.DISCLOSE, "x", (), SAM)
    with pytest.raises(NotIndependent):
        find(session, desk, review, Outcome.UPHELD, "because", at=desk.now(), by=SAM)
    with pytest.raises(NotIndependent):
        close(session, desk, review, Outcome.UPHELD, answered_on=desk.today(), at=desk.now(), by=SAM)


def test_where_there_is_nobody_else_a_supervisor_records_why(session: Session, desk: Desk, review: Case) -> None:
    with pytest.raises(FindingUnexplained):
        waive_independence(session, desk, review, "", at=desk.now(), by=PRIYA)
    waive_independence(session, desk, review, "A parish of one clerk", at=desk.now(), by=PRIYA)
    assign(session, desk, review, 1, at=desk.now(), by=PRIYA)
    accept(session, desk, review, at=desk.now(), by=SAM)
    assert review.stage == Stage.DRAFTING


def test_a_case_that_reviews_nothing_has_no_finding(session: Session, desk: Desk, answered: Case) -> None:
    other = open_a_case(session, desk)
    assert finding(session, other) is None
    with pytest.raises(NotAReview):
        waive_independence(session, desk, other, "x", at=desk.now(), by=PRIYA)
    with pytest.raises(OutcomeUnfit):
        close(session, desk, other, Outcome.UPHELD, answered_on=desk.today(), at=desk.now(), by=SAM)


def test_the_same_questions_are_decided_afresh(session: Session, desk: Desk, answered: Case, review: Case) -> None:
    kept = taken_by_jo(session, desk, review)
    first = questions_of(session, answered.id)
    assert [question.text for question in kept] == [question.text for question in first]
    assert {question.decision for question in kept} == {None}


@pytest.mark.parametrize(
    ("second", "found", "said"),
    [
        (DECISIONS, Outcome.UPHELD, "We uphold our first decision."),
        (
            (DECISIONS[0], (Decision.DISCLOSE, "Each costs 90 pounds.", ())),
            Outcome.PARTLY_UPHELD,
            "We uphold our first decision in part. We change it for question 2.",
        ),
        (
            ((Decision.NOT_HELD, "", ()), (Decision.DISCLOSE, "Each costs 90 pounds.", ())),
            Outcome.OVERTURNED,
            "We do not uphold our first decision.",
        ),
    ],
    ids=["upheld", "in part", "overturned"],
)
def test_the_decisions_say_whether_the_first_stands(
    session: Session,
    desk: Desk,
    review: Case,
    second: tuple[tuple[Decision, str, tuple[Ground, ...]], ...],
    found: Outcome,
    said: str,
) -> None:
    taken_by_jo(session, desk, review)
    for position, (decision, answer, grounds) in enumerate(second, 1):
        decided_now(session, desk, review, position, decision, answer, grounds, JO)
    assert decided_outcome(session, review) is found
    questions = questions_of(session, review.id)
    made = compose_response(session, desk, review, questions, "Jo Lind", today=desk.today())
    assert (made.kind, said in " ".join(made.words.body.split())) == ("review-outcome", True)
    write_draft(session, desk, review, made.kind, made.words, composed=True, at=desk.now(), by=JO)
    submit(session, desk, review, [2], at=desk.now(), by=JO)


def test_the_reviewer_can_say_otherwise_with_a_reason(session: Session, desk: Desk, review: Case) -> None:
    taken_by_jo(session, desk, review)
    for position, (decision, answer, grounds) in enumerate(DECISIONS, 1):
        decided_now(session, desk, review, position, decision, answer, grounds, JO)
    with pytest.raises(FindingUnexplained):
        find(session, desk, review, Outcome.PARTLY_UPHELD, "", at=desk.now(), by=JO)
    find(session, desk, review, Outcome.PARTLY_UPHELD, "The answer came late", at=desk.now(), by=JO)
    assert decided_outcome(session, review) is Outcome.PARTLY_UPHELD
    questions = questions_of(session, review.id)
    body = compose_response(session, desk, review, questions, "Jo Lind", today=desk.today()).words.body
    assert "We uphold our first decision in part." in body


def test_what_was_answered_without_questions_needs_the_reviewers_word(session: Session, desk: Desk, time: Time) -> None:
    case = open_a_case(session, desk)
    close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by=SAM)
    review = open_review(session, desk, case, "x", asked_at=desk.now(), at=desk.now(), by=PRIYA)
    assign(session, desk, review, 3, at=desk.now(), by=JO)
    set_questions(session, desk, review, [Part(0, "", "How many trees?")], at=desk.now(), by=JO)
    decided_now(session, desk, review, 1, Decision.DISCLOSE, "212", (), JO)
    with pytest.raises(FindingMissing):
        decided_outcome(session, review)
    find(session, desk, review, Outcome.OVERTURNED, "More is held", at=desk.now(), by=JO)
    assert decided_outcome(session, review) is Outcome.OVERTURNED

"""A complaint to the regulator: a case of its own, due on the day that the regulator's letter names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish, possible
from service.casework.close import OutcomeUnfit, close
from service.casework.complaint import (
    Complaint,
    ComplaintUnderWay,
    LetterDayImpossible,
    NothingComplainedOf,
    Ruling,
    conclude_complaint,
    open_complaint,
)
from service.casework.decide import NotForTheRegulator, Part, set_questions
from service.casework.explain_case import explain_case
from service.casework.review import NothingToReview, open_review
from service.desk import Desk
from service.domain.history import replay
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.regime import Matter
from service.errors import ClockError
from service.store.cases import history
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from service.store.tables import Case
from tests.builders import an_officer, open_a_case

SAM = "officer:1"
MON_JUN_3, TUE_JUN_18, SUN_JUN_23, FRI_JUL_5 = (
    date(2024, 6, 3),
    date(2024, 6, 18),
    date(2024, 6, 23),
    date(2024, 7, 5),
)
TOLD = Complaint("IC-300123-X1Y2", "A. Case Officer", "casework@regulator.example", MON_JUN_3, TUE_JUN_18, "Delay")


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        yield session


def opened(session: Session, desk: Desk, told: Complaint = TOLD) -> tuple[Case, Case]:
    original = open_a_case(session, desk)
    return original, open_complaint(session, desk, original, told, at=desk.now(), by=SAM)


def test_it_is_due_on_the_day_that_the_letter_names(session: Session, desk: Desk) -> None:
    original, case = opened(session, desk)
    assert (case.kind, case.matter, case.regime) == ("ICO", Matter.REGULATOR, "FOIA")
    assert (case.received_on, case.due_on, case.prudent_due_on) == (MON_JUN_3, TUE_JUN_18, TUE_JUN_18)
    assert case.requester_name == "A. Case Officer, Information Commissioner's Office"
    assert case.subject.startswith("IC-300123-X1Y2: ")
    assert letters_of_case(session, case.id) == []
    assert history(session, original.id)[-1].data == {"case": case.reference, "kind": "ICO"}
    assert original.due_on == date(2024, 7, 1)  # its own clock goes on


@pytest.mark.parametrize("day", [TUE_JUN_18, SUN_JUN_23], ids=["a working day", "a Sunday"])
def test_its_explanation_ends_on_that_day_whatever_day_it_is(session: Session, desk: Desk, day: date) -> None:
    _, case = opened(session, desk, replace(TOLD, answer_by=day))
    explained = explain_case(session, desk, case)
    assert explained.days[-1].on == day
    assert "the deadline (the regulator's letter)" in explained.days[-1].why
    assert "the day that was named" in explained.full_text()


def test_the_regulator_can_give_more_time_and_nothing_else_moves_it(session: Session, desk: Desk) -> None:
    _, case = opened(session, desk)
    clock = replay(history(session, case.id), desk.calendars).clock
    assert possible(clock)[0] is Kind.EXTENDED
    assert Kind.CLARIFICATION_SOUGHT not in possible(clock)
    with pytest.raises(ClockError, match="not to a complaint to the regulator"):
        establish(session, desk, case, ClockFact(Kind.CLARIFICATION_SOUGHT, MON_JUN_3, {}), at=desk.now(), by=SAM)
    told = {"until": FRI_JUL_5.isoformat(), "reason": "Their email of today"}
    establish(session, desk, case, ClockFact(Kind.EXTENDED, MON_JUN_3, told), at=desk.now(), by=SAM)
    assert case.due_on == FRI_JUL_5


def test_no_other_case_becomes_one_and_it_becomes_no_other(session: Session, desk: Desk) -> None:
    original, case = opened(session, desk)
    for one, matter in ((original, "regulator"), (case, "request")):
        told = {"regime": "FOIA", "matter": matter, "reason": "x"}
        with pytest.raises(ClockError, match="a case of its own"):
            establish(session, desk, one, ClockFact(Kind.REGIME_CHANGED, MON_JUN_3, told), at=desk.now(), by=SAM)


def test_the_day_for_the_answer_comes_after_the_letter(session: Session, desk: Desk) -> None:
    with pytest.raises(ClockError, match="look at both dates again"):
        opened(session, desk, replace(TOLD, answer_by=MON_JUN_3))


@pytest.mark.parametrize("day", [date(2024, 6, 2), date(2024, 6, 4)], ids=["before the request", "tomorrow"])
def test_the_letter_came_after_the_request_and_not_tomorrow(session: Session, desk: Desk, day: date) -> None:
    with pytest.raises(LetterDayImpossible):
        opened(session, desk, replace(TOLD, received_on=day))


def test_an_answer_has_one_complaint_at_a_time_and_a_complaint_has_none(session: Session, desk: Desk) -> None:
    original, case = opened(session, desk)
    with pytest.raises(ComplaintUnderWay, match=case.reference):
        open_complaint(session, desk, original, TOLD, at=desk.now(), by=SAM)
    with pytest.raises(NothingComplainedOf):
        open_complaint(session, desk, case, TOLD, at=desk.now(), by=SAM)
    conclude_complaint(session, desk, case, Outcome.RESOLVED, Ruling(), answered_on=MON_JUN_3, at=desk.now(), by=SAM)
    with pytest.raises(NothingToReview):
        open_review(session, desk, case, "x", asked_at=desk.now(), at=desk.now(), by=SAM)
    open_complaint(session, desk, original, TOLD, at=desk.now(), by=SAM)


def test_it_is_answered_by_letter_and_not_question_by_question(session: Session, desk: Desk) -> None:
    _, case = opened(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    with pytest.raises(NotForTheRegulator):
        set_questions(session, desk, case, [Part(0, "", "x")], at=desk.now(), by=SAM)


def test_what_the_regulator_decided_stands_on_both_cases(session: Session, desk: Desk) -> None:
    original, case = opened(session, desk)
    ruling = Ruling("FS50", "Disclose the contract.", FRI_JUL_5)
    with pytest.raises(OutcomeUnfit):
        close(session, desk, case, Outcome.GRANTED, answered_on=MON_JUN_3, at=desk.now(), by=SAM)
    conclude_complaint(
        session, desk, case, Outcome.COMPLAINT_UPHELD, ruling, answered_on=MON_JUN_3, at=desk.now(), by=SAM
    )
    assert (case.stage, case.outcome) == ("closed", "complaint upheld")
    told = {
        "found": "complaint upheld",
        "notice": "FS50",
        "steps": "Disclose the contract.",
        "comply_by": "2024-07-05",
    }
    for one in (case, original):
        assert told in [event.data for event in history(session, one.id)]
    assert original.stage == "new"

"""From decisions to a response that has been cleared and sent."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from service.casework.approver import approver_in_turn
from service.casework.assign import assign
from service.casework.clear import (
    ApproverUnfit,
    NotCleared,
    NotYourTurn,
    OpinionMissing,
    ReturnUnexplained,
    approve,
    recall,
    send_back,
    submit,
)
from service.casework.compose_letter import compose_response
from service.casework.decide import Part, decide, question_at, set_questions
from service.casework.draft import (
    NoDraft,
    NothingToOverride,
    OverrideUnexplained,
    check_draft,
    draft_in_hand,
    override,
    write_draft,
)
from service.casework.respond import UndecidedQuestions, send_response
from service.casework.settle_letter import settle_letter
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.question import Decision, Ground
from service.domain.stage import NotAllowedNow, Stage
from service.letters import Words
from service.store.cases import history
from service.store.correspondence import FAILED, SENT, letters_of_case
from service.store.database import transaction
from service.store.drafts import drafts_of
from service.store.questions import questions_of
from service.store.tables import Case, Draft
from tests.builders import an_officer, open_a_case
from tests.conftest import Time

SAM, PRIYA, JO = "officer:1", "officer:2", "officer:3"


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Priya Nair", "supervisor")
        an_officer(session, "Jo Lind", "supervisor")
        yield session


@pytest.fixture
def case(session: Session, desk: Desk) -> Case:
    """A case with one question, which is disclosed."""
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    set_questions(session, desk, case, [Part(0, "1.", "How many potholes were repaired?")], at=desk.now(), by=SAM)
    say(session, desk, case, Decision.DISCLOSE, answer="412 potholes were repaired in 2023.")
    return case


def say(session: Session, desk: Desk, case: Case, decision: Decision, *grounds: Ground, answer: str = "") -> None:
    decided = replace(question_at(session, case, 1), decision=decision, grounds=grounds, answer=answer)
    decide(session, desk, case, decided, at=desk.now(), by=SAM)


def composed(session: Session, desk: Desk, case: Case) -> Draft:
    made = compose_response(session, desk, case, questions_of(session, case.id), "Sam Okoro", today=desk.today())
    return write_draft(session, desk, case, made.kind, made.words, composed=True, at=desk.now(), by=SAM)


def typed(session: Session, desk: Desk, case: Case, body: str) -> Draft:
    words = Words(f"[{case.reference}] Response", body)
    return write_draft(session, desk, case, "response", words, composed=False, at=desk.now(), by=SAM)


COMMERCIAL = Ground("43(2)", "The firm is bidding again.", "How money is spent.", "A fair tender.", "It is withheld.")


def refused(session: Session, desk: Desk, case: Case, body: str) -> Draft:
    """A question withheld, and a letter that does not say so as the law wants it."""
    say(session, desk, case, Decision.WITHHOLD, COMMERCIAL)
    return typed(session, desk, case, body)


def ready(session: Session, desk: Desk, case: Case) -> Draft:
    draft = composed(session, desk, case)
    submit(session, desk, case, [], at=desk.now(), by=SAM)
    return draft


def test_versions_are_kept_and_the_same_words_make_none(session: Session, desk: Desk, case: Case) -> None:
    with pytest.raises(NoDraft):
        draft_in_hand(session, case)
    first = composed(session, desk, case)
    assert composed(session, desk, case).version == 1
    typed(session, desk, case, first.body + "\nPlease ring me.")
    assert [(draft.version, draft.composed) for draft in drafts_of(session, case.id)] == [(2, False), (1, True)]


def test_a_composed_disclosure_meets_every_rule(session: Session, desk: Desk, case: Case) -> None:
    checked = check_draft(session, desk, case, composed(session, desk, case), desk.today())
    assert not checked.blocking


def test_a_letter_that_the_checker_blocks_goes_nowhere_until_each_rule_is_overridden_with_a_reason(
    session: Session, desk: Desk, case: Case
) -> None:
    draft = refused(session, desk, case, "Dear Harriet,\n\nNo.\n")
    with pytest.raises(NotCleared):
        submit(session, desk, case, [], at=desk.now(), by=SAM)
    rules = {result.rule for result in check_draft(session, desk, case, draft, desk.today()).blocking}
    assert rules
    for rule in rules:
        with pytest.raises(OverrideUnexplained):
            override(session, desk, case, draft, rule, "", at=desk.now(), by=SAM)
        override(session, desk, case, draft, rule, "She asked for one word", at=desk.now(), by=SAM)
    submit(session, desk, case, [], at=desk.now(), by=SAM)
    assert case.stage == Stage.READY
    told = [event.data["rule"] for event in history(session, case.id) if event.kind is Kind.OVERRIDDEN]
    assert set(told) == rules


def test_an_override_holds_for_its_version_alone(session: Session, desk: Desk, case: Case) -> None:
    draft = refused(session, desk, case, "No.")
    for result in check_draft(session, desk, case, draft, desk.today()).blocking:
        override(session, desk, case, draft, result.rule, "So wished", at=desk.now(), by=SAM)
    typed(session, desk, case, "No, no.")
    with pytest.raises(NotCleared):
        submit(session, desk, case, [], at=desk.now(), by=SAM)


def test_what_the_checker_has_nothing_against_is_not_overridden(session: Session, desk: Desk, case: Case) -> None:
    draft = composed(session, desk, case)
    with pytest.raises(NothingToOverride):
        override(session, desk, case, draft, "R1", "To be safe", at=desk.now(), by=SAM)


def test_approvers_clear_in_their_order(session: Session, desk: Desk, case: Case) -> None:
    composed(session, desk, case)
    submit(session, desk, case, [2, 3], at=desk.now(), by=SAM)
    assert (case.stage, approver_in_turn(session, case)) == (Stage.CLEARANCE, 2)
    with pytest.raises(NotYourTurn):
        approve(session, desk, case, 3, at=desk.now())
    approve(session, desk, case, 2, at=desk.now())
    assert approver_in_turn(session, case) == 3
    approve(session, desk, case, 3, at=desk.now())
    assert (case.stage, approver_in_turn(session, case)) == (Stage.READY, None)
    told = [(letter.kind, letter.recipient_name) for letter in letters_of_case(session, case.id)[1:]]
    assert told == [
        ("clearance-request", "Priya Nair"),
        ("clearance-request", "Jo Lind"),
        ("cleared", "Sam Okoro"),
    ]


def test_who_drafted_it_does_not_clear_it_and_nobody_clears_it_twice(session: Session, desk: Desk, case: Case) -> None:
    composed(session, desk, case)
    for approvers in ([1], [2, 2]):
        with pytest.raises(ApproverUnfit):
            submit(session, desk, case, approvers, at=desk.now(), by=SAM)
    assert case.stage == Stage.DRAFTING


def test_an_approver_returns_it_with_a_reason_and_the_next_version_is_cleared_anew(
    session: Session, desk: Desk, case: Case
) -> None:
    composed(session, desk, case)
    submit(session, desk, case, [2, 3], at=desk.now(), by=SAM)
    approve(session, desk, case, 2, at=desk.now())
    with pytest.raises(ReturnUnexplained):
        send_back(session, desk, case, 3, "", at=desk.now())
    send_back(session, desk, case, 3, "Say which year", at=desk.now())
    assert case.stage == Stage.DRAFTING
    returned = letters_of_case(session, case.id)[-1]
    assert (returned.kind, returned.recipient_name) == ("returned", "Sam Okoro")
    assert "Jo Lind has returned version 1" in returned.body
    assert "> Say which year" in returned.body
    submit(session, desk, case, [2], at=desk.now(), by=SAM)
    assert approver_in_turn(session, case) == 2


def test_nobody_is_told_of_a_clearance_who_does_not_want_to_be(session: Session, desk: Desk, case: Case) -> None:
    settings = desk.settings
    quiet = settings.instructions.model_copy(update={"tell_owner": False, "tell_approver": False})
    served = replace(desk, settings=settings.model_copy(update={"instructions": quiet}))
    composed(session, served, case)
    submit(session, served, case, [2], at=desk.now(), by=SAM)
    approve(session, served, case, 2, at=desk.now())
    assert [letter.kind for letter in letters_of_case(session, case.id)] == ["acknowledgement"]


def test_a_draft_taken_back_is_not_cleared_and_not_sent(session: Session, desk: Desk, case: Case) -> None:
    composed(session, desk, case)
    submit(session, desk, case, [2], at=desk.now(), by=SAM)
    recall(session, desk, case, at=desk.now(), by=SAM)
    with pytest.raises(NotAllowedNow):
        approve(session, desk, case, 2, at=desk.now())
    with pytest.raises(NotAllowedNow):
        send_response(session, desk, case, at=desk.now(), by=SAM)


def test_a_limb_that_needs_a_qualified_person_is_not_cleared_without_the_opinion(
    session: Session, desk: Desk, case: Case
) -> None:
    bare = Ground("36(2)(c)", "It would", "Openness", "Candour", "It lies in withholding")
    say(session, desk, case, Decision.WITHHOLD, bare)
    composed(session, desk, case)
    with pytest.raises(OpinionMissing, match="Q1"):
        submit(session, desk, case, [2], at=desk.now(), by=SAM)


def test_the_case_closes_with_its_outcome_when_the_response_is_sent(
    session: Session, desk: Desk, case: Case, time: Time
) -> None:
    ready(session, desk, case)
    letter = send_response(session, desk, case, at=desk.now(), by=SAM)
    assert (case.stage, case.outcome) == (Stage.SENDING, "")
    with pytest.raises(NotAllowedNow):
        send_response(session, desk, case, at=desk.now(), by=SAM)
    time.pass_by(days=1)
    settle_letter(session, desk, letter, SENT, at=desk.now())
    assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.GRANTED)
    assert case.answered_on == desk.today()


def test_a_response_that_could_not_be_sent_can_be_sent_again(session: Session, desk: Desk, case: Case) -> None:
    ready(session, desk, case)
    letter = send_response(session, desk, case, at=desk.now(), by=SAM)
    settle_letter(session, desk, letter, FAILED, at=desk.now(), trouble="550 no such user")
    assert case.stage == Stage.READY
    again = send_response(session, desk, case, at=desk.now(), by=SAM)
    settle_letter(session, desk, again, SENT, at=desk.now())
    assert case.stage == Stage.CLOSED


def test_nothing_is_sent_while_a_question_is_undecided(session: Session, desk: Desk, case: Case) -> None:
    ready(session, desk, case)
    recall(session, desk, case, at=desk.now(), by=SAM)
    kept = Part(1, "1.", "How many potholes were repaired?")
    set_questions(session, desk, case, [kept, Part(0, "2.", "And where?")], at=desk.now(), by=SAM)
    typed(session, desk, case, draft_in_hand(session, case).body + "\n")
    with pytest.raises((UndecidedQuestions, NotCleared)):
        submit(session, desk, case, [], at=desk.now(), by=SAM)
        send_response(session, desk, case, at=desk.now(), by=SAM)

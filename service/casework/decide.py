"""The questions of a request, and the decision on each: what the response is composed from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from service.casework.record import record
from service.casework.review import original_of, require_independent
from service.desk import Desk
from service.domain.counted import closing_data
from service.domain.exemptions import Provision, law_of
from service.domain.kind import Kind
from service.domain.notice_law import notice_law
from service.domain.question import Decision, Holding, Question
from service.domain.question_parser import propose_questions
from service.domain.regime import Matter, Regime
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.correspondence import body_of, messages_of_case
from service.store.questions import keep_questions, questions_of
from service.store.tables import Case

# What a decision says of itself about whether the information is held (s.1(1)(a)).
_IMPLIED = {
    Decision.DISCLOSE: Holding.HELD,
    Decision.PARTLY: Holding.HELD,
    Decision.WITHHOLD: Holding.HELD,
    Decision.NOT_HELD: Holding.NOT_HELD,
    Decision.NEITHER: Holding.NOT_STATED,
}


class NoQuestions(DeskError):
    """A response answers at least one question: keep one, even when the request is a single sentence."""


class NoSuchQuestion(DeskError):
    """Case {reference} has no question {position}."""


class QuestionsChanged(DeskError):
    """The questions of {reference}, or what is decided on them, have been changed since you opened the page, so nothing
    was kept. Open them again and see how they stand."""


class NotForTheRegulator(DeskError):
    """The regulator's letter is answered in a letter of your own: write it from the case."""


class DecisionInconsistent(DeskError):
    """{why}"""


@dataclass(frozen=True, slots=True)
class Part:
    """A question as an officer wants it; `position` is where it stood before, 0 for a new one."""

    position: int
    label: str
    text: str


def as_put(questions: Sequence[Question]) -> str:
    """By which a page tells that questions are still put as it showed them, whatever is decided on them meanwhile."""
    return _mark([(question.position, question.label, question.text) for question in questions])


def as_decided(question: Question) -> str:
    """By which a page tells that a question and the decision on it still are what it showed."""
    return _mark(question)


def _mark(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()[:16]


def request_text(session: Session, case: Case) -> str:
    """The words of the mail the case began with; empty when none could be read."""
    first = next((message for message in messages_of_case(session, case.id) if message.direction == "in"), None)
    return body_of(session, first.id).text if first else ""


def proposed_questions(session: Session, case: Case) -> tuple[Question, ...]:
    """The case's questions or, while nobody has set any, those its request seems to ask.

    A review decides afresh on the questions of what it reviews.
    """
    kept = questions_of(session, case.id)
    if kept:
        return kept
    original = original_of(session, case)
    asked = questions_of(session, original.id) if original else ()
    afresh = tuple(Question(one.position, one.label, one.text, source=one.source) for one in asked)
    return afresh or propose_questions(request_text(session, case))


def set_questions(
    session: Session, desk: Desk, case: Case, parts: Sequence[Part], *, at: datetime, by: str, seen: str | None = None
) -> tuple[Question, ...]:
    """Keep the questions as an officer put them, with the decisions of those that stay.

    `seen` is how they were put when the officer looked. Raises NotAllowedNow, NotForTheRegulator, NotIndependent,
    NoQuestions or QuestionsChanged.
    """
    _require_decider(session, case, by)
    if not parts:
        raise NoQuestions
    held = {question.position: question for question in questions_of(session, case.id)}
    # A place names a question only in the list it was read from: in another, its text would get a stranger's decision.
    if seen not in (None, as_put([*held.values()])):
        if [(part.label, part.text) for part in parts] == [(one.label, one.text) for one in held.values()]:
            return tuple(held.values())  # a form sent twice
        raise QuestionsChanged(reference=case.reference)
    kept = tuple(_carried(held.get(part.position), position, part) for position, part in enumerate(parts, 1))
    if kept != tuple(held.values()):
        keep_questions(session, case.id, kept)
        record(session, desk, case, Kind.QUESTIONS_SET, at=at, by=by, count=len(kept))
    return kept


def _require_decider(session: Session, case: Case, by: str) -> None:
    require(case.stage, Act.DECIDE)
    if case.matter == Matter.REGULATOR:
        raise NotForTheRegulator
    require_independent(session, case, by)


def _carried(before: Question | None, position: int, part: Part) -> Question:
    if before is None:
        return Question(position, part.label, part.text)
    return replace(before, position=position, label=part.label, text=part.text)


def question_at(session: Session, case: Case, position: int) -> Question:
    """One of a case's questions; raises NoSuchQuestion."""
    for question in questions_of(session, case.id):
        if question.position == position:
            return question
    raise NoSuchQuestion(reference=case.reference, position=position)


def decided(session: Session, case: Case) -> dict[str, str]:
    """The decisions and limbs of a case's questions, as the event that closes it keeps them for the statistics."""
    questions = questions_of(session, case.id)
    return closing_data(
        [question.decision for question in questions if question.decision],
        [ground.citation for question in questions for ground in question.grounds],
    )


def decide(
    session: Session, desk: Desk, case: Case, decided: Question, *, at: datetime, by: str, seen: str | None = None
) -> Question:
    """Record the decision on one question; `seen` is how it was decided when the officer looked.

    Raises NotAllowedNow, NotForTheRegulator, NotIndependent, NoSuchQuestion, NoSuchProvision for a limb that the case's
    law does not have, DecisionInconsistent when the limbs cannot carry the decision, or QuestionsChanged.
    """
    _require_decider(session, case, by)
    before = question_at(session, case, decided.position)
    if decided.decision is None:
        raise DecisionInconsistent(why="Choose what becomes of the question.")
    after = replace(decided, holding=_holding(case, decided, decided.decision))
    _check(case, after)
    if after == before:
        return after
    if seen not in (None, as_decided(before)):
        raise QuestionsChanged(reference=case.reference)
    others = [question for question in questions_of(session, case.id) if question.position != after.position]
    keep_questions(session, case.id, sorted([*others, after], key=lambda question: question.position))
    named, limbs = decided.decision.value, ", ".join(ground.citation for ground in after.grounds)
    record(session, desk, case, Kind.DECIDED, at=at, by=by, question=after.position, decision=named, limbs=limbs)
    return after


def _holding(case: Case, question: Question, decision: Decision) -> Holding:
    """Whether the requester is told that it is held: by the decision, unless nobody can tell what is wanted."""
    if decision is Decision.WITHHOLD and notice_law(case.regime).is_too_general(question):
        return Holding.NOT_STATED
    return _IMPLIED.get(decision, question.holding)


def _check(case: Case, question: Question) -> None:
    """Refuse what can be no decision under the law; what is merely unfinished, the checker tells."""
    law = law_of(case.regime)
    limbs = [law.provision(ground.citation) for ground in question.grounds]
    why = _inconsistent(question.decision, limbs, case.regime)
    if why:
        raise DecisionInconsistent(why=why)


def _inconsistent(decision: Decision | None, limbs: Sequence[Provision], regime: str) -> str:
    if len({limb.citation for limb in limbs}) < len(limbs):
        return "Name each limb once."
    if decision is Decision.NEITHER and not all(limb.denies for limb in limbs):
        instead = ", ".join(dict.fromkeys(limb.denial for limb in limbs if not limb.denies and limb.denial))
        meant = f" Instead of what is protected, name {instead}." if instead else ""
        return f"To neither confirm nor deny rests on the limbs that lift the duty to confirm, and on no other.{meant}"
    if decision in (Decision.PARTLY, Decision.WITHHOLD) and limbs and all(limb.denies for limb in limbs):
        return "What is held and withheld is exempt under a limb of its own; this one lifts the duty to confirm alone."
    if decision is Decision.DISCLOSE and limbs:
        return "A question whose information is disclosed rests on no exemption."
    if decision is Decision.NOT_HELD and limbs and Regime(regime) not in (Regime.EIR, Regime.EISR):
        return "That information is not held needs no exemption."
    return ""

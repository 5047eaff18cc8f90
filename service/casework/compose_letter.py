"""The response to a request, composed question by question from what was decided."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from service.casework.decide import request_text
from service.casework.explain_case import explain_case
from service.casework.letter_words import THE_ONE, QuestionWords, answers
from service.casework.review import Comparison, compare, finding
from service.casework.write_letter import case_words
from service.desk import Desk
from service.domain.clock import Clock, Matter
from service.domain.notice_law import NoticeLaw, notice_law
from service.domain.outcome import Outcome
from service.domain.question import Decision, Question
from service.domain.regime import Regime
from service.domain.request_words import new_words
from service.letters import Words, series
from service.store.case_files import released_names
from service.store.forwards import forward_of_case
from service.store.tables import Case

REVIEW_OUTCOME = "review-outcome"
LONGEST_QUOTATION = 6000  # characters; what is longer is quoted question by question alone
_ALONE = {
    Decision.DISCLOSE: "disclosure",
    Decision.PARTLY: "part-refusal",
    Decision.WITHHOLD: "refusal",
    Decision.NEITHER: "neither",
    Decision.NOT_HELD: "not-held",
    Decision.ACCESSIBLE: "accessible",
    Decision.COST_LIMIT: "cost-limit",
    Decision.VEXATIOUS: "vexatious",
    Decision.REPEATED: "vexatious",
}
_GIVES = frozenset({Decision.DISCLOSE, Decision.PARTLY})  # what is accessible already is refused (s.21)
_REFUSES_NOTHING = frozenset({Decision.DISCLOSE, Decision.NOT_HELD})
RESPONSES = tuple(dict.fromkeys((*_ALONE.values(), REVIEW_OUTCOME)))


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed response; `kind` is the template it came from."""

    kind: str
    words: Words


def choose_response(questions: Sequence[Question]) -> str:
    """The template that suits what was decided on the questions."""
    decisions = {question.decision for question in questions if question.decision}
    alone = {_ALONE[decision] for decision in decisions}
    if len(alone) == 1:
        return alone.pop()
    if decisions <= _REFUSES_NOTHING:
        return "disclosure"
    return "part-refusal" if decisions & _GIVES else "refusal"


def compose_response(
    session: Session, desk: Desk, case: Case, questions: Sequence[Question], signatory: str, *, today: date
) -> Composed:
    """The response to a case as it would go out today; raises LetterFault or NoSuchProvision."""
    review = case.matter == Matter.REVIEW
    kind = REVIEW_OUTCOME if review else choose_response(questions)
    told = answers(case.regime, questions)
    clock = explain_case(session, desk, case).clock
    words = (
        case_words(desk, case, today)
        | answer_words(case, questions, told, extended=clock.extended)
        | _dates(case, clock, today)
        | {"signatory": signatory, "written_on": today, "request": "" if review else quotable_request(session, case)}
        | {"files": released_names(session, case.id)}
        | _compared(compare(session, case, questions), finding(session, case, questions), questions)
    )
    return Composed(kind, tidied(desk.stationery.write(kind, words)))


def answer_words(
    case: Case, questions: Sequence[Question], told: Sequence[QuestionWords], *, extended: bool = False
) -> dict[str, object]:
    """What a response says of the decisions, whatever its case; `extended` is whether its time was."""
    law, rules = notice_law(case.regime), Regime(case.regime).rules
    put_off = extended and bool(law.interest_in_time) and case.matter != Matter.REVIEW
    refused = [one.position for one in told if one.refused]
    not_held = [one.position for one in told if one.template == "not-held" and not one.refused and law.not_held]
    decisions = [question.decision for question in questions]
    # The time for a refusal notice runs from the request, so a late review tells of its own duty alone.
    breached = [] if case.matter == Matter.REVIEW else _breached(law, questions, told, put_off=put_off)
    return {
        "law": law,
        "title": rules.title,
        "questions": told,
        "refused": named(refused, questions),
        "all_refused": len(refused) == len(told),
        "accessible": Decision.ACCESSIBLE in decisions,
        "repeated": Decision.VEXATIOUS not in decisions and Decision.REPEATED in decisions,
        "not_held_notice": named(not_held, questions),
        "breached": breached,
        "missed": [*_unanswered(law, decisions), *breached] if put_off else [],
        "review": case.matter == Matter.REVIEW,
        "review_days": rules.limit(Matter.REVIEW).in_words,
        "ask_within": rules.ask_for_review_within.in_words,
    }


def _breached(
    law: NoticeLaw, questions: Sequence[Question], told: Sequence[QuestionWords], *, put_off: bool
) -> list[str]:
    """The sections on refusals whose time a late answer to a request lets pass (s.17(1), (3), (5))."""
    pairs = zip(questions, told, strict=True)
    sections = [_time_for(law, question, words, put_off=put_off) for question, words in pairs]
    return [section for section in dict.fromkeys(sections) if section]


def _unanswered(law: NoticeLaw, decisions: Sequence[Decision | None]) -> list[str]:
    """The section on the time for an answer, where anything is told or given that was not refused (s.10(1))."""
    told_late = any(decision is Decision.PARTLY or not law.refuses(decision) for decision in decisions)
    return [law.answer_in_time] if told_late else []


def _time_for(law: NoticeLaw, question: Question, words: QuestionWords, *, put_off: bool) -> str:
    """The section whose time a late refusal of one question lets pass; empty where it refuses nothing."""
    if question.decision is None or not law.refuses(question.decision):
        return ""
    if question.decision in law.notice_at_once:
        return law.notice_at_once[question.decision]
    # The notice itself was in time (s.17(2)); what is late is the weighing, which only a qualified limb may put off.
    weighed = put_off and words.grounds and all(ground.qualified for ground in words.grounds)
    return law.interest_in_time if weighed else law.notice_in_time


def _dates(case: Case, clock: Clock, today: date) -> dict[str, object]:
    clarified_on = clock.day_zero if clock.day_zero != clock.received_on else None
    limit = notice_law(case.regime).answer_in_time
    return {
        "late": case.due_on is not None and today > case.due_on,
        "answer_in_time": _review_section(case) if case.matter == Matter.REVIEW else limit,
        "clarified_on": clarified_on,
    }


def _review_section(case: Case) -> str:
    return {Regime.EIR: "regulation 11(4)", Regime.FOISA: "section 21(1)", Regime.EISR: "regulation 16(4)"}.get(
        Regime(case.regime), ""
    )


def _compared(compared: Comparison | None, found: Outcome | None, questions: Sequence[Question]) -> dict[str, object]:
    """The case under review, whether its decision stands, and the questions that are answered otherwise now."""
    return {
        "original": compared.original if compared else None,
        "upheld": found is Outcome.UPHELD if found else None,
        "changed": named(compared.changed if compared else (), questions),
        "all_changed": found is Outcome.OVERTURNED,
    }


def named(positions: Sequence[int], questions: Sequence[Question]) -> str:
    """question 1; questions 1, 2 and 4; your request, where it is one question; empty for none."""
    if positions and len(questions) == 1:
        return THE_ONE
    numbers = series(str(position) for position in positions)
    return f"question{'s' if len(positions) > 1 else ''} {numbers}" if positions else ""


def quotable_request(session: Session, case: Case) -> str:
    """The requester's own words; empty where they are too long, came by a colleague's mail or cannot be read."""
    if forward_of_case(session, case.id):
        return ""
    text = new_words(request_text(session, case)).strip()
    return text if len(text) <= LONGEST_QUOTATION else ""


def tidied(words: Words) -> Words:
    """No more than one empty line between paragraphs."""
    return replace(words, body=re.sub(r"\n[ \t]*(?:\n[ \t]*)+\n", "\n\n", words.body))

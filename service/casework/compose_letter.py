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
from service.domain.clock import Matter
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
_GIVES = frozenset({Decision.DISCLOSE, Decision.PARTLY, Decision.ACCESSIBLE})
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
    words = (
        case_words(desk, case, today)
        | answer_words(case, questions, told)
        | _dates(session, desk, case, today)
        | {"signatory": signatory, "written_on": today, "request": "" if review else quotable_request(session, case)}
        | {"files": released_names(session, case.id)}
        | _compared(compare(session, case, questions), finding(session, case, questions), questions)
    )
    return Composed(kind, tidied(desk.stationery.write(kind, words)))


def answer_words(case: Case, questions: Sequence[Question], told: Sequence[QuestionWords]) -> dict[str, object]:
    """What a response says of the decisions, whatever its case."""
    law, rules = notice_law(case.regime), Regime(case.regime).rules
    refused = [one.position for one in told if one.refused]
    not_held = [one.position for one in told if one.template == "not-held" and not one.refused and law.not_held]
    decisions = [question.decision for question in questions]
    return {
        "law": law,
        "title": rules.title,
        "questions": told,
        "refused": named(refused, questions),
        "all_refused": len(refused) == len(told),
        "repeated": Decision.VEXATIOUS not in decisions and Decision.REPEATED in decisions,
        "not_held_notice": named(not_held, questions),
        "breached": _breached(law, decisions),
        "review": case.matter == Matter.REVIEW,
        "review_days": rules.limit(Matter.REVIEW).in_words,
        "ask_within": rules.ask_for_review_within.in_words,
    }


def _breached(law: NoticeLaw, decisions: Sequence[Decision | None]) -> list[str]:
    """The sections whose time for a refusal notice a late one lets pass (s.17(1), s.17(5))."""
    refused = [decision for decision in decisions if decision and law.refuses(decision)]
    sections = [law.notice_at_once.get(decision, law.notice_in_time) for decision in refused]
    return list(dict.fromkeys(sections))


def _dates(session: Session, desk: Desk, case: Case, today: date) -> dict[str, object]:
    clock = explain_case(session, desk, case).clock
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

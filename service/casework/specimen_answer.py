"""The words of an answer and of the letters before it, for a case that never was."""

from datetime import date

from service.casework.compose_letter import answer_words
from service.casework.letter_words import answers, ground_words
from service.domain.exemptions import Need, Provision, law_of
from service.domain.notice_law import notice_law
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.store.tables import Case


def specimen_answer(case: Case, today: date) -> dict[str, object]:
    """What the templates of answers and of notices may name: every decision, late, with files."""
    questions = [
        Question(position, "", "An example?", Holding.HELD, decision, _grounds(case, decision), "An example.", "here")
        for position, decision in enumerate(Decision, 1)
    ]
    told = answers(case.regime, questions)
    fee = Regime(case.regime).rules.fee
    return answer_words(case, questions, told) | {
        "signatory": "A. N. Officer",
        "written_on": today,
        "clarified_on": today,
        "request": "An example?",
        "files": ["An example.pdf"],
        "late": True,
        "answer_in_time": notice_law(case.regime).answer_in_time,
        "original": case,
        "upheld": None,
        "changed": "question 1",
        "all_changed": False,
        "question": "An example?",
        "missing": "An example",
        "reply_by": today,
        "amount": "£1",
        "reason": "An example.",
        "how": "An example.",
        "time_to_pay": fee.time_to_pay,
        "pay_by": today,
        "limbs": [ground_words(case.regime, Ground(_first(case.regime, denies=False).citation))],
        "why": "An example.",
        "until": today,
        "answer_by": today,
        "to": "Another authority",
        "contact": "foi@example.net",
        "agreed_on": today,
        "stopped_on": today,
        "unpaid": True,
    }


def _grounds(case: Case, decision: Decision) -> tuple[Ground, ...]:
    if decision not in (Decision.PARTLY, Decision.WITHHOLD, Decision.NEITHER):
        return ()
    limb = _first(case.regime, denies=decision is Decision.NEITHER)
    return (Ground(limb.citation, "An example.", "An example.", "An example.", "An example."),)


def _first(regime: str, *, denies: bool) -> Provision:
    """The first limb of a law that wants a public interest test."""
    limbs = law_of(regime).provisions
    return next(limb for limb in limbs if limb.denies is denies and Need.PIT in limb.needs)

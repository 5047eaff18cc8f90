"""The letters that the desk composes itself, by the checker's rules: a false alarm there would teach nobody."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from service.casework.case_facts import notice_facts
from service.casework.compose_letter import compose_response
from service.casework.estimate_cost import estimate_cost
from service.desk import Desk
from service.domain.costs import OTHERS, Activity, Task
from service.domain.notice_check import Result, Verdict, check_notice
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.store.database import transaction
from service.store.questions import keep_questions
from service.store.tables import Case
from tests.builders import a_message, open_a_case

THU_JUN_20, TUE_JUL_2 = date(2024, 6, 20), date(2024, 7, 2)
ASKED = {
    1: "How many patrols did the night wardens make in Mill Lane in 2023?",
    2: "Please send the plan of the patrols for this autumn.",
    3: "Has the council tried cameras that know faces?",
}
HARM = "Whoever wants to break into the yards of Mill Lane would learn when no patrol comes"
FOR, AGAINST = "Openness about how the patrols are planned", "Patrols that burglars cannot foresee"
BALANCE = "The safety of those who live in Mill Lane weighs more this autumn"


def ground(citation: str, **particulars: str) -> Ground:
    return Ground(
        citation, HARM, FOR, AGAINST, BALANCE, {name.replace("_", " "): text for name, text in particulars.items()}
    )


ABSOLUTE = replace(
    ground("40(2) and (3A)(a)", data_protection_principle="the first, because the wardens did not expect it"),
    interest_for="",
    interest_against="",
    conclusion="",
)
SILENCE = Ground(
    "31(3)",
    "To say whether the council has tried such cameras would help those who commit crime there,"
    " whose prevention would suffer",
    "Openness about whether such tools are used",
    "Nobody should learn from a denial where they are not",
    "Not to confirm or deny serves the public better",
)
WITHHELD = {Regime.FOIA: "31(1)(a)", Regime.EIR: "12(5)(b)", Regime.FOISA: "35(1)(a)", Regime.EISR: "10(5)(b)"}
LINK = "https://anytown.example/patrols"
COST = {"estimate": "140 hours to find and copy them", "advice": "Ask for one month"}


def decided(position: int, decision: Decision, *grounds: Ground, link: str = "") -> Question:
    held = {Decision.NOT_HELD: Holding.NOT_HELD, Decision.NEITHER: Holding.NOT_STATED}.get(decision, Holding.HELD)
    answers = {Decision.DISCLOSE: "They made 212 patrols", Decision.PARTLY: "They made 212 patrols, 80 of them by day"}
    answer = answers.get(decision, "")
    return Question(position, "", ASKED[position], held, decision, grounds, answer=answer, link=link)


def told(desk: Desk, regime: Regime, *questions: Question, today: date = THU_JUN_20) -> list[Result]:
    """What the checker has against the letter that is composed from decisions."""
    with transaction(desk.engine) as session:
        case = _a_case(session, desk, regime, questions)
        letter = compose_response(session, desk, case, questions, "Sam Okoro", today=today).words.body
        facts = replace(notice_facts(session, desk, case, today), questions=questions)
    results = check_notice(letter, facts)
    return [result for result in results if result.verdict in (Verdict.WARN, Verdict.BLOCK)]


def _a_case(session: Session, desk: Desk, regime: Regime, questions: tuple[Question, ...]) -> Case:
    case = open_a_case(session, desk, a_message(text="\n".join(question.text for question in questions)))
    case.regime = regime.value
    keep_questions(session, case.id, questions)
    return case


@pytest.mark.parametrize("regime", Regime)
def test_a_letter_that_gives_everything(sqlite_desk: Desk, regime: Regime) -> None:
    assert told(sqlite_desk, regime, decided(1, Decision.DISCLOSE)) == []


@pytest.mark.parametrize("regime", Regime)
def test_a_letter_that_gives_part_and_withholds_part(sqlite_desk: Desk, regime: Regime) -> None:
    questions = (
        decided(1, Decision.PARTLY, ground(WITHHELD[regime])),
        decided(2, Decision.WITHHOLD, ground(WITHHELD[regime])),
    )
    assert told(sqlite_desk, regime, *questions) == []


@pytest.mark.parametrize("regime", Regime)
def test_a_letter_about_what_is_not_held_and_what_is_accessible(sqlite_desk: Desk, regime: Regime) -> None:
    questions = (decided(1, Decision.NOT_HELD), decided(2, Decision.ACCESSIBLE, link=LINK))
    assert told(sqlite_desk, regime, *questions) == []


@pytest.mark.parametrize(
    ("decision", "grounds"),
    [(Decision.WITHHOLD, ("31(1)(a)",)), (Decision.PARTLY, ("31(1)(a)",)), (Decision.ACCESSIBLE, ())],
)
def test_a_letter_that_neither_confirms_nor_denies_anything_beside_its_answer(
    sqlite_desk: Desk, decision: Decision, grounds: tuple[str, ...]
) -> None:
    silence = replace(SILENCE, harm="To say whether wardens in plain clothes patrol would undo the prevention of crime")
    question = decided(1, decision, *map(ground, grounds), silence, link=LINK)
    assert told(sqlite_desk, Regime.FOIA, question) == []


@pytest.mark.parametrize(
    ("stands_on", "found"),
    [
        ("section 35(1)(a), for the prevention of crime would be prejudiced substantially", ""),
        ("it was obtained in confidence, so that to tell would be actionable", "name the section of the exemption"),
        ("section 36(2), for it was obtained in confidence", "and not on 36(2)"),
    ],
)
def test_what_scotland_neither_confirms_nor_denies_stands_on_a_limb_that_may_be_behind_it(
    sqlite_desk: Desk, stands_on: str, found: str
) -> None:
    silence = replace(SILENCE, citation="18(1)", particulars={"exemption if held": stands_on})
    results = told(sqlite_desk, Regime.FOISA, decided(3, Decision.NEITHER, silence))
    blocked = [result.sentence for result in results if result.verdict is Verdict.BLOCK]
    assert blocked == [] if not found else found in blocked[0]


@pytest.mark.parametrize(("asks", "found"), [("emissions of dioxin", True), ("patrols of Mill Lane", False)])
def test_what_emissions_there_are_is_no_secret_of_trade(sqlite_desk: Desk, asks: str, found: bool) -> None:
    question = replace(decided(1, Decision.WITHHOLD, ground("12(5)(e)")), text=f"Please send the figures of {asks}.")
    said = [result.sentence for result in told(sqlite_desk, Regime.EIR, question) if result.rule == "R2"]
    assert ["emissions" in one for one in said] == [True] * found


@pytest.mark.parametrize(("day", "found"), [("1 March 2025", 1), ("1 August 2024", 0)])
def test_what_scotland_publishes_is_published_within_twelve_weeks(sqlite_desk: Desk, day: str, found: int) -> None:
    question = decided(2, Decision.WITHHOLD, ground("27(1)", when=day))
    said = [result.sentence for result in told(sqlite_desk, Regime.FOISA, question) if result.rule == "R2"]
    assert len([one for one in said if "twelve weeks" in one]) == found


@pytest.mark.parametrize("decision", [Decision.VEXATIOUS, Decision.REPEATED])
@pytest.mark.parametrize("regime", [Regime.FOIA, Regime.FOISA])
def test_a_letter_about_a_request_that_need_not_be_answered(
    sqlite_desk: Desk, regime: Regime, decision: Decision
) -> None:
    assert told(sqlite_desk, regime, decided(1, decision)) == []


@pytest.mark.parametrize("regime", [Regime.FOIA, Regime.FOISA])
def test_a_letter_about_a_request_that_costs_too_much(sqlite_desk: Desk, regime: Regime) -> None:
    assert told(sqlite_desk, regime, decided(1, Decision.COST_LIMIT, Ground("12(1)", particulars=COST))) == []


@pytest.mark.parametrize("citation", ["12(4)(b)", "12(5)(e)", "12(5)(f)", "12(4)(e)"])
def test_a_letter_with_an_exception(sqlite_desk: Desk, citation: str) -> None:
    assert told(sqlite_desk, Regime.EIR, decided(1, Decision.WITHHOLD, ground(citation))) == []


def test_a_letter_about_persons(sqlite_desk: Desk) -> None:
    assert told(sqlite_desk, Regime.FOIA, decided(1, Decision.WITHHOLD, ABSOLUTE)) == []


def test_a_letter_that_neither_confirms_nor_denies(sqlite_desk: Desk) -> None:
    questions = (
        decided(1, Decision.DISCLOSE),
        decided(2, Decision.ACCESSIBLE, link=LINK),
        decided(3, Decision.NEITHER, SILENCE),
    )
    assert told(sqlite_desk, Regime.FOIA, *questions) == []
    alone = replace(decided(3, Decision.NEITHER, SILENCE), position=1)
    assert told(sqlite_desk, Regime.FOIA, alone) == []


@pytest.mark.parametrize("regime", Regime)
def test_a_letter_that_is_late(sqlite_desk: Desk, regime: Regime) -> None:
    questions = (decided(1, Decision.WITHHOLD, ground(WITHHELD[regime])),)
    assert told(sqlite_desk, regime, *questions, today=TUE_JUL_2) == []


@pytest.mark.parametrize(("files", "estimated"), [(168, "£350"), (216, "£450"), (217, "")])
def test_what_an_estimate_within_the_limit_comes_to_is_told_to_the_checker(
    desk: Desk, files: int, estimated: str
) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message())
        for items in (1000, files):  # the newest counts
            task = Task(Activity.LOCATE, items, Decimal(5))
            estimate_cost(session, desk, case, [task], OTHERS, at=desk.now(), by="officer:1")
        facts = notice_facts(session, desk, case, THU_JUN_20)
    assert (facts.estimated, facts.cost_limit) == (estimated, 450)

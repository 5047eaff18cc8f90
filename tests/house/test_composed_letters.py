"""Every response that decisions can make, under each law, late and in time: whole, lawful, and without a hole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest

from service.casework.compose_letter import Composed, compose_response
from service.desk import Desk
from service.domain.clock import Matter
from service.domain.exemptions import Need, Provision, Status, law_of
from service.domain.notice_check import NoticeFacts, Result, Verdict, check_notice
from service.domain.notice_law import notice_law
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime
from service.domain.regulator import regulator
from service.letters import Words
from service.store.database import transaction
from service.store.tables import Case
from tests.builders import a_message, open_a_case

HOLE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\bXX+\b|\[[A-Z ]{3,}\]|\bNone\b|\bUndefined\b|\bTrue\b|\bFalse\b|\(\)")
LONGEST_LINE = 700  # characters; a mail's paragraph is one line
THU_JUN_20, WED_JUL_3 = date(2024, 6, 20), date(2024, 7, 3)  # received on Monday 3 June, due on Monday 1 July
TOPICS = ("bus lanes", "school meals", "street lamps", "library hours", "gritting routes", "parking fines")
ABOUT = {
    "bus lanes": "the number of drivers fined in bus lanes in each month of 2023",
    "school meals": "the price paid for each school meal and the name of the caterer",
    "street lamps": "a list of the street lamps that failed in 2023",
    "library hours": "the opening hours of each library in the last five years",
    "gritting routes": "the routes of the gritting lorries in January 2024",
    "parking fines": "the sum of parking fines written off since 2020",
}


@dataclass(frozen=True)
class Sort:
    """One case to compose for."""

    regime: Regime
    seed: int
    on: date


SEEDS = range(12)


def _question(chance: Random, regime: Regime, position: int, topic: str, decision: Decision) -> Question:
    held = {Decision.NOT_HELD: Holding.NOT_HELD, Decision.NEITHER: Holding.NOT_STATED}.get(decision, Holding.HELD)
    tells = decision not in (Decision.WITHHOLD, Decision.NEITHER)
    return Question(
        position,
        f"{position}.",
        f"Please send me {ABOUT[topic]}.",
        held,
        decision,
        _grounds(chance, regime, topic, decision),
        f"On {topic}: our records of the period were searched by the team that keeps them." if tells else "",
        f"https://www.anytown.example/{topic.replace(' ', '-')}" if decision is Decision.ACCESSIBLE else "",
    )


def _grounds(chance: Random, regime: Regime, topic: str, decision: Decision) -> tuple[Ground, ...]:
    limbs = _limbs(regime, decision)
    if not limbs:
        return ()
    chosen = chance.sample(limbs, min(len(limbs), chance.choice((1, 1, 2))))
    if decision is Decision.ACCESSIBLE and chance.random() < 0.5:
        chosen.append(chance.choice(_limbs(regime, Decision.NEITHER)))
    return tuple(_ground(limb, _protected(regime, limb), topic) for limb in chosen)


def _protected(regime: Regime, limb: Provision) -> str:
    """The limb by which a denial does harm, as an officer names it: 31(1)(a) for 31(3)."""
    lifted = [one.citation for one in law_of(regime).of_section(limb.section) if one.denial == limb.citation]
    return lifted[0] if limb.denies and lifted else limb.citation


def _limbs(regime: Regime, decision: Decision) -> Sequence[Provision]:
    provisions = law_of(regime).provisions
    by_law = notice_law(regime).limbs.get(decision)
    if by_law:
        return [limb for limb in provisions if limb.citation == by_law]
    if decision is Decision.NEITHER:
        return [limb for limb in provisions if limb.denies and limb.status is not Status.NEITHER]
    if decision in (Decision.PARTLY, Decision.WITHHOLD):
        spoken_for = set(notice_law(regime).limbs.values()) | {"21(1)", "25(1)", "12(2)"}
        return [limb for limb in provisions if not limb.denies and limb.citation not in spoken_for]
    return []


def _ground(limb: Provision, protected: str, topic: str) -> Ground:
    what = "saying whether any such record exists" if limb.denies else "disclosure"
    weighed = Need.PIT in limb.needs
    return Ground(
        limb.citation,
        harm=f"On {topic}, {what} would be likely to do the harm that {protected} speaks of, for those asked.",
        interest_for=f"People would understand better how {topic} are dealt with, in what {limb.citation} is about."
        * weighed,
        interest_against=f"What {limb.citation} protects would be weakened for {topic}." * weighed,
        conclusion=f"The public interest against {what} on {topic} is the stronger by {limb.citation}." * weighed,
        particulars={need.value: _particular(need, topic) for need in limb.needs if need not in (Need.PIT, Need.HARM)},
    )


def _particular(need: Need, topic: str) -> str:
    return {
        Need.OPINION_ON: "12 June 2024",
        Need.ESTIMATE: f"30 hours at £25 an hour for {topic}, which is £750 and more than the limit of £450",
        Need.ADVICE: f"A single month of {topic} could be answered within the limit",
        Need.PRINCIPLE: f"Lawfulness: no legitimate interest in {topic} makes it necessary to name anyone",
        Need.LINK: f"https://www.anytown.example/{topic.replace(' ', '-')}",
        Need.WHEN: "September 2024",
        Need.EXEMPTION: f"section 35(1)(a), concerning {topic}",
    }.get(need, f"The {need.value} concerning {topic}")


def questions_of(sort: Sort) -> tuple[Question, ...]:
    """Between one and six questions, decided at random; one seed in three decides all of them alike."""
    chance = Random(f"{sort.regime}{sort.seed}")
    topics = chance.sample(TOPICS, chance.randint(1, 6))
    alike = chance.choice(list(Decision)) if sort.seed % 3 == 0 else None
    decisions = [alike or chance.choice(list(Decision)) for _ in topics]
    pairs = enumerate(zip(topics, decisions, strict=True), 1)
    return tuple(_question(chance, sort.regime, position, topic, decided) for position, (topic, decided) in pairs)


def _request(questions: Sequence[Question]) -> str:
    return "\n".join(f"{question.label} {question.text}" for question in questions)


def composed(
    desk: Desk, sort: Sort, questions: Sequence[Question], matter: Matter = Matter.REQUEST
) -> tuple[Composed, Case]:
    """The response, and the case of its sort."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk, a_message(text=_request(questions)))
        case.regime, case.matter = sort.regime.value, matter.value
        return compose_response(session, desk, case, questions, "Sam Okoro", today=sort.on), case


def _facts(desk: Desk, case: Case, sort: Sort, questions: Sequence[Question]) -> NoticeFacts:
    return NoticeFacts(
        regime=sort.regime,
        reference=case.reference,
        received_on=case.received_on,
        due_on=case.due_on,
        sent_on=sort.on,
        request=_request(questions),
        requester_name=case.requester_name,
        questions=tuple(questions),
        authority=desk.settings.authority.name,
        signatory="Sam Okoro",
        regulator=regulator(sort.regime, sort.on).name,
    )


@pytest.mark.parametrize("regime", list(Regime))
@pytest.mark.parametrize("on", [THU_JUN_20, WED_JUL_3], ids=["in time", "late"])
def test_a_composed_letter_is_whole_and_lawful(sqlite_desk: Desk, regime: Regime, on: date) -> None:
    for seed in SEEDS:
        sort = Sort(regime, seed, on)
        questions = questions_of(sort)
        made, case = composed(sqlite_desk, sort, questions)
        _has_no_hole(made.words)
        _tells_all(made.words.body, questions)
        _tells_the_rights(made.words.body, sort, questions)
        against = _against(check_notice(made.words.body, _facts(sqlite_desk, case, sort, questions)))
        assert not against, f"{against}\n{made.words.body}"


def _has_no_hole(letter: Words) -> None:
    assert not HOLE.search(letter.subject + letter.body)
    assert "\n\n\n" not in letter.body
    assert not re.search(r"[^\n ]  +[^ ]|[ \t]\n|\.\.|,,| [.,;:]", letter.body), letter.body
    assert max(len(line) for line in letter.body.split("\n")) <= LONGEST_LINE


def _tells_all(body: str, questions: Sequence[Question]) -> None:
    for question in questions:
        assert question.text in body
        for ground in question.grounds:
            assert ground.citation in body
            assert all(words in body for words in (ground.harm, ground.interest_for, ground.conclusion))


def _tells_the_rights(body: str, sort: Sort, questions: Sequence[Question]) -> None:
    law, who, late = notice_law(sort.regime), regulator(sort.regime, sort.on), sort.on == WED_JUL_3
    refuses = any(law.refuses(question.decision) for question in questions)
    assert ("refusal notice" in body) is refuses
    assert not refuses or law.of(law.refusal) in body
    assert "internal review" in body
    assert who.right in body
    assert f"{who.name}\n{who.address}\n{who.website}" in body
    assert ("We apologise" in body) is late
    assert not late or f"did not comply with {law.of(law.answer_in_time)}" in body


def _against(results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.verdict in (Verdict.BLOCK, Verdict.WARN)]


TOLD_OF_APPEAL = {
    Regime.FOIA: (False, False),
    Regime.EIR: (True, True),  # reg 14(5)(b)
    Regime.FOISA: (False, True),  # s.19 and s.21(10)
    Regime.EISR: (True, True),  # reg 13(e)
}


@pytest.mark.parametrize("regime", list(Regime))
def test_the_rights_tell_of_appeals_where_the_law_wants_it(sqlite_desk: Desk, regime: Regime) -> None:
    sort = Sort(regime, 4, THU_JUN_20)
    first, after_review = TOLD_OF_APPEAL[regime]
    for matter, told in ((Matter.REQUEST, first), (Matter.REVIEW, after_review)):
        body = composed(sqlite_desk, sort, questions_of(sort), matter)[0].words.body
        assert (" appeal against " in body or " appeal to " in body) is told
        assert not told or f"\n\n{regulator(regime, sort.on).appeal}\n" in body


def test_a_scottish_review_tells_of_both_rights_that_the_act_names(sqlite_desk: Desk) -> None:
    sort = Sort(Regime.FOISA, 4, THU_JUN_20)
    body = composed(sqlite_desk, sort, questions_of(sort), Matter.REVIEW)[0].words.body
    assert "within six months (section 47(1) of the Act):" in body
    assert "to the Court of Session, on a point of law only (section 56 of the Act)." in body


@pytest.mark.parametrize("regime", list(Regime))
def test_the_outcome_of_a_review_leads_to_the_regulator_alone(sqlite_desk: Desk, regime: Regime) -> None:
    sort = Sort(regime, 4, THU_JUN_20)
    made, _ = composed(sqlite_desk, sort, questions_of(sort), Matter.REVIEW)
    assert made.kind == "review-outcome"
    assert "completes our internal review" in made.words.body
    assert "ask us for an internal review" not in made.words.body
    assert regulator(regime, sort.on).right in made.words.body
    assert not HOLE.search(made.words.body)


def test_the_letters_differ_only_in_their_dates_when_they_are_late(sqlite_desk: Desk) -> None:
    sort = Sort(Regime.FOIA, 5, THU_JUN_20)
    questions = questions_of(sort)
    bodies = [composed(sqlite_desk, replace(sort, on=on), questions)[0].words.body for on in (THU_JUN_20, WED_JUL_3)]
    in_time, late = ([line for line in body.split("\n") if line and "reference" not in line] for body in bodies)
    assert set(in_time) - set(late) == {"Date of this letter: Thursday 20 June 2024"}

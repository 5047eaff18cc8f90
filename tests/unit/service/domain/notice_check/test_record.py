"""A letter against its case's record: each rule judges by the decisions and by the words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.domain.notice_check import NoticeFacts, Result, Verdict, check_notice
from service.domain.question import Decision, Ground, Holding, Question
from service.domain.regime import Regime

MON_JUN_3, MON_JUL_1, TUE_JUL_2 = date(2024, 6, 3), date(2024, 7, 1), date(2024, 7, 2)
REQUEST = """Dear council,
1. How many street trees did you fell in 2023?
2. Please send the contract with the firm that fells them.
3. Where is the felling programme published?
4. Have you tried drones to survey the trees?
5. What did the trials of either 1 or 4 cost?
"""
TRADE = Ground(
    "43(2)",
    "The firm is bidding for the felling contract of the next three years, and its rivals would learn its prices",
    "The contract is paid for with public money",
    "A fair competition for it brings a better price",
    "Until the bids are in the public is better served by keeping the prices back",
)
SILENCE = Ground(
    "31(3)",
    "To confirm that drones fly over the trees, or to deny it, would help those whose crime is prevented by not knowing",
    "Openness about whether the council has such tools",
    "Nobody should be able to rely on a denial",
    "Not to confirm or deny serves the public better",
)
PAGE = "https://anytown.example/trees/felling"
TREES = Question(1, "1", "How many street trees did you fell in 2023?", Holding.HELD, Decision.DISCLOSE, answer="314")
CONTRACT = Question(
    2, "2", "Please send the contract with the firm that fells them.", Holding.HELD, Decision.PARTLY, (TRADE,)
)
PROGRAMME = Question(3, "3", "Where is the felling programme published?", Holding.HELD, Decision.ACCESSIBLE, link=PAGE)
DRONES = Question(
    4, "4", "Have you tried drones to survey the trees?", Holding.NOT_STATED, Decision.NEITHER, (SILENCE,)
)
COSTS = Question(5, "5", "What did the trials of either 1 or 4 cost?", Holding.NOT_STATED, Decision.NEITHER, (SILENCE,))
FACTS = NoticeFacts(
    regime=Regime.FOIA,
    reference="FOI/24/000117",
    received_on=MON_JUN_3,
    due_on=MON_JUL_1,
    sent_on=MON_JUL_1,
    request=REQUEST,
    requester_name="Harriet Wells",
    questions=(TREES, CONTRACT, PROGRAMME, DRONES, COSTS),
    authority="Anytown Borough Council",
    signatory="Sam Okoro",
    regulator="Information Commissioner's Office",
    attachments=("contract.pdf",),
)
LETTER = """Dear Ms Wells,

Our reference: FOI/24/000117
Received on: 3 June 2024
Date: 1 July 2024

We have considered your request under the Freedom of Information Act 2000. For questions 2 to 5 this is a refusal notice under
section 17 of the Act.

QUESTION 1
> How many street trees did you fell in 2023?

We hold this information. We felled 314.

QUESTION 2
> Please send the contract with the firm that fells them.

We hold the contract and enclose it, but for its prices, which we withhold under section 43(2). The firm is bidding for the felling
contract of the next three years, and its rivals would learn its prices. In favour of disclosure, the contract is paid for with
public money. Against it, a fair competition brings a better price. On balance the public interest is better served by keeping
the prices back until the bids are in.

QUESTION 3
> Where is the felling programme published?

We hold the programme. You can already obtain it at https://anytown.example/trees/felling, so it is exempt under section 21(1).

QUESTION 4
> Have you tried drones to survey the trees?

We neither confirm nor deny that we hold any information within this question, by virtue of section 31(3). To confirm that drones
fly over the trees, or to deny it, would help those whose crime is prevented by not knowing. The public interest in openness about
whether the council has such tools is outweighed by that in neither confirming nor denying it.

QUESTION 5
> What did the trials of either 1 or 4 cost?

We neither confirm nor deny that we hold any information within this question, by virtue of section 31(3), as under question 4.

YOUR RIGHTS

You may ask us for an internal review. You may then apply to the Information Commissioner (section 50 of the Act) at
https://ico.org.uk.

Yours sincerely,

Sam Okoro
Freedom of Information team
"""


def against(letter: str = LETTER, facts: NoticeFacts = FACTS) -> dict[str, Verdict]:
    """The worst that each rule says, of those that have something to say."""
    found: dict[str, Verdict] = {}
    for result in results(letter, facts):
        if result.verdict in (Verdict.WARN, Verdict.BLOCK) and found.get(result.rule) is not Verdict.BLOCK:
            found[result.rule] = result.verdict
    return found


def results(letter: str = LETTER, facts: NoticeFacts = FACTS) -> tuple[Result, ...]:
    return check_notice(letter, facts)


def said(rule: str, letter: str = LETTER, facts: NoticeFacts = FACTS) -> list[str]:
    return [result.sentence for result in results(letter, facts) if result.rule == rule]


def with_question(question: Question, **changes: object) -> NoticeFacts:
    """The facts with one question decided otherwise."""
    other = replace(question, **changes)  # type: ignore[arg-type]
    return replace(
        FACTS, questions=tuple(other if one.position == question.position else one for one in FACTS.questions)
    )


def with_ground(question: Question, **changes: object) -> NoticeFacts:
    return with_question(question, grounds=(replace(question.grounds[0], **changes),))  # type: ignore[arg-type]


def words(old: str, new: str) -> str:
    assert old in LETTER
    return LETTER.replace(old, new)


def test_nothing_stands_against_a_letter_that_says_what_was_decided() -> None:
    assert against() == {}
    assert len(results()) == 20


BLOCK, WARN = Verdict.BLOCK, Verdict.WARN
BY_THE_RECORD = [
    ("a limb that the law does not have", with_ground(CONTRACT, citation="43(9)"), {"R2": BLOCK}),
    ("a limb that the letter does not cite", with_ground(CONTRACT, citation="43(1)"), {"R2": BLOCK}),
    ("no limb at all", with_question(CONTRACT, grounds=()), {"R2": BLOCK}),
    ("no harm", with_ground(CONTRACT, harm=" "), {"R3": BLOCK}),
    ("a harm about something else", with_ground(CONTRACT, harm="Salmon might swim elsewhere"), {"R3": WARN}),
    ("nothing in favour", with_ground(CONTRACT, interest_for=""), {"R4": BLOCK}),
    ("nothing against", with_ground(CONTRACT, interest_against=""), {"R4": BLOCK}),
    ("no conclusion", with_ground(CONTRACT, conclusion=""), {"R4": BLOCK}),
    ("a conclusion that says nothing", with_ground(CONTRACT, conclusion="N/A."), {"R4": BLOCK}),
    ("a harm that says nothing", with_ground(CONTRACT, harm="tbc"), {"R3": BLOCK}),
    (
        "neither disclosure nor confirming is weighed",
        with_ground(DRONES, interest_for="Openness", interest_against="Crime", conclusion="Crime weighs more"),
        {"R5": WARN},
    ),
    (
        "disclosure is weighed instead of confirming",
        with_ground(DRONES, interest_for="Disclosure would inform people", interest_against="Harm", conclusion="Withhold"),
        {"R5": BLOCK},
    ),
    ("held is not stated", with_question(TREES, holding=Holding.NOT_STATED), {"R10": BLOCK}),
    ("held is not stated of what is accessible", with_question(PROGRAMME, holding=Holding.NOT_STATED), {"R10": WARN}),
    ("disclosed and not held", with_question(TREES, holding=Holding.NOT_HELD), {"R10": BLOCK}),
    (
        "not held, which the letter does not say",
        with_question(TREES, holding=Holding.NOT_HELD, decision=Decision.NOT_HELD),
        {"R10": BLOCK},
    ),
    ("a question that is not decided", with_question(TREES, decision=None), {"R11": BLOCK}),
    ("no questions", replace(FACTS, questions=()), {"R11": BLOCK}),
    ("a question twice", replace(FACTS, questions=(*FACTS.questions, TREES)), {"R11": BLOCK}),
    ("no place", with_question(PROGRAMME, link=""), {"R12": BLOCK}),
    ("another place", with_question(PROGRAMME, link="https://anytown.example/else"), {"R12": BLOCK}),
    ("denied, which the letter does not say", with_question(TREES, holding=Holding.NOT_STATED, decision=Decision.NEITHER, grounds=(SILENCE,)), {"R13": BLOCK, "R14": BLOCK}),
    ("what leans on it is disclosed", with_question(COSTS, holding=Holding.HELD, decision=Decision.DISCLOSE, grounds=()), {"R14": BLOCK}),
    ("a file that nobody released", replace(FACTS, attachments_unreleased=("staff.xlsx",)), {"R19": BLOCK}),
    ("a file that is promised and not there", replace(FACTS, attachments=()), {"R19": WARN}),
    ("another reference of ours", replace(FACTS, reference="FOI/24/000118"), {"R20": BLOCK}),
    ("a reference of another kind", replace(FACTS, reference="A-17"), {"R20": WARN}),
    ("another day of receipt", replace(FACTS, received_on=date(2024, 6, 4)), {"R20": WARN}),
    ("another requester", replace(FACTS, requester_name="Ove Brandt"), {"R20": WARN}),
    ("another day of sending", replace(FACTS, sent_on=date(2024, 6, 28)), {"R20": WARN}),
    ("a day late without a word", replace(FACTS, sent_on=TUE_JUL_2), {"R16": BLOCK, "R20": WARN}),
    ("the Regulations", replace(FACTS, regime=Regime.EIR, questions=(TREES,)), {"R17": BLOCK, "R2": None}),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "found"), [pytest.param(*case[1:], id=case[0]) for case in BY_THE_RECORD[:-1]])
def test_what_the_record_lacks_is_found(facts: NoticeFacts, found: dict[str, Verdict]) -> None:
    told = against(facts=facts)
    assert found.items() <= told.items()
    # R2 compares both ways: a limb that the record no longer has, the letter still cites.
    assert told.keys() - found.keys() <= {"R2", "R20", "R13", "R11"}


BY_THE_WORDS = [
    ("a limb that nobody decided on", words("section 43(2)", "section 43(2) and section 41(1)"), {"R2": BLOCK}),
    ("a section that nobody decided on", words("section 43(2)", "section 43(2) and section 36"), {"R2": BLOCK}),
    ("a section passed over", words("section 43(2).", "section 43(2). We did not rely on section 41(1)."), {}),
    ("no word of the public interest", LETTER.replace("public interest", "interest of all"), {"R4": BLOCK}),
    ("no review", words("You may ask us for an internal review. You may then", "You may"), {"R8": BLOCK}),
    ("no regulator", words("You may then apply to the Information Commissioner (section 50 of the Act) at\nhttps://ico.org.uk.", ""), {"R9": BLOCK}),
    ("a question left out", LETTER[: LETTER.index("QUESTION 3")] + LETTER[LETTER.index("QUESTION 4") :], {"R2": BLOCK, "R12": BLOCK}),
    ("an answer left out", words("We hold this information. We felled 314.", ""), {"R11": BLOCK}),
    ("a question too many", words("YOUR RIGHTS", "QUESTION 6\n\nYes, we do.\n\nYOUR RIGHTS"), {"R11": WARN}),
    ("held is told", words("QUESTION 4\n> Have you tried drones to survey the trees?\n", "QUESTION 4\n\nThis information is exempt.\n"), {"R13": BLOCK}),
    ("told beside another answer", words("We felled 314.", "We felled 314. Drones were tried in May to survey the trees."), {"R13": WARN}),
    ("somebody else", words("Dear Ms Wells", "Dear Mr Brandt"), {"R20": WARN}),
    ("nobody", words("Dear Ms Wells", "Dear Sir or Madam"), {}),
    ("a regulation", words("section 43(2)", "section 43(2) and regulation 12(5)(e)"), {"R17": BLOCK}),
    ("the Scottish Act", words("YOUR RIGHTS", "The Freedom of Information (Scotland) Act 2002 is observed."), {"R17": BLOCK}),
    ("reasons about patients", words("its rivals would learn", "patients would learn"), {"R18": WARN}),
    ("nobody signs", words("Yours sincerely,\n\nSam Okoro\nFreedom of Information team\n", ""), {"R20": WARN}),
    ("no date of its own", words("Date: 1 July 2024\n", ""), {"R20": WARN}),
    ("an old date of its own", words("Date: 1 July 2024", "Date: 28 June 2024"), {"R20": WARN}),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "found"), [pytest.param(*case[1:], id=case[0]) for case in BY_THE_WORDS])
def test_what_the_words_lack_is_found(letter: str, found: dict[str, Verdict]) -> None:
    assert against(letter) == found


def test_a_sentence_says_which_question_and_what_to_do() -> None:
    assert said("R14", facts=with_question(COSTS, holding=Holding.HELD, decision=Decision.DISCLOSE, grounds=())) == [
        (
            "Question 5 leans on question 4, which is neither confirmed nor denied, and is answered plainly: neither confirm nor deny it "
            "for that part."
        )
    ]
    assert said("R4", facts=with_ground(CONTRACT, interest_for="", conclusion="")) == [
        "Q2: the public interest test of section 43(2) does not say what speaks for and where the balance lies."
    ]


def test_a_late_letter_apologises_and_admits_the_breach() -> None:
    late = replace(FACTS, sent_on=TUE_JUL_2)
    dated = LETTER.replace("Date: 1 July", "Date: 2 July")
    assert said("R16", dated, late) == [
        "The letter was due by 1 July 2024 and goes out on 2 July 2024: apologise and say that section 10(1) was not complied with."
    ]
    sorry = dated.replace("We have considered", "We apologise for the delay. We have considered")
    assert said("R16", sorry, late) == [
        "The letter was due by 1 July 2024 and goes out on 2 July 2024: say that section 10(1) was not complied with."
    ]
    admitted = sorry.replace("for the delay.", "for the delay. We did not comply with section 10(1).")
    assert against(admitted, late) == {}
    review = replace(late, review=True)
    assert "R16" not in against(sorry, review)


def test_a_clock_that_stands_still_cannot_be_late() -> None:
    (result,) = [one for one in results(facts=replace(FACTS, due_on=None)) if one.rule == "R16"]
    assert result.verdict is Verdict.UNJUDGED


def test_refusal_rules_have_nothing_to_ask_of_a_disclosure() -> None:
    letter = "Dear Ms Wells,\n\nFOI/24/000117, received on 3 June 2024\n1 July 2024\n\nYou asked how many street trees we felled. We hold this: 314.\n\nYours sincerely,\nSam Okoro\n"
    facts = replace(FACTS, questions=(TREES,), attachments=())
    assert against(letter, facts) == {}
    refusal_rules = {
        result.rule: result.sentence for result in results(letter, facts) if "Nothing is refused" in result.sentence
    }
    assert refusal_rules.keys() == {"R1", "R3", "R4", "R5", "R7", "R8", "R9", "R15"}


def test_a_refusal_says_so() -> None:
    letter = "Dear Ms Wells,\n\nThe trees stand in Mill Lane."
    assert against(letter)["R1"] is Verdict.BLOCK


def test_a_partial_answer_beside_a_denial_stands() -> None:
    costs = replace(COSTS, holding=Holding.HELD, decision=Decision.ACCESSIBLE, link=PAGE)
    facts = with_question(
        COSTS, holding=Holding.HELD, decision=Decision.ACCESSIBLE, link=PAGE, grounds=(Ground("21(1)"), SILENCE)
    )
    part = "As for trees we hold this; you can already obtain it at https://anytown.example/trees/felling: section 21(1). For drones we"
    letter = LETTER.replace("either 1 or 4 cost?\n\nWe neither", f"either 1 or 4 cost?\n\n{part} neither")
    assert costs.decision is Decision.ACCESSIBLE
    assert against(letter, facts) == {}


@pytest.mark.parametrize(
    ("citation", "particulars", "sections"),
    [
        ("36(2)(c)", {}, ["s.36(5)", "s.36(2)", "s.36(2)"]),
        (
            "36(2)(c)",
            {"qualified person": "The monitoring officer", "opinion": "It would", "opinion given on": "3 July 2024"},
            ["s.36(2)"],
        ),
        (
            "36(2)(c)",
            {"qualified person": "The monitoring officer", "opinion": "It would", "opinion given on": "27 June 2024"},
            [],
        ),
        ("44(1)(a)", {}, ["s.44(1)"]),
        ("40(2) and (3A)(a)", {}, ["s.40(3A)"]),
        ("31(1)(g)", {}, ["s.31(2)"]),
        ("22(1)", {}, ["s.22(1)"]),
    ],
)
def test_what_a_limb_asks_for_is_recorded(citation: str, particulars: dict[str, str], sections: list[str]) -> None:
    facts = with_ground(CONTRACT, citation=citation, particulars=particulars)
    letter = words("43(2)", citation)
    blocks = [one for one in results(letter, facts) if one.rule == "R15" and one.verdict is Verdict.BLOCK]
    assert [one.citation for one in blocks] == sections


@pytest.mark.parametrize(
    ("particulars", "blocks"),
    [({}, 2), ({"estimate": "40 hours to find them"}, 1), ({"estimate": "40 hours", "advice": "Ask for one month"}, 0)],
)
def test_the_cost_limit_has_an_estimate_and_advice(particulars: dict[str, str], blocks: int) -> None:
    cost = replace(TREES, decision=Decision.COST_LIMIT, grounds=(Ground("12(1)", particulars=particulars),))
    letter = words("We felled 314.", "To count them would exceed the appropriate limit: section 12(1).")
    assert [
        result.verdict
        for result in results(letter, replace(FACTS, questions=(cost, *FACTS.questions[1:])))
        if result.rule == "R7"
    ].count(BLOCK) == blocks


@pytest.mark.parametrize(
    ("regime", "also", "estimated", "blocks"),
    [
        (Regime.FOIA, "", "", 0),
        (Regime.FOIA, "", "£350", 1),
        (Regime.FOIA, " With your request of 3 May, section 12(4).", "£350", 0),
        (Regime.EIR, "", "£350", 0),
    ],
)
def test_within_the_limit_nothing_is_refused_for_its_cost(
    regime: Regime, also: str, estimated: str, blocks: int
) -> None:
    ground = Ground("12(1)", particulars={"estimate": "14 hours", "advice": "Ask for one month"})
    cost = replace(TREES, decision=Decision.COST_LIMIT, grounds=(ground,))
    facts = replace(FACTS, regime=regime, questions=(cost, *FACTS.questions[1:]), estimated=estimated)
    letter = words("We felled 314.", f"To count them would exceed the appropriate limit: section 12(1).{also}")
    assert sum("does not exceed the limit" in sentence for sentence in said("R7", letter, facts)) == blocks


@pytest.mark.parametrize(
    ("told", "cost_limit", "warned"),
    [
        ("14 hours at £25 an hour, which is £350", 450, True),
        ("8 hours to find them and 6.5 hours to extract them", 450, True),
        ("18 hours, £450", 450, True),  # at the limit itself the duty stands
        ("20 hours", 600, True),
        ("£350, against the limit of £450", 450, True),
        ("14 hours", 0, False),  # whose limit is not known
        ("20 hours at £25 an hour, which is £500", 450, False),
        ("10 hours to find them and 12 hours to extract them", 450, False),
        ("30 hours, or £750, more than the limit of £450", 450, False),
        ("1,200 hours", 450, False),
        ("2 hours for each of 60 files", 450, False),
        ("5 minutes a file, in all 3,000 files", 450, False),
        ("more than 18 hours", 450, False),
        ("14 hours, taken together with the request of 3 May", 450, False),
        ("a great many files", 450, False),
    ],
)
def test_an_estimate_told_in_words_is_doubted_within_the_limit(told: str, cost_limit: int, warned: bool) -> None:
    ground = Ground("12(1)", particulars={"estimate": told, "advice": "Ask for one month"})
    cost = replace(TREES, decision=Decision.COST_LIMIT, grounds=(ground,))
    facts = replace(FACTS, questions=(cost, *FACTS.questions[1:]), cost_limit=cost_limit)
    letter = words("We felled 314.", f"To count them would exceed the appropriate limit: section 12(1). {told}.")
    found = [one.verdict for one in results(letter, facts) if "does not seem to exceed the limit" in one.sentence]
    assert found == ([WARN] if warned else [])


@pytest.mark.parametrize(("cost_limit", "warned"), [(450, True), (600, False), (0, False)])
def test_a_council_holds_nothing_under_section_35(cost_limit: int, warned: bool) -> None:
    facts = replace(with_ground(CONTRACT, citation="35(1)(a)"), cost_limit=cost_limit)
    told = [one for one in results(words("43(2)", "35(1)(a)"), facts) if one.citation == "s.35(1)"]
    assert [one.verdict for one in told if "government departments" in one.sentence] == ([WARN] if warned else [])


@pytest.mark.parametrize(
    ("decision", "citation", "says"),
    [
        (Decision.VEXATIOUS, "14(1)", "it is vexatious"),
        (Decision.REPEATED, "14(2)", "it is a repeated request"),
        (Decision.COST_LIMIT, "12(1)", "it passes the cost limit"),
    ],
)
def test_a_limit_is_said(decision: Decision, citation: str, says: str) -> None:
    particulars = {"estimate": "40 hours", "advice": "Ask for one month"}
    facts = replace(
        FACTS, questions=(replace(TREES, decision=decision, grounds=(Ground(citation, particulars=particulars),)),)
    )
    refused = f"Dear Ms Wells, we refuse to answer: section {citation}."
    assert any("does not say" in sentence for sentence in said("R7", refused, facts))
    assert not any("does not say" in sentence for sentence in said("R7", f"{refused} We do so because {says}.", facts))


GAIT = "Are there covert trials of gait recognition in Croydon by the police of Anytown Borough?"


@pytest.mark.parametrize(
    ("name", "words_named"),
    [
        ("Gait recognition covert trial Croydon 2023.pdf", "Gait, recognition, covert, trial and Croydon"),
        ("gait_recognition-2023.pdf", "gait and recognition"),
        ("contract with police of Anytown borough.pdf", ""),
        ("gait.pdf", ""),  # one word is chance
        ("contract.pdf", ""),
    ],
)
@pytest.mark.parametrize("released", [True, False])
def test_a_file_does_not_name_what_is_denied(name: str, words_named: str, released: bool) -> None:
    files: dict[str, Any] = {"attachments": (name,)} if released else {"attachments_unreleased": (name,)}
    told = said("R13", facts=replace(with_question(DRONES, text=GAIT), **files))
    if not words_named:
        assert told == ["Nothing gives away what is neither confirmed nor denied."]
        return
    assert told == [
        (
            f"Question 4 is neither confirmed nor denied, and the file {name} speaks of {words_named}: "
            "see that it does not tell what that question asks."
        )
    ]
    assert against(facts=replace(with_question(DRONES, text=GAIT), **files))["R13"] is WARN


@pytest.mark.parametrize(
    ("asked", "answer", "named"),
    [
        ("Your published policy", "The policy on the gait recognition trial in Croydon says: be careful", True),
        ("Your policy on gait recognition trials", "The policy on gait recognition trials says: be careful", False),
        ("Your published policy", "The policy of the police in the borough says: be careful", False),
        ("Your published policy", "", False),
    ],
)
def test_another_answer_does_not_name_what_is_denied(asked: str, answer: str, named: bool) -> None:
    facts = with_question(DRONES, text=GAIT)
    trees = replace(TREES, text=asked, answer=answer)
    told = said("R13", facts=replace(facts, questions=(trees, *facts.questions[1:])))
    assert (
        any("the answer to question 1 speaks of gait, recognition, trial and Croydon" in one for one in told) is named
    )
    assert named or told == ["Nothing gives away what is neither confirmed nor denied."]


CAMERAS = "Do you use Stingrays?"


@pytest.mark.parametrize(
    ("asked", "typed", "named"),
    [
        (GAIT, "The gait recognition trial in Croydon ended in May.", "gait, recognition, trial and Croydon"),
        (GAIT, "In Croydon we never tested gait recognition.", "Croydon, gait and recognition"),
        (GAIT, "The reports on gait recognition are held by the Met.", "gait and recognition"),
        (GAIT, "The reports on gait recognition are withheld.", "gait and recognition"),
        (GAIT, "No gait recognition took place.", "gait and recognition"),
        (GAIT, "There were five covert trials in Croydon.", "covert, trials and Croydon"),
        (GAIT, "The trials of gait recognition cost £4,000.", "trials, gait and recognition"),
        (CAMERAS, "We used Stingrays in 2019.", "Stingrays"),
        (CAMERAS, "We do not hold Stingrays.", "Stingrays"),
        (GAIT, "If gait recognition had been tested in Croydon, to say so would help criminals.", ""),
        (GAIT, "We cannot say whether gait recognition was tested in Croydon.", ""),
        (GAIT, "You asked for records that we hold of trials of gait recognition in Croydon.", ""),
        (GAIT, "Your request about gait recognition in Croydon was completed by your letter of 5 June.", ""),
        (GAIT, "Gait recognition identifies people in covert ways.", ""),
        (GAIT, "Our policy on gait recognition is published at https://anytown.example/gait.", ""),
        (GAIT, "The trial was completed in May.", ""),  # one word is chance
        (GAIT, "The police of Anytown borough were used to it.", ""),
        (GAIT, "Section 31(3) concerns gait recognition as used in Croydon if it exists.", ""),
        (CAMERAS, "A Stingray is a fish.", ""),
        ("Do you use lawnmowers?", "We used lawnmowers in 2019.", ""),
    ],
)
@pytest.mark.parametrize("before", ["We hold this information.", "You may ask us"])
def test_no_sentence_of_the_letter_tells_of_what_is_denied(asked: str, typed: str, named: str, before: str) -> None:
    facts = with_question(DRONES, text=asked)
    letter = words("Have you tried drones to survey the trees?", asked).replace(before, f"{typed} {before}", 1)
    told = said("R13", letter, facts)
    assert told == [
        f"Question 4 is neither confirmed nor denied, and a sentence of the letter speaks of {named}: "
        "see that it does not tell what that question asks."
        if named
        else "Nothing gives away what is neither confirmed nor denied."
    ]
    assert against(letter, facts).get("R13") is (WARN if named else None)


def test_what_blocks_already_or_is_recorded_is_told_once() -> None:
    facts = with_question(DRONES, text=GAIT)
    plain = "We hold five reports of covert trials of gait recognition in Croydon."
    letter = words("Have you tried drones to survey the trees?", GAIT)
    inside = letter.replace("To confirm that drones", f"{plain} To confirm that drones")
    assert [one.verdict for one in results(inside, facts) if one.rule == "R13"] == [BLOCK]
    trees = replace(TREES, answer=f"314. {plain}")
    answered = replace(facts, questions=(trees, *facts.questions[1:]))
    told = said("R13", letter.replace("We felled 314.", f"We felled 314. {plain}"), answered)
    assert len(told) == 1 and "the answer to question 1 speaks of" in told[0]


def test_a_follow_up_to_what_is_denied_is_answered_plainly_only_where_it_follows_it() -> None:
    plain = {"holding": Holding.HELD, "decision": Decision.DISCLOSE, "grounds": ()}
    for text in (
        "If so, when did it begin and what did it cost?",
        "How much have they cost?",
        "And the budget for this?",
        "How many arrests resulted?",
        "What were the outcomes?",
    ):
        assert against(facts=with_question(COSTS, text=text, **plain))["R14"] is BLOCK
    elsewhere = with_question(CONTRACT, text="How much did they cost?")
    assert "R14" not in against(facts=elsewhere)
    assert "R14" not in against(facts=with_question(COSTS, text="If so, what did it cost?"))


UNTOLD = "The answer recorded for question 4, which is neither confirmed nor denied, states something"


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        ("We hold 14 documents about these trials, which would be exempt", False),  # found by its words in the letter
        ("There were five arrests in Croydon in May 2023", True),
        ("The survey of Mill Lane is still under way", True),
        ("Such a trial would be listed. It began in May.", True),
        ("Yes, if that helps", True),
        ("", False),
        ("If any trial took place, its papers would be exempt.", False),
        ("We neither confirm nor deny it.", False),
        ("You can find our policy on cameras at https://anytown.example/cameras", False),
        ("Please see our website.", False),
        ("What we do with cameras is published at https://anytown.example/cameras", False),
    ],
)
def test_an_answer_to_what_is_not_confirmed_supposes_or_says_where_to_look(answer: str, plain: bool) -> None:
    facts = with_question(DRONES, answer=answer)
    assert any(sentence.startswith(UNTOLD) for sentence in said("R13", facts=facts)) is plain
    found = said("R13", words("whether the council has such tools is", f"it. {answer}. It is"), facts)
    assert ("Nothing gives away" in found[0]) is (not plain and not answer.startswith("We hold"))


def test_reasons_that_admit_what_they_keep_silent_about_are_found() -> None:
    reasons = "We hold three reports of trials and to release them would help"
    assert against(words("To confirm that drones\nfly over the trees, or to deny it, would help", reasons)) == {
        "R13": BLOCK
    }


def test_a_request_all_of_which_is_denied_says_nowhere_that_something_is_held_or_not() -> None:
    alone = replace(FACTS, questions=(replace(DRONES, position=1, label="1"),), attachments=())
    bare = "Dear Ms Wells,\n\nWe neither confirm nor deny that we hold anything, by virtue of section 31(3).\n\n{}\n\nYours sincerely,"
    for told in (
        "We do not hold it, which would be costly.",
        "There were four trials.",
        "We tried drones in Mill Lane.",
    ):
        assert against(bare.format(told), alone)["R13"] is BLOCK
    assert "R13" not in against(bare.format("To say whether there were such trials would help offenders."), alone)


def test_a_regulator_under_its_new_name() -> None:
    assert said("R9", facts=replace(FACTS, regulator="Information Commission")) == [
        "The regulator is called the Information Commission now: correct its name."
    ]


def test_public_interest_that_is_put_off_after_the_time_for_it() -> None:
    put_off = words(
        "On balance the public interest",
        "We need more time for the public interest and expect to decide by 30 July 2024. The interest",
    )
    assert "R6" not in against(put_off)
    assert said("R6", put_off, replace(FACTS, sent_on=TUE_JUL_2)) == [
        "The notice that puts it off had to go out by 1 July 2024: answer now instead."
    ]
    past = put_off.replace("30 July", "30 May")
    assert said("R6", past) == ["The day estimated for it, 30 May 2024, is not after the letter's own: give another."]


def test_a_letter_about_an_internal_review_needs_no_further_one() -> None:
    letter = words("You may ask us for an internal review. You may then", "You may")
    assert against(letter, replace(FACTS, review=True)) == {}


@pytest.mark.parametrize(
    ("sentence", "files", "verdict"),
    [
        ("The prices are attached.", (), WARN),
        ("Please find enclosed the prices.", (), WARN),
        ("The prices are in the attached spreadsheet.", (), WARN),
        ("The prices (attached) are complete.", (), WARN),
        ("FILES SENT WITH THIS LETTER", (), WARN),
        ("The prices go with this letter.", (), WARN),
        ("We deal with this letter in full.", (), None),
        ("The weight attached to this is great.", (), None),
        ("More weight is attached to this than to that.", (), None),
        ("The prices are not attached.", (), None),
        ("Dogs are enclosed by a fence.", (), None),
        ("The prices are attached to this letter.", (), WARN),
        ("The prices are attached.", ("prices.csv",), None),
        ("The prices are in prices.csv.", ("prices.csv",), None),
        ("The prices are high.", ("prices.csv",), WARN),
        ("The prices are in prices.csv.", ("prices.csv", "staff.csv"), WARN),
        ("The prices are attached as prices.csv.", ("prices.csv", "staff.csv"), WARN),
    ],
)
def test_a_letter_and_its_files_know_of_each_other(
    sentence: str, files: tuple[str, ...], verdict: Verdict | None
) -> None:
    letter = words(
        "We hold the contract and enclose it, but for", f"{sentence} We hold the contract and give it, but for"
    )
    found = [one for one in results(letter, replace(FACTS, attachments=files)) if one.rule == "R19"]
    assert [one.verdict for one in found] == [verdict or Verdict.PASS]
    if verdict and not files:
        assert found[0].place
        assert found[0].place.line == letter[: letter.index(sentence)].count("\n") + 1
        assert found[0].citation == "s.1(1)(b)"
    if "staff.csv" in files:
        assert found[0].sentence == "The letter does not speak of what goes with it: staff.csv."


def test_a_promised_file_that_waits_for_release_is_told_once() -> None:
    facts = replace(FACTS, attachments=(), attachments_unreleased=("contract.pdf",))
    assert against(facts=facts) == {"R19": BLOCK}
    assert len(said("R19", facts=facts)) == 1


@pytest.mark.parametrize(
    ("decision", "told"), [(Decision.NEITHER, "neither confirms nor denies"), (Decision.WITHHOLD, "withholds")]
)
@pytest.mark.parametrize("released", [True, False])
def test_no_file_goes_with_a_letter_that_gives_nothing(decision: Decision, told: str, released: bool) -> None:
    refused = replace(TREES, decision=decision, holding=Holding.NOT_STATED, grounds=(SILENCE,))
    files: dict[str, Any] = {"attachments" if released else "attachments_unreleased": ("hearing of J Smith.txt",)}
    bare = replace(FACTS, attachments=(), questions=(refused,))
    sentences = " ".join(said("R19", facts=replace(bare, **files)))
    assert f"The letter {told} what is asked for and discloses nothing" in sentences
    assert "hearing of J Smith.txt" in sentences
    assert "discloses nothing" not in " ".join(said("R19", facts=bare))
    for helped in (Decision.NOT_HELD, Decision.COST_LIMIT):
        facts = replace(bare, **files, questions=(replace(refused, decision=helped),))
        assert "discloses nothing" not in " ".join(said("R19", facts=facts))
    some = replace(bare, **files, questions=(refused, replace(CONTRACT, decision=Decision.PARTLY)))
    assert "discloses nothing" not in " ".join(said("R19", facts=some))


def test_a_letter_older_than_its_decisions_is_held_up() -> None:
    assert against(facts=replace(FACTS, decided_since=("Q1", "Q3"))) == {"R11": BLOCK}
    [sentence] = said("R11", facts=replace(FACTS, decided_since=("Q1",)))
    assert sentence.startswith("Q1 was decided anew after this letter was written: compose it anew")


def test_reasons_that_only_the_record_has_are_none() -> None:
    bare = f"We withhold the price under section 43(2) of the Act.\n\nYours sincerely,\nSam Okoro\n{FACTS.authority}"
    found = against(bare, facts=replace(FACTS, questions=(replace(CONTRACT, decision=Decision.WITHHOLD),)))
    assert found["R4"] is BLOCK


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        ("We served 212 notices under section 33 in 2023.", [WARN]),
        ("We served 212 notices under section 33 of the Environmental Protection Act 1990.", []),
        ("We withhold the notices under section 33.", [BLOCK]),
    ],
)
def test_a_section_that_an_answer_tells_of_is_only_doubted(answer: str, verdicts: list[Verdict]) -> None:
    facts = replace(FACTS, questions=(replace(TREES, answer=answer), *FACTS.questions[1:]))
    found = [one.verdict for one in results(words("We felled 314.", answer), facts) if "section 33" in one.sentence]
    assert found == verdicts

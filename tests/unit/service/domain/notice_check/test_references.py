"""Which questions can only be understood by another."""

import pytest

from service.domain.notice_check.references import pointed_at

FIRST = "Are there covert trials of gait recognition?"


@pytest.mark.parametrize(
    "text",
    [
        "If so, when did it begin and what did it cost?",
        "If yes, how many officers took part?",
        "2. If so, when?",
        "And if not, why not?",
        "If you do, how many?",
        "If any, how many?",
        "If there are such, where?",
        "If there were any, how many arrests followed?",
        "How many people did it identify?",
        "How many officers took part in this?",
        "What was its budget in 2023?",
        "Please give their budget.",
        "How much have they cost?",
        "What did that cost?",
        "Where were they used?",
        "Did it work?",
        "Has this been audited?",
        "Is this still in use?",
        "And the budget for this?",
        "Which company supplied it?",
        "The number of officers who took part in it",
        "And how many were there of them?",
    ],
)
def test_a_follow_up_leads_back_to_the_question_before(text: str) -> None:
    assert pointed_at(3, {1: FIRST, 2: "Has gait recognition been tried?", 3: text}) == {2}


@pytest.mark.parametrize(
    "text",
    [
        "How many complaints has this council received?",
        "What is this council's policy on cameras?",
        "Does the council have a policy on drones, and when was it adopted?",
        "Do you have cameras? If so, how many?",
        "Please send the camera policy. I need it",
        "Please provide a copy of the policy and the date you adopted it",
        "If you have a policy on cameras, please send it.",
        "If any charge applies, what is the charge?",
        "If possible, please send a spreadsheet.",
        "If it is easier, send the figures of last year.",
        "How much does it cost to run the library?",
        "How long does it take to answer a request?",
        "Is it true that the council keeps bees?",
        "How many officers did you employ and what did they cost?",
        "How many of your staff say that they are unhappy?",
        "Please list your officers and their ranks.",
        "Who is the head of IT?",
        "A copy of any internal policy that applies.",
    ],
)
def test_a_question_that_names_its_own_thing_leads_nowhere(text: str) -> None:
    assert pointed_at(2, {1: FIRST, 2: text}) == frozenset()


def test_the_first_question_follows_up_nothing() -> None:
    assert pointed_at(1, {1: "If so, when?", 2: FIRST}) == frozenset()

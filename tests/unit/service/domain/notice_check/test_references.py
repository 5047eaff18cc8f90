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
        "How many arrests resulted?",
        "How many arrests resulted, and what were the outcomes?",
        "3. How many prosecutions have followed?",
        "What costs arose?",
        "How many officers were involved?",
        "Who took part?",
        "How many arrests or charges were made?",
        "How many arrests were made as a result?",
        "How many officers were moved as a direct consequence",
        "What happened next?",
        "What were the outcomes?",
        "And what was the total cost?",
        "What is the purpose and the estimated duration?",
        "What were the dates and locations?",
        "Who are the suppliers?",
        "Please give the costs and results.",
        "How many were successful?",
        "How many have been charged?",
        "How many led to an arrest in Croydon?",
        "How much was spent?",
        "How much has been paid and to whom?",
        "When?",
        "Since when, and at what cost?",
        "How often, where and for how long",
        "Why not?",
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
        "How many arrests resulted from burglaries in 2023?",
        "How many arrests resulted in a charge?",
        "How many arrests for burglary followed?",
        "How many arrests were made in 2023?",
        "How many complaints were made?",
        "How many trees were felled?",
        "How many officers were involved in training?",
        "Which councillors took part in the vote?",
        "As a result of the merger, how many posts were lost?",
        "Did you close the library and lose staff as a result?",
        "What happened to the statue in Mill Lane?",
        "What were the outcomes of the school inspections?",
        "What is the cost of a parking permit?",
        "What is the cost per mile of road?",
        "What is the budget?",
        "What are the council's aims?",
        "What are the opening hours and costs of the pool?",
        "When was the library built?",
        "Please give the results of the by-election.",
        "How many are on the waiting list for housing?",
        "How many have applied for a blue badge?",
        "How many of your officers are women?",
        "How much was spent on roads?",
        "When is the next meeting?",
        "Which wards?  And the cost of a permit in each.",
    ],
)
def test_a_question_that_names_its_own_thing_leads_nowhere(text: str) -> None:
    assert pointed_at(2, {1: FIRST, 2: text}) == frozenset()


@pytest.mark.parametrize(
    "again", ["the total ", "and the costs ", "how many were ", "when and ", "how many arrests ", "a "]
)
def test_what_is_said_over_and_over_takes_no_time(again: str) -> None:
    for opening in ("What were ", "How many ", ""):
        assert pointed_at(2, {1: FIRST, 2: opening + again * 4000}) in (frozenset(), {1})


def test_the_first_question_follows_up_nothing() -> None:
    assert pointed_at(1, {1: "If so, when?", 2: FIRST}) == frozenset()

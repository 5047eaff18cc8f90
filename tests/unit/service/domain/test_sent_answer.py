"""What a mail sent by hand seems to be, on sentences as officers write them."""

import pytest

from service.domain.outcome import Outcome
from service.domain.sent_answer import Seems, impression_of, own_words

QUOTED = """Dear Ms Bell,

We do not hold this information.

From: Harriet Bell <h.bell@example.com>
Sent: 3 June 2024 09:00
Could you clarify who is exempt, and please find my list attached?"""


@pytest.mark.parametrize(
    ("text", "seems", "outcome"),
    [
        ("We do not hold this information.", Seems.ANSWER, Outcome.NOT_HELD),
        ("Please find attached the figures you asked for.", Seems.ANSWER, Outcome.GRANTED),
        ("In response to your request: 14 potholes.", Seems.ANSWER, Outcome.GRANTED),
        ("The information is exempt under section 31(1)(a).", Seems.ANSWER, Outcome.REFUSED),
        ("It is exempt under section 40(2). Please find the rest attached.", Seems.ANSWER, Outcome.PART),
        ("Complying would exceed the appropriate limit, so we refuse.", Seems.ANSWER, Outcome.COST_LIMIT),
        ("We neither confirm nor deny that we hold it.", Seems.ANSWER, Outcome.NEITHER),
        ("Your request is vexatious.", Seems.ANSWER, Outcome.VEXATIOUS),
        ("Could you clarify which streets you mean?", Seems.QUESTION, None),
        ("We need clarification under section 1(3) before we go on.", Seems.QUESTION, None),
        ("Thank you for your request. We will respond by 4 May.", Seems.HOLDING, None),
        ("We apologise for the delay and are still collecting the figures.", Seems.HOLDING, None),
        ("We acknowledge receipt of your request.", Seems.HOLDING, None),
        ("In answer to your question, we have no information on that.", Seems.ANSWER, Outcome.NOT_HELD),
        ("In response to your request, we refuse it under section 40(2).", Seems.ANSWER, Outcome.REFUSED),
        ("In response to your request: repairs were made within 24 hours.", Seems.ANSWER, Outcome.GRANTED),
        ("Here are the figures: in 2024 we refused 12 requests as vexatious.", Seems.ANSWER, Outcome.GRANTED),
        ("We hold this, and here it is: we refused 1,204 applications.", Seems.ANSWER, Outcome.GRANTED),
        ("14 potholes were repaired in 2023.", Seems.UNCLEAR, None),
        ("Thanks, noted.", Seems.UNCLEAR, None),
        ("", Seems.UNCLEAR, None),
    ],
)
def test_what_it_seems_to_be(text: str, seems: Seems, outcome: Outcome | None) -> None:
    found = impression_of(text)
    assert (found.seems, found.outcome) == (seems, outcome)


def test_a_file_is_taken_for_the_information() -> None:
    assert impression_of("Dear Ms Bell", ("figures.xlsx",)).outcome is Outcome.GRANTED
    assert impression_of("Could you clarify what you mean by this plan?", ("plan.pdf",)).seems is Seems.QUESTION


def test_the_requesters_own_words_quoted_below_do_not_count() -> None:
    assert impression_of(own_words(QUOTED)).outcome is Outcome.NOT_HELD

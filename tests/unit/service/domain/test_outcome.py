"""What the decisions on the questions of a request come to."""

import pytest

from service.domain.outcome import Outcome, outcome_of
from service.domain.question import Decision


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([Decision.DISCLOSE], Outcome.GRANTED),
        ([Decision.DISCLOSE, Decision.NOT_HELD], Outcome.GRANTED),
        ([Decision.DISCLOSE, Decision.ACCESSIBLE], Outcome.GRANTED),
        ([Decision.ACCESSIBLE, Decision.ACCESSIBLE], Outcome.ACCESSIBLE),
        ([Decision.ACCESSIBLE, Decision.NOT_HELD], Outcome.ACCESSIBLE),
        ([Decision.DISCLOSE, Decision.ACCESSIBLE, Decision.NOT_HELD], Outcome.GRANTED),
        ([Decision.NOT_HELD], Outcome.NOT_HELD),
        ([Decision.PARTLY], Outcome.PART),
        ([Decision.DISCLOSE, Decision.WITHHOLD], Outcome.PART),
        ([Decision.ACCESSIBLE, Decision.NEITHER, Decision.ACCESSIBLE, Decision.ACCESSIBLE], Outcome.PART),
        ([Decision.WITHHOLD, Decision.WITHHOLD], Outcome.REFUSED),
        ([Decision.WITHHOLD, Decision.NOT_HELD], Outcome.REFUSED),
        ([Decision.WITHHOLD, Decision.NEITHER], Outcome.REFUSED),
        ([Decision.NEITHER, Decision.NEITHER], Outcome.NEITHER),
        ([Decision.COST_LIMIT], Outcome.COST_LIMIT),
        ([Decision.VEXATIOUS], Outcome.VEXATIOUS),
        ([Decision.REPEATED, Decision.VEXATIOUS], Outcome.VEXATIOUS),
        ([Decision.REPEATED, Decision.DISCLOSE], Outcome.PART),
    ],
)
def test_decisions_come_to_one_outcome(decisions: list[Decision], outcome: Outcome) -> None:
    assert outcome_of(decisions) is outcome

"""What the decisions on the questions of a request come to."""

import pytest

from service.domain.outcome import Outcome, outcome_of
from service.domain.question import Decision
from service.domain.regime import Regime


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
        ([Decision.ACCESSIBLE, Decision.WITHHOLD], Outcome.REFUSED),
        ([Decision.ACCESSIBLE, Decision.NEITHER, Decision.ACCESSIBLE, Decision.ACCESSIBLE], Outcome.REFUSED),
        ([Decision.ACCESSIBLE, Decision.WITHHOLD, Decision.NOT_HELD], Outcome.REFUSED),
        ([Decision.ACCESSIBLE, Decision.COST_LIMIT], Outcome.COST_LIMIT),
        ([Decision.ACCESSIBLE, Decision.PARTLY], Outcome.PART),
        ([Decision.ACCESSIBLE, Decision.WITHHOLD, Decision.DISCLOSE], Outcome.PART),
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
@pytest.mark.parametrize("regime", [Regime.FOIA, Regime.FOISA])
def test_decisions_come_to_one_outcome(decisions: list[Decision], outcome: Outcome, regime: Regime) -> None:
    assert outcome_of(decisions, regime) is outcome


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([Decision.ACCESSIBLE], Outcome.ACCESSIBLE),
        ([Decision.ACCESSIBLE, Decision.NOT_HELD], Outcome.ACCESSIBLE),
        ([Decision.ACCESSIBLE, Decision.DISCLOSE], Outcome.GRANTED),
        ([Decision.ACCESSIBLE, Decision.WITHHOLD], Outcome.PART),
        ([Decision.WITHHOLD, Decision.NOT_HELD], Outcome.REFUSED),
    ],
)
@pytest.mark.parametrize("regime", [Regime.EIR, Regime.EISR])
def test_under_the_regulations_what_is_easily_had_already_is_given(
    decisions: list[Decision], outcome: Outcome, regime: Regime
) -> None:
    assert outcome_of(decisions, regime) is outcome

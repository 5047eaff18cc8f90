"""What the record of a decision still lacks."""

from dataclasses import replace

import pytest

from service.domain.exemptions import law_of
from service.domain.question import Decision, Ground, Question
from service.domain.reasons import unwritten

WEIGHED = Ground("31(1)(a)", "", "Openness", "Safe streets", "Safety weighs more")
RAID = replace(WEIGHED, harm="Burglars would learn when nobody watches")
ACT = "Freedom of Information Act 2000"
TEST = {"qualified person": "The Mayor", "opinion": "It would chill", "opinion given on": "3 June 2024"}


@pytest.mark.parametrize(
    ("regime", "decision", "grounds", "says"),
    [
        ("FOIA", None, (), ()),
        ("FOIA", Decision.DISCLOSE, (), ()),
        ("FOIA", Decision.NOT_HELD, (), ()),
        ("FOIA", Decision.WITHHOLD, (), ("the limb it rests on",)),
        ("FOIA", Decision.WITHHOLD, (RAID,), ()),
        ("FOIA", Decision.PARTLY, (RAID, Ground("41(1)")), ()),
        ("FOIA", Decision.WITHHOLD, (Ground("31(1)(a)"),), ("31(1)(a): public interest test, harm",)),
        ("FOIA", Decision.WITHHOLD, (replace(RAID, harm=" "),), ("31(1)(a): harm",)),
        (
            "FOIA",
            Decision.WITHHOLD,
            (replace(RAID, harm="n/a", conclusion="-"),),
            ("31(1)(a): public interest test, harm",),
        ),
        ("FOIA", Decision.NEITHER, (Ground("31(3)", harm="It would warn them"),), ("31(3): public interest test",)),
        ("FOIA", Decision.WITHHOLD, (replace(RAID, citation="36(2)(c)", particulars=TEST),), ()),
        ("FOIA", Decision.ACCESSIBLE, (Ground("21(1)"),), ("21(1): link",)),
        ("FOIA", Decision.WITHHOLD, (Ground("12(5)(e)"),), (f"12(5)(e): the {ACT} has no such limb",)),
        ("EIR", Decision.NOT_HELD, (), ()),
        ("FOIA", Decision.VEXATIOUS, (), ()),
        ("FOIA", Decision.COST_LIMIT, (), ("12(1): estimate, advice",)),
        ("EIR", Decision.VEXATIOUS, (), ("12(4)(b): public interest test",)),
    ],
)
def test_what_is_still_to_write(
    regime: str, decision: Decision | None, grounds: tuple[Ground, ...], says: tuple[str, ...]
) -> None:
    assert unwritten(law_of(regime), Question(1, "", "How many?", decision=decision, grounds=grounds)) == says

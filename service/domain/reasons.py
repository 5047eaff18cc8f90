"""What the record of a decision still lacks of what its limbs need (s.17 FOIA, s.16 FOISA, reg 14 EIR, reg 13 EISR)."""

import re
from collections.abc import Iterator

from service.domain.exemptions import Law, Need, NoSuchProvision
from service.domain.notice_law import notice_law
from service.domain.question import Ground, Question

_NOTHING = re.compile(
    r"(?i)[\s.?*_x-]*(?:n/?a|none|nil|not applicable|tb[acd]|to follow|see above|as above)?[\s.?*_x-]*"
)


def is_written(text: str) -> bool:
    """Whether a field says anything: "n/a", "tbc" or a dash does not."""
    return _NOTHING.fullmatch(text) is None


def unwritten(law: Law, question: Question) -> tuple[str, ...]:
    """In the officer's words: "31(1)(a): harm, public interest test"; empty when all of it is written, or undecided."""
    if question.decision is None:
        return ()
    words = notice_law(law.regime)
    grounds = words.grounds_of(law, question)  # with those that the law itself gives a decision
    if not grounds and words.refuses(question.decision):
        return ("the limb it rests on",)
    lacking = ((ground, ", ".join(_lacking(law, question, ground))) for ground in grounds)
    return tuple(f"{ground.citation}: {needs}" for ground, needs in lacking if needs)


def _lacking(law: Law, question: Question, ground: Ground) -> Iterator[str]:
    try:
        needs = law.provision(ground.citation).needs
    except NoSuchProvision:
        yield f"the {law.regime.rules.title} has no such limb"
        return
    written = {
        Need.HARM: ground.harm,
        Need.LINK: question.link,
        Need.PIT: min((ground.interest_for, ground.interest_against, ground.conclusion), key=is_written),
    }
    for need in Need:
        if need in needs and not is_written(written.get(need, ground.particulars.get(need.value, ""))):
            yield need.value

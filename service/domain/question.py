"""One numbered part of a request, and what the authority decided about it: the letter is composed from these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Holding(StrEnum):
    """Whether the information is held, as the requester is to be told (s.1(1)(a))."""

    NOT_STATED = "not stated"  # nobody has said yet or, where we neither confirm nor deny, nobody will
    HELD = "held"
    NOT_HELD = "not held"


class Decision(StrEnum):
    """What becomes of one question."""

    DISCLOSE = "disclose"
    PARTLY = "disclose in part"
    WITHHOLD = "withhold"
    NEITHER = "neither confirm nor deny"
    NOT_HELD = "not held"
    ACCESSIBLE = "already accessible"
    COST_LIMIT = "cost limit"
    VEXATIOUS = "vexatious"
    REPEATED = "repeated"

    @property
    def refuses(self) -> bool:
        """Whether the letter must be a refusal notice for it (s.17)."""
        return self not in (Decision.DISCLOSE, Decision.NOT_HELD)


@dataclass(frozen=True, slots=True)
class Ground:
    """One limb relied on, such as "31(1)(a)", and why it applies.

    The public interest test of a limb that confirms or denies nothing is about confirming or denying (s.17(3)(a)).
    `particulars` are what the limb needs beyond that, by the name of its `exemptions.Need`.
    """

    citation: str
    harm: str = ""  # the harm or prejudice, or else why the limb applies to this request
    interest_for: str = ""  # public interest in disclosing, or in confirming or denying
    interest_against: str = ""
    conclusion: str = ""  # where the balance lies
    particulars: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One part of a request as its requester put it; `position` counts from 1, `label` is how they numbered it."""

    position: int
    label: str
    text: str
    holding: Holding = Holding.NOT_STATED
    decision: Decision | None = None
    grounds: tuple[Ground, ...] = ()
    answer: str = ""  # what we tell or disclose, in the letter's words
    link: str = ""  # where the information can be had already: a web address or a place (s.21)
    source: str = ""  # who holds it or gave it to us; for the team, never in a letter

    @property
    def name(self) -> str:
        """How the letter names it: Q1."""
        return f"Q{self.position}"

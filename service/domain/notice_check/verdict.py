"""What the checker says: a verdict of one rule, why, under which section, and where in the letter."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a rule makes of a letter; only BLOCK stands against sending it."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    BLOCK = "block"
    UNJUDGED = "unjudged"  # the words alone cannot tell


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the letter; `line` counts from 1, `excerpt` is short and on one line."""

    line: int
    excerpt: str


@dataclass(frozen=True, slots=True)
class Result:
    """One rule's verdict: a sentence that says what is wrong and what to do, and the section it rests on."""

    rule: str
    verdict: Verdict
    sentence: str
    citation: str
    place: Place | None = None

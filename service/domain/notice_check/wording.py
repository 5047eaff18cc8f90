"""Patterns for what letters say: a blank in one stands for any white space, line ends included."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

ADDRESS = re.compile(
    r"(?i)\bhttps?://[\w-]+\.[^\s<>]{2,}|\bwww\.[\w-]+\.\w[^\s<>]*|\b[\w.-]+\.(?:gov|police|nhs|org|ac|co)\.uk\b"
)
_WORD = re.compile(r"[a-zA-Z][a-zA-Z'’-]*")
_ENDINGS = (
    "ational",
    "ations",
    "ation",
    "ions",
    "ion",
    "ingly",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "er",
    "es",
    "ly",
    "s",
    "y",
    "e",
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """about above after again against also although among another any are around asked because been before being below
    between both but can cannot could did does done down during each either else ever every for from further give given
    had has have having here how however into its itself just know let like made make many may might more most much must
    need neither nor not now off one only onto other our out over own per please put rather said same say see seek send
    several shall she should since some such take tell than that the their them then there therefore these they this
    those through thus too under until upon use used very was way well were what when where whether which while who whom
    whose why will with within without would you your i we it is of in on to a an and or as at be by do if me my no so
    us""",
    )
)


def words(pattern: str) -> "re.Pattern[str]":
    """A pattern that takes no notice of case, nor of where a line was broken."""
    # Bounded: what is quoted stands there as blanks, and no phrase reaches over it.
    return re.compile(pattern.replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}"), re.IGNORECASE)


def squeezed(text: str) -> str:
    """A text for comparing: small letters, single spaces, plain quotation marks, no mark of punctuation."""
    return " ".join(re.sub(r"[^\w%£]+", " ", text.lower()).split())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """What a word has in common with its plural and its relatives, roughly: technology, technologies."""
    plain = word.lower().replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 4:
            return plain[: -len(ending)]
    return plain


def stems(text: str) -> frozenset[str]:
    """The stems of the words that mean something."""
    return frozenset(stem(word) for word in _WORD.findall(text) if len(word) > 2 and word.lower() not in _EMPTY)


def said(day: date) -> str:
    """A day in a sentence: 3 June 2024."""
    return f"{day.day} {day:%B %Y}"


def listed(names: Iterable[str]) -> str:
    """section 31, section 40 and section 43."""
    *most, last = [*names] or [""]
    return f"{', '.join(most)} and {last}" if most else last

"""How much two requests have in common, told from their words alone: for a person to judge, never for a machine."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from math import sqrt

from service.domain.request_words import new_words
from service.domain.search_words import folded

LONGEST = 20_000  # characters that are compared
SHINGLE = 3  # words in a row
MOST_TELLING = 24
SAME, NEARLY, SIMILAR = 0.8, 0.45, 0.35
_WORD = re.compile(r"[^\W_]+")
_GREETING = re.compile(r"(?im)^[ \t]*(?:dear|hello|hi|good (?:morning|afternoon|evening)|to whom)\b[^\n]{0,80}$")
_FAREWELL = re.compile(
    r"(?im)^[ \t]*(?:(?:kind|best|warm|many)?[ ]?regards|yours (?:faithfully|sincerely|truly)|many thanks|thanks"
    r"|thank you|sincerely|best wishes|cheers)\b[^\n]{0,40}$"
)


@lru_cache(maxsize=10_000)  # requests are compared fifty at a time, and much of them is the same words
def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word


# What requests say whatever they ask: without these words two of them are not alike for being requests.
_COMMON_WORDS = (
    "a about act all also am an and any are as at authority be been between but by can copies copy could "
    "council data date dear detail details did do does each email environmental every following foi foia for "
    "freedom from further give given had has have held hold how i if in include including information into is "
    "it its kindly know last let like list made make many may me more most much my no not number numbers of on "
    "or other our out over per please possible provide provided public receive received record recorded records "
    "regarding regards regulations relate related relating request requested requests respond response section "
    "send she should since so some such tell than thank thanks that the their them there these they this those "
    "through to total under up us was we were what when where whether which who whom why will with within would "
    "write year years you your yours "
)
_COMMON = frozenset(map(_singular, _COMMON_WORDS.split()))


class Closeness(StrEnum):
    """Likeness in words."""

    SAME = "the same text"
    NEARLY = "nearly the same text"
    SIMILAR = "much in common"
    OTHER = "little in common"

    @property
    def substantially_similar(self) -> bool:
        """Whether it may be what s.14(2) calls identical or substantially similar."""
        return self in (Closeness.SAME, Closeness.NEARLY)


@dataclass(frozen=True)
class Asked:
    """The words of one request, without its greeting, its signature and the mails it quotes."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All of them in their order, folded; plurals are not told from singulars."""
        body = _GREETING.sub("", new_words(self.text[:LONGEST]))
        farewell = _FAREWELL.search(body)
        kept = body[: farewell.start()] if farewell and body[: farewell.start()].strip() else body
        return tuple(_singular(word) for word in _WORD.findall(folded(kept)))

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that say what is asked about."""
        return frozenset(word for word in self.words if word not in _COMMON and len(word) > 1)

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        """Every few words in a row."""
        words = self.words
        if len(words) <= SHINGLE:
            return frozenset([words] if words else ())
        return frozenset(zip(*(words[n:] for n in range(SHINGLE)), strict=False))

    @property
    def most_telling(self) -> tuple[str, ...]:
        """The longest of the telling words, for long words are rare ones."""
        return tuple(sorted(self.telling, key=lambda word: (-len(word), word))[:MOST_TELLING])


def likeness(one: Asked, other: Asked) -> tuple[float, Closeness]:
    """How much two requests have in common, as a number and in words.

    From 0, nothing, to 1, the same: the share of words in a row, or of telling words, that both have.
    """
    in_a_row, telling = _overlap(one, other), _cosine(one, other)
    return max(in_a_row, 0.9 * telling), _closeness(in_a_row, telling)


def _closeness(in_a_row: float, telling: float) -> Closeness:
    if in_a_row >= SAME:
        return Closeness.SAME
    if in_a_row >= NEARLY:
        return Closeness.NEARLY
    return Closeness.SIMILAR if telling >= SIMILAR else Closeness.OTHER


def _overlap(one: Asked, other: Asked) -> float:
    shared = len(one.shingles & other.shingles)
    every = len(one.shingles) + len(other.shingles) - shared
    return shared / every if every else 0.0


def _cosine(one: Asked, other: Asked) -> float:
    size = sqrt(len(one.telling) * len(other.telling))
    return len(one.telling & other.telling) / size if size else 0.0

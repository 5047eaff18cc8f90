"""The words somebody looks for: reading them from what was typed, and showing where they stand in a text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import chain, takewhile
from re import Match

LONGEST_QUERY, MOST_TERMS = 200, 8
SHORTEST_PREFIX = 2  # characters: one letter begins half of all words
BEFORE, AROUND = 60, 240  # characters of an excerpt before its first match, and in all
_QUOTED_OR_WORD = re.compile(r'"([^"]*)"|(\S+)')
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")
_FOLDING = re.compile(r"[^\W\x00-\x7f]")
# Endings by which two forms of one word differ; what exactly counts as one word the database's stemmer decides.
_ENDINGS = frozenset(
    (
        *("", "s", "es", "ed", "d", "e", "y", "ies", "ied", "ing", "ings", "er", "ers", "ly", "al", "able", "ive"),
        *("ion", "ions", "ation", "ations", "ment", "ments"),
    )
)
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together, as typed; with `prefix` the last of them may be only the beginning of one."""

    text: str
    prefix: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(_WORD.findall(folded(self.text)))

    @property
    def letters(self) -> int:
        """How many letters and digits it has."""
        return sum(map(len, self.words))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `marked` when it is what was looked for."""

    text: str
    marked: bool = False


def read_terms(typed: str) -> tuple[Term, ...]:
    """What was typed as terms, at most eight: words between double quotes are one, and every other mark is no operator.

    The last term may be the beginning of a word, for it may still be being typed; one in quotes is meant as it is.
    """
    text = _UNPRINTABLE.sub(" ", typed)[:LONGEST_QUERY]
    found = [(quoted or word.replace('"', " ").strip(), bool(quoted)) for quoted, word in _QUOTED_OR_WORD.findall(text)]
    told = [(words, quoted) for words, quoted in found if _WORD.search(words)][:MOST_TERMS]
    return tuple(
        Term(words, not quoted and number == len(told) and Term(words).letters >= SHORTEST_PREFIX)
        for number, (words, quoted) in enumerate(told, 1)
    )


def folded(text: str) -> str:
    """A text in small letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def excerpt(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """The part of a text where it first has one of the terms, those marked, or else its beginning."""
    flat = " ".join(text.split())
    spans = _spans(flat, terms)
    first = next(spans, None)
    begin = max(first[0] - BEFORE, 0) if first else 0
    begin = flat.find(" ", begin) + 1 if begin else 0
    end = min(begin + AROUND, len(flat))
    pieces, at = [Piece("… ")] if begin else [], begin
    for start, stop in takewhile(lambda span: span[1] <= end, chain([first] if first else [], spans)):
        pieces += [Piece(flat[at:start]), Piece(flat[start:stop], marked=True)]
        at = stop
    rest = flat[at:end] + (" …" if end < len(flat) else "")
    return tuple(piece for piece in (*pieces, Piece(rest)) if piece.text)


def terms_in(text: str, terms: Sequence[Term]) -> int:
    """How many words of the terms a text has, at a guess."""
    wanted = _wanted(terms)
    if _is_plain(text):
        small = text.lower()
        words = {word for beginning in _beginnings(wanted) for word in beginning.findall(small)}
    else:
        words = set(map(folded, _in_any_letters(wanted).findall(text)))
    return sum(any(_is_form(word, one, prefix) for word in words) for one, prefix in wanted)


def _spans(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    wanted = _wanted(terms)
    if _is_plain(text):
        small = text.lower()
        met: Iterator[Match[str]] = merge(
            *(beginning.finditer(small) for beginning in _beginnings(wanted)), key=Match.start
        )
    else:
        met = _in_any_letters(wanted).finditer(text)
    for match in met:
        word = folded(match[0])
        if any(_is_form(word, one, prefix) for one, prefix in wanted):
            yield match.span()


def _is_plain(text: str) -> bool:
    """Whether folding changes no letter of a text but its capitals."""
    return text.isascii() or not _FOLDING.search(text)


def _wanted(terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """Every word that is looked for, and whether it may be only a beginning."""
    return tuple(
        (word, term.prefix and number == len(term.words)) for term in terms for number, word in enumerate(term.words, 1)
    )


@lru_cache(maxsize=64)
def _beginnings(wanted: tuple[tuple[str, bool], ...]) -> tuple[re.Pattern[str], ...]:
    """The words of a text in small letters that begin as one of those looked for, few of all: one pattern for each
    beginning, which comes first in it, so that it is found as fast as letters are compared."""
    stems = map(re.escape, _stems(wanted))
    return tuple(re.compile(rf"{stem}(?<![^\W_]{stem})[^\W_]*") for stem in stems)


@lru_cache(maxsize=64)
def _in_any_letters(wanted: tuple[tuple[str, bool], ...]) -> re.Pattern[str]:
    """The same, and the words with a letter that folding may change."""
    begin = "|".join(map(re.escape, _stems(wanted))) or "(?!)"
    return re.compile(rf"(?<![^\W_])(?:(?:{begin})[^\W_]*|[a-z0-9]*[^\W_a-z0-9][^\W_]*)", re.IGNORECASE)


def _stems(wanted: tuple[tuple[str, bool], ...]) -> list[str]:
    """The beginnings of some words, without those that begin as another does."""
    every = {word[:SHORTEST_STEM] for word, _ in wanted}
    return [stem for stem in sorted(every) if not any(stem[:length] in every for length in range(1, len(stem)))]


@lru_cache(maxsize=4096)  # the papers of one page have many of their words in common
def _is_form(word: str, wanted: str, prefix: bool) -> bool:
    if word == wanted or (prefix and word.startswith(wanted)):
        return True
    shared = _shared(word, wanted)
    return shared >= SHORTEST_STEM and word[shared:] in _ENDINGS and wanted[shared:] in _ENDINGS


def _shared(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((n for n in range(shorter) if one[n] != other[n]), shorter)

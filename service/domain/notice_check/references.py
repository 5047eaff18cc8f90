"""How one question points at others: by number, or by words such as "these technologies"."""

import re
from collections.abc import Mapping

from service.domain.notice_check.wording import stem, words

_NUMBERS = r"\(?(\d{1,2})\)?((?: ?(?:,|;|/|&|\+|\band\b|\bor\b|\bto\b|-|–)+ ?(?:and |or )?(?:q(?:uestion)?\.? ?)?\(?\d{1,2}\)?(?!\d|[/.]\d))*)"
_NAMED = words(
    rf"\b(?:q(?:uestion)?s?\.?|points?|parts?|items?|either|both|numbers?|nos?\.?|requests?) ?(?:no\.? ?)?{_NUMBERS}(?!\d|[/.]\d|\w)"
)
_JOINED = words(
    r"\b(?:of|in|to|for|from|under|at|with) \(?(\d{1,2})\)? ?((?:,|/|&|\band\b|\bor\b) ?\(?\d{1,2})\)?(?!\d|[/.:]\d|\w)"
    r"(?! (?:days?|weeks?|months?|years?|hours?|times?|per|%|percent|people|officers|miles|km|metres|staff|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec))"
)
_ABOVE = words(
    r"\b(?:(?:any|all|both|either|each|none|some|one) of )?the (?:above|aforementioned|foregoing|previous questions?|preceding questions?"
    r"|first question)\b(?!-named)|\b(?:mentioned|listed|described|referred to|requested|as) above\b|\babove-?mentioned\b"
)
_THESE = words(r"\b(?:these|those|such|the said|said) ((?:[a-z-]+ ){0,2}?)([a-z][a-z-]{3,})\b")
_THEM = words(r"\b(?:of|for|about|against|from|with|to|by|on) (?:them|these|those)\b(?! [a-z])")
_SINGLE = re.compile(r"\d{1,2}")
_RANGE = re.compile(r"\bto\b|-|–")
_EMPTY = frozenset(
    ("things", "information", "documents", "records", "requests", "questions", "data", "cases", "details", "figures")
)


def numbers_named(text: str, highest: int) -> frozenset[int]:
    """The questions that a text names by number; a number above the highest is none."""
    found: set[int] = set()
    for pattern in (_NAMED, _JOINED):
        for match in pattern.finditer(text):
            found.update(_numbers(int(match[1]), match[2] or ""))
    return frozenset(number for number in found if 1 <= number <= highest)


def _numbers(first: int, rest: str) -> list[int]:
    more = [int(number) for number in _SINGLE.findall(rest)]
    if len(more) == 1 and _RANGE.search(rest):
        return list(range(first, more[0] + 1))
    return [first, *more]


def pointed_at(number: int, asked: Mapping[int, str]) -> frozenset[int]:
    """The other questions that a question leans on; `asked` are the words of all of them, by number."""
    text, before = asked[number], [other for other in asked if other < number]
    found = set(numbers_named(text, max(asked)))
    if _ABOVE.search(text):
        found.update(before)
    found.update(_by_noun(text, before, asked))
    if before and not found and _THEM.search(text):
        found.add(before[-1])
    return frozenset(found & asked.keys() - {number})


def _by_noun(text: str, before: list[int], asked: Mapping[int, str]) -> set[int]:
    """The earlier questions whose noun is taken up by "these", unless this question named it itself just before."""
    found: set[int] = set()
    for match in _THESE.finditer(text):
        noun = stem(match[2])
        own = {stem(word) for word in re.findall(r"[A-Za-z-]+", text[: match.start()])}
        if noun in own or match[2].lower() in _EMPTY:
            continue
        found.update(
            other for other in before if noun in {stem(word) for word in re.findall(r"[A-Za-z-]+", asked[other])}
        )
    return found

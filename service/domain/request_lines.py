"""A request's lines as blocks: items with the mark that numbers them, and paragraphs, wrapped lines joined."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from service.domain.request_prose import signs_off


class Family(StrEnum):
    """How a list is numbered."""

    NAMED = "named"  # Q1, Question 1:
    DIGIT = "digit"
    LETTER = "letter"
    ROMAN = "roman"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before an item: as written, its kind of list, where it stands in it (0 for bullets), how it looks."""

    label: str
    family: Family
    number: int
    style: str
    indent: int


@dataclass(frozen=True, slots=True)
class Block:
    """An item, or a paragraph when it has no mark; `text` is on one line."""

    mark: Mark | None
    text: str


_NAMED = re.compile(
    r"(?i)\(?(?:q(?:uestion|uery|u)?|request|part|item)\.?\s{0,2}#?(?P<number>\d{1,3})\b\)?\s*(?:[.):/–—-]+|(?=\s|$))"
)
_DIGIT = re.compile(
    r"[\[(#]?(?P<number>\d{1,3})(?:\s?[.)\]:]+(?!\d)|\s?/(?![\d ]*\d)|\s?[-–—](?=\s*[^\W\d]))(?=\s|$|[^\W\d]|[\"'‘“(£])"
)
_LETTER = re.compile(r"(?P<letters>\([a-zA-Z]\)|[a-zA-Z][.)](?=\s|$)|[a-zA-Z]\)(?=\S))")
_ROMAN = re.compile(r"(?i)(?P<letters>\([ivx]{1,5}\)|[ivx]{1,5}[.)](?=\s|$)|[ivx]{1,5}\)(?=\S))")
_BULLET = re.compile(r"(?:[-*•·‣▪◦●○–—‐](?=\s)|o(?=\s{2,}|\t)|[•▪●](?=\S))")
_ROMANS = {
    f"{tens}{roman}": number
    for tens, ten in (("", 0), ("x", 10))
    for number, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), ten + 1)
}
_INLINE = re.compile(r"(?:(?<=\s)|(?<=^))(?P<mark>\(?(?P<number>\d{1,2})\))(?=\s*\S)")
NARROWEST, WIDEST = 50, 110  # of text that a mail program has wrapped


def blocks(text: str) -> list[Block]:
    """The blocks of a text, in order; nothing but blank space is left out."""
    lines = [line.expandtabs(4).replace("\xa0", " ").rstrip() for line in text.split("\n")]
    width = max(map(len, lines), default=0)
    found: list[Block] = []
    last: dict[Family, int] = {}  # the number that each kind of list has come to
    before = ""
    for line in lines:
        mark = _mark(line, last)
        if mark:
            last[mark.family] = mark.number
            found.append(Block(mark, _folded(line.strip()[len(mark.label) :])))
        elif found and _continues(before, line.strip(), width):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {_folded(line)}".strip())
        elif line.strip():
            found.append(Block(None, _folded(line)))
        before = line
    return [piece for block in found for piece in _apart(block)]


def _folded(words: str) -> str:
    """With one space wherever there are some: what looks for words would go over each run of them again and again."""
    return " ".join(words.split())


def _continues(before: str, line: str, width: int) -> bool:
    """Whether a line goes on with the one before, because its first word would not have fitted there."""
    if not line or not before.strip() or before.endswith(":") or signs_off(line) or signs_off(before.strip()):
        return False
    if line[0].islower() and before[-1] not in ".?!;":
        return True
    first_word = line.split(maxsplit=1)[0]
    return NARROWEST <= width <= WIDEST and len(before) + 1 + len(first_word) > width


def _mark(line: str, last: Mapping[Family, int]) -> Mark | None:
    words = line.strip()
    indent = len(line) - len(line.lstrip())
    for family, pattern in ((Family.NAMED, _NAMED), (Family.DIGIT, _DIGIT)):
        match = pattern.match(words)
        if match:
            return Mark(match[0].strip(), family, int(match["number"]), _style(match[0]), indent)
    bullet = _BULLET.match(words)
    if bullet:
        return Mark(bullet[0], Family.BULLET, 0, "-" if bullet[0] in "-–—‐" else bullet[0], indent)
    return _lettered(words, indent, last)


def _lettered(words: str, indent: int, last: Mapping[Family, int]) -> Mark | None:
    """A letter or a Roman number; a list of either begins with its first, for "J. Smith" is none."""
    letter, roman = _LETTER.match(words), _ROMAN.match(words)
    if letter:
        number = ord(letter[0].strip("().").lower()) - ord("a") + 1
        # (i) after (h) is a letter, after (a) a Roman one within it.
        if not roman or (number == last.get(Family.LETTER, 0) + 1 and number > 1):
            fits = number == 1 or last.get(Family.LETTER)
            return Mark(letter[0], Family.LETTER, number, _style(letter[0]), indent) if fits else None
    number = _ROMANS.get(roman[0].strip("().").lower(), 0) if roman else 0
    if roman and number and (number == 1 or last.get(Family.ROMAN)):
        return Mark(roman[0], Family.ROMAN, number, _style(roman[0]), indent)
    return None


def _style(mark: str) -> str:
    """A mark's look without its number: "()" or ".", capitals told from small letters."""
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"[\d\s]", "", mark)))


def _apart(block: Block) -> Iterator[Block]:
    """A paragraph with 1) and 2) running through it as its beginning and its items."""
    marks = list(_INLINE.finditer(block.text)) if block.mark is None else []
    marks = [match for number, match in enumerate(marks, 1) if int(match["number"]) == number]
    if len(marks) < 2:
        yield block
        return
    yield from [Block(None, block.text[: marks[0].start()].strip())] * bool(block.text[: marks[0].start()].strip())
    ends = [match.start() for match in marks[1:]] + [len(block.text)]
    for match, end in zip(marks, ends, strict=True):
        words = re.sub(r"(?:[,;] ?(?:and)?| and)$", "", block.text[match.end() : end].rstrip())
        yield Block(Mark(match["mark"], Family.DIGIT, int(match["number"]), _style(match["mark"]), 0), words.strip())

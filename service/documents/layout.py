"""The parts of a plain text letter: headings, paragraphs, lists and quotations, as a document needs them told apart."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

LONGEST_HEADING = 100  # characters
SHORTEST_WORD = 8  # letters of a heading that is a single word: YES and NONE are answers
MOST_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]")
_LINK = re.compile(r"https?://[^\s<>\"“”]*[^\s<>\"“”.,;:!?')\]]")


class Shape(StrEnum):
    """What a part of a letter is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEMS = "items"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line; `link` is the address they lead to, empty for plain words."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a letter and its lines, each a sequence of runs."""

    shape: Shape
    lines: tuple[tuple[Run, ...], ...]

    @property
    def text(self) -> str:
        """Its words, line by line."""
        return "\n".join("".join(run.text for run in line) for line in self.lines)


def parts_of(body: str) -> tuple[Part, ...]:
    """The parts of a letter in order.

    A paragraph ends at an empty line; a line in capitals that stands alone is a heading, lines that begin with ">" are
    a quotation, and those that begin with "- " a list.
    """
    return tuple(part for lines in _paragraphs(clean(body)) for part in _shaped(lines))


def clean(text: str) -> str:
    """The words without what cannot be seen: control characters, marks that turn the direction of writing, halves of
    characters. A document cannot hold some of them, and others make it read otherwise than it looks."""
    seen = MOST_INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\t", "    "))
    return "".join(c for c in seen if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co"))


def _paragraphs(body: str) -> Iterator[list[str]]:
    for empty, lines in groupby(body.split("\n"), lambda line: not line.strip()):
        if not empty:
            yield [line.rstrip() for line in lines]


def _shaped(lines: list[str]) -> Iterator[Part]:
    if len(lines) == 1 and _is_heading(lines[0]):
        yield Part(Shape.HEADING, ((Run(lines[0].strip()),),))
        return
    for shape, group in groupby(lines, _shape_of):
        yield from _part(shape, list(group))


def _is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and line == line.upper()
        and sum(c.isalpha() for c in line) >= (3 if " " in line.strip() else SHORTEST_WORD)
        and not line.startswith((">", "- "))
        and not line.rstrip().endswith((".", ",", ";"))
    )


def _shape_of(line: str) -> Shape:
    if line.startswith(">"):
        return Shape.QUOTE
    return Shape.ITEMS if line.startswith("- ") else Shape.PARAGRAPH


def _part(shape: Shape, lines: list[str]) -> Iterator[Part]:
    if shape is Shape.PARAGRAPH:
        yield Part(shape, tuple(_runs(line) for line in lines))
    elif shape is Shape.ITEMS:
        yield Part(shape, tuple(_runs(line[2:]) for line in lines))
    else:  # what was quoted had paragraphs of its own; nothing in it becomes a link
        quoted = [line[1:].strip() for line in lines]
        for empty, group in groupby(quoted, lambda line: not line):
            if not empty:
                yield Part(shape, tuple((Run(line),) for line in group))


def _runs(line: str) -> tuple[Run, ...]:
    runs, at = [], 0
    for match in _LINK.finditer(line):
        if match.start() > at:
            runs.append(Run(line[at : match.start()]))
        runs.append(Run(match[0], match[0]))
        at = match.end()
    if at < len(line):
        runs.append(Run(line[at:]))
    return tuple(runs)

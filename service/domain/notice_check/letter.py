"""A letter as the checker reads it: its own words apart from those it quotes, sentence by sentence, with places."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from service.domain.notice_check.quotation import without_quotations
from service.domain.notice_check.verdict import Place

EXCERPT = 90  # characters
_JOINT = 55  # a line as long as this was broken by a program, a shorter one by its writer
_END = re.compile(r"[.!?][\"”’)]?(?=\s+[A-Z“\"(\[‘])|\n")
_CLOSED = re.compile(r"[.!?:;][\"”’)]?\s*$")
_BEGINS = re.compile(r"\s*(?:[-•*–]\s|\(?\w{1,2}[.)/]\s|>|Q\d|Question\s\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the letter, from one character to before another."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class LetterText:
    """What was written; `own` is as long, with blanks for what the letter quotes from the request."""

    text: str
    own: str

    @classmethod
    def of(cls, text: str, asked: str = "") -> "LetterText":
        """A letter's text, and what its requester wrote as far as that is known."""
        plain = "\n".join(line.rstrip() for line in re.sub(r"\r\n?|[\u2028\u2029\f\v]", "\n", text).split("\n"))
        plain = plain.replace("\u00a0", " ").replace("\u00ad", "").replace("\u2019", "'").replace("\u200b", "")
        return cls(plain, without_quotations(plain, asked))

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The letter's own sentences and headings, in order."""
        return tuple(_sentences(self.own))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """The number, from 1, of the line that a character stands in."""
        return bisect_right(self._starts, offset)

    def place(self, offset: int, end: int = 0) -> Place:
        """Where a stretch begins, with the words around it."""
        line = self.line(offset)
        start = self._starts[line - 1]
        whole = " ".join(self.text[start : self.text.find("\n", start) if "\n" in self.text[start:] else None].split())
        if len(whole) <= EXCERPT:
            return Place(line, whole)
        told = " ".join(self.text[offset : max(end, offset + EXCERPT)].split())
        return Place(line, told[: EXCERPT - 1] + "…" if len(told) >= EXCERPT else told)

    def find(self, pattern: "re.Pattern[str]") -> Place | None:
        """Where the letter's own words first match, if they do."""
        match = pattern.search(self.own)
        return self.place(match.start(), match.end()) if match else None


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _END.finditer(text):
        if match[0] == "\n" and _goes_on(text, start, match.start()):
            continue
        yield from _span(text, start, match.end())
        start = match.end()
    yield from _span(text, start, len(text))


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        first = start + len(piece) - len(piece.lstrip())
        yield Span(first, end, " ".join(piece.split()))


def _goes_on(text: str, start: int, newline: int) -> bool:
    """Whether a sentence runs on in the next line: long lines are broken by programs, headings are not."""
    line_start = max(start, text.rfind("\n", 0, newline) + 1)
    line = text[line_start:newline]
    following = text[newline + 1 : newline + 40].partition("\n")[0]
    if not following.strip() or not line.strip() or _CLOSED.search(line[-4:]) or _BEGINS.match(following):
        return False
    return following.lstrip()[0].islower() or len(line.strip()) >= _JOINT

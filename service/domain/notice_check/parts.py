"""A letter's answers, question by question: "Q1 - ..." and the sentences that name a question elsewhere."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.domain.notice_check.letter import LetterText, Span
from service.domain.notice_check.references import numbers_named
from service.domain.notice_check.telling import refuses, says_held
from service.domain.notice_check.wording import ADDRESS, words

_NAMED = re.compile(
    r"(?im)^[ \t]{0,8}\**(?:Q|question)[ \t]?(?:no\.?[ \t]?)?(?P<number>\d{1,2})\b(?!/\d)[ \t]*[-–—:.)/]*\**[ \t]*"
)
_BARE = re.compile(r"(?m)^[ \t]{0,8}\(?(?P<number>\d{1,2})[ \t]?[./):](?!\d)[ \t]*[-–—]?[ \t]*")
_CLOSING = re.compile(
    r"(?im)^[ \t]*(?:if you are (?:not satisfied|unhappy|dissatisfied|unsatisfied)|complaints?\b[^.\n]{0,40}$|your rights?\b|rights? of (?:review|appeal|complaint)"
    r"|how to complain|internal review\b[^.\n]{0,20}$|requesting a review|review procedure|yours (?:sincerely|faithfully|truly)|kind regards|files sent with"
    r"|(?:should|were) you (?:be|have)|you (?:may|can|have the right to) (?:ask|request|complain)[^.\n]{0,40}review|i (?:hope|trust) |please (?:quote|contact))"
)
_ASKS = words(
    r"^(?:please|how|what|when|where|which|who|why|do|does|did|has|have|is|are|can|could|if|a copy|copies|any|all|the (?:number|names?|total|cost|amount)"
    r"|number|details?|list|total)\b"
)
_TELLS = words(
    r"\bsection \d|\bregulation \d|\battached\b|\benclosed\b|\b(?:is|are) given\b|\bnot applicable\b|^(?:yes|no|none|nil|zero|£?\d)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One question in the letter: its words, where its answer begins, and the sentences of it.

    `stands` is false for a question that the letter does not take up under a heading of its own.
    """

    number: int
    asked: str
    start: int
    sentences: tuple[Span, ...]
    stands: bool = True

    @property
    def text(self) -> str:
        """The answer's sentences, one a line."""
        return "\n".join(span.text for span in self.sentences)


@dataclass(frozen=True, slots=True)
class _Label:
    number: int
    start: int
    end: int


def parts_of(letter: LetterText, asked: Mapping[int, str]) -> tuple[Part, ...]:
    """A letter's parts by number; `asked` are the questions where the record knows them."""
    runs = _runs(letter, asked)
    answers = next((run for run in reversed(runs) if _answers(letter, run)), None)
    questions = dict(asked) or (_asked_in(letter, runs[0]) if runs else {})
    highest = max([*questions, *(label.number for label in answers or ())], default=0)
    if not highest:
        return ()
    blocks = dict(_blocks(letter, answers, questions)) if answers else {}
    return tuple(_parts(letter, questions, blocks, highest))


def _runs(letter: LetterText, asked: Mapping[int, str]) -> list[list[_Label]]:
    """Labels that count upwards; a list of reasons is no list of questions, so bare numbers must prove themselves."""
    named = _counted(_NAMED, letter)
    if any(_answers(letter, run) for run in named):
        return [*[run for run in _counted(_BARE, letter) if not _answers(letter, run)], *named]
    bare = _counted(_BARE, letter)
    if asked:
        return [run for run in bare if len(run) <= len(asked) and run[0].number == 1]
    asking = [run for run in bare if not _answers(letter, run)]
    numbers = {label.number for run in asking for label in run}
    return [*asking, *(run for run in bare if _answers(letter, run) and _is_answering(letter, run, numbers))]


def _is_answering(letter: LetterText, run: Sequence[_Label], numbers: set[int]) -> bool:
    if numbers:
        return {label.number for label in run} <= numbers
    return sum("?" in letter.own[label.end : _line_end(letter, label)] for label in run) * 2 >= len(run)


def _counted(pattern: "re.Pattern[str]", letter: LetterText) -> list[list[_Label]]:
    runs: list[list[_Label]] = []
    for match in pattern.finditer(letter.own):
        written = pattern.match(letter.text, match.start())  # what is blanked out after it is no part of the label
        label = _Label(int(match["number"]), match.start(), written.end() if written else match.end())
        if not runs or label.number <= runs[-1][-1].number:
            runs.append([])
        runs[-1].append(label)
    return runs


def _line_end(letter: LetterText, label: _Label) -> int:
    end = letter.text.find("\n", label.end - 1)
    return end if end >= 0 else len(letter.text)


def _ends(letter: LetterText, run: Sequence[_Label]) -> Iterator[tuple[_Label, int]]:
    """Each label of a run with the end of its block."""
    for number, label in enumerate(run):
        if number + 1 < len(run):
            yield label, run[number + 1].start
        else:
            closing = _CLOSING.search(letter.own, label.end)
            yield label, closing.start() if closing else len(letter.own)


def _answers(letter: LetterText, run: Sequence[_Label]) -> bool:
    """Whether a run's labels stand before answers; all but blank they stand before quoted questions."""
    blocks = [letter.own[label.end : end].strip() for label, end in _ends(letter, run)]
    if len(blocks) > 1:
        return any(blocks[:-1])  # what follows the last quoted question is the letter
    return bool(blocks[0]) and "q" in letter.text[run[0].start : run[0].end].lower()


def _asked_in(letter: LetterText, run: Sequence[_Label]) -> dict[int, str]:
    """The questions as the letter quotes them, of its first list."""
    return {label.number: " ".join(letter.text[label.end : _line_end(letter, label)].split()) for label in run}


def _blocks(
    letter: LetterText, run: Sequence[_Label], questions: Mapping[int, str]
) -> Iterator[tuple[int, tuple[int, int, list[Span]]]]:
    for label, end in _ends(letter, run):
        inside = [_after(span, label) for span in letter.sentences if label.start <= span.start < end]
        spans = [span for span in inside if span.text]
        if spans and not _is_masked(letter, label) and _restates(spans, questions.get(label.number, "")):
            spans = spans[1:]
        yield label.number, (label.start, end, spans)


def _is_masked(letter: LetterText, label: _Label) -> bool:
    return not letter.own[label.end : _line_end(letter, label)].strip() and bool(
        letter.text[label.end : _line_end(letter, label)].strip()
    )


def _after(span: Span, label: _Label) -> Span:
    """A sentence without the label it begins with."""
    if span.start >= label.end:
        return span
    match = _NAMED.match(span.text) or _BARE.match(span.text)
    text = span.text[match.end() :] if match else span.text
    return Span(label.end, span.end, text.strip())


def _restates(spans: Sequence[Span], asked: str) -> bool:
    """Whether a part's first sentence is its question over again."""
    first = spans[0].text
    if first.endswith("?"):
        return True
    if len(spans) < 2 or refuses(first) or says_held(first) or ADDRESS.search(first) or _TELLS.search(first):
        return False
    return bool(_ASKS.search(first)) or (bool(asked) and first[:40].lower() in asked.lower())


def _parts(
    letter: LetterText, questions: Mapping[int, str], blocks: Mapping[int, tuple[int, int, list[Span]]], highest: int
) -> Iterator[Part]:
    inside = sorted((start, end) for start, end, _ in blocks.values())
    outside = [span for span in letter.sentences if not any(start <= span.start < end for start, end in inside)]
    named = _named_in(letter, outside, highest)
    for number in sorted({*questions, *blocks}):
        start, _, spans = blocks.get(number, (0, 0, []))
        found = (*spans, *named.get(number, ()))
        asked = questions.get(number) or _label_line(letter, start)
        yield Part(number, asked, start or (found[0].start if found else 0), found, stands=number in blocks)


def _label_line(letter: LetterText, start: int) -> str:
    end = letter.text.find("\n", start)
    return letter.text[start : end if end >= 0 else None].strip()


def _named_in(letter: LetterText, spans: Sequence[Span], highest: int) -> dict[int, list[Span]]:
    """The sentences that name a question by its number, with those that follow them in the same paragraph."""
    found: dict[int, list[Span]] = {}
    current: frozenset[int] = frozenset()
    end = 0
    for span in spans:
        numbers = numbers_named(span.text, highest)
        if numbers:
            current = numbers
        elif "\n" in letter.text[end : span.start] or letter.text[max(end - 1, 0) : end] == "\n":
            current = frozenset()
        for number in current:
            found.setdefault(number, []).append(span)
        end = span.end
    return found

"""The questions that a request seems to ask, proposed to an officer who sees the request beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.domain.question import Question
from service.domain.request_lines import Block, Family, Mark, blocks
from service.domain.request_prose import (
    announces,
    asks,
    is_formality,
    is_question,
    leads_in,
    older_words,
    requests,
    sentences,
    signs_off,
    without_greeting,
)
from service.domain.request_words import new_words

_NUMBERED = (Family.NAMED, Family.DIGIT)
LONGEST_TEXT = 100_000  # characters; what is longer was not written by hand
MOST_QUESTIONS = 200  # as many as can be decided; more are kept together in the last
LONGEST_HEADING = 60  # characters
LONGEST_NAME = 3  # words; as few at the end of a request are its signature


@dataclass(slots=True)
class _Draft:
    label: str
    lines: list[str] = field(default_factory=list)
    complete: bool = False  # something else has been said since

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if line).strip()


def propose_questions(text: str) -> tuple[Question, ...]:
    """The questions of a request's words, labelled as their requester numbered them.

    One question with all of the words when none can be told apart, and none of an empty text.
    """
    text = text[:LONGEST_TEXT]
    fresh = new_words(text)
    drafts = _drafts(fresh) or _drafts(older_words(text)) or [_Draft("", [_all_of(fresh) or _all_of(text)])]
    kept = [draft for draft in _at_most(drafts) if draft.text]
    return tuple(Question(position, draft.label, draft.text) for position, draft in enumerate(kept, 1))


def _at_most(drafts: list[_Draft]) -> list[_Draft]:
    beyond = [f"{draft.label} {draft.text}".strip() for draft in drafts[MOST_QUESTIONS:]]
    if beyond:
        drafts[MOST_QUESTIONS - 1].lines.extend(beyond)
    return drafts[:MOST_QUESTIONS]


def _drafts(text: str) -> list[_Draft]:
    found = _body(blocks(text))
    drafts = _listed(found) if _is_list(found) else _told(found)
    return [draft for draft in drafts if draft.text]


def _all_of(text: str) -> str:
    """Every word between greeting and signature or, where that leaves none, simply every word."""
    return "\n".join(_as_written(block) for block in _body(blocks(text))) or text.strip()


def _is_list(found: Sequence[Block]) -> bool:
    """Whether the request is set out in items; one dash is rather a line of somebody's signature."""
    families = [block.mark.family for block in found if block.mark]
    return bool(families) and families != [Family.BULLET]


def _body(found: Sequence[Block]) -> list[Block]:
    """The blocks between the greeting and the signature."""
    kept = list(found)
    if kept and kept[0].mark is None:
        kept[0] = Block(None, without_greeting(kept[0].text).strip())
    last = max((i for i, block in enumerate(kept) if block.mark and block.mark.family in _NUMBERED), default=-1)
    end = next((i for i, block in enumerate(kept) if i > last and _ends(block)), len(kept))
    return [block for block in kept[: end or len(kept)] if block.text or block.mark]


def _ends(block: Block) -> bool:
    return block.mark is None and signs_off(block.text)


def _listed(found: Sequence[Block]) -> list[_Draft]:
    """A request with a list: its items with what stands under them, and what is asked before and after."""
    tops = _tops(found)
    first, last = min(tops), max(tops)
    drafts = [draft for block in found[:first] for draft in _asked_before(block)]
    end = _end_of_item(found, last)
    for index in range(first, end):
        block = found[index]
        if index in tops:
            heading = _heading_of(drafts, found, index, first)
            label, lines = _labelled(block)
            drafts.append(_Draft(label, [f"{heading.rstrip(':')}: {lines[0]}" if heading else lines[0]]))
        else:
            drafts[-1].lines.append(_as_written(block))
    after = [block for block in found[end:] if not leads_in(block.text)]
    return drafts + [_Draft("", [said]) for block in after for said in sentences(block.text) if asks(said)]


def _tops(found: Sequence[Block]) -> set[int]:
    """Where the questions begin: the items of the list that the request is set out in."""
    marked = [(i, block.mark) for i, block in enumerate(found) if block.mark]
    lead = _leading(marked)
    tops: set[int] = set()
    under = 0  # the number of the item before, where that stands under another
    for i, mark in marked:
        if mark.family is not lead.family:
            under = 0
        elif mark.indent > lead.indent + 1 or (mark.style != lead.style and tops and mark.number == under + 1):
            under = mark.number
        else:
            tops.add(i)
            under = 0
    return tops


def _leading(marked: Sequence[tuple[int, Mark]]) -> Mark:
    """The first mark of the outermost list; a numbered list outranks bullets and letters that are over before it."""
    _, lead = marked[0]
    if lead.family in _NUMBERED:
        return lead
    numbered = next(((i, mark) for i, mark in marked if mark.family in _NUMBERED), None)
    if numbered and not any(mark.family is lead.family for i, mark in marked if i > numbered[0]):
        return numbered[1]
    return lead


def _end_of_item(found: Sequence[Block], top: int) -> int:
    """One past the last block of the last question: its own words, on the next line if need be, and parts under it."""
    under = max((i for i, block in enumerate(found) if i > top and block.mark), default=top)
    return min(under + (1 if found[under].text else 2), len(found))


def _asked_before(block: Block) -> list[_Draft]:
    """What is asked before the list begins; an announcement of the list is not."""
    if block.mark:
        return [_Draft(*_labelled(block))] if asks(block.text) else []
    return [_Draft("", [said]) for said in sentences(block.text) if is_question(said) and not leads_in(said)]


def _heading_of(drafts: list[_Draft], found: Sequence[Block], index: int, first: int) -> str:
    """A short line just before an item heads it: taken from the question above, which it would else end."""
    before = found[index - 1] if index > first else None
    if before is None or not _is_heading(before) or len(drafts[-1].lines) < 2 or drafts[-1].lines[-2].endswith(":"):
        return ""
    return drafts[-1].lines.pop()


def _is_heading(block: Block) -> bool:
    text = block.text
    return block.mark is None and text[0].isupper() and len(text) <= LONGEST_HEADING and text[-1] not in ".?!,;"


def _told(found: Sequence[Block]) -> list[_Draft]:
    """A request in prose: each sentence that asks, with what is said after it; after a colon each line is one."""
    drafts: list[_Draft] = []
    announced = False
    for block in found:
        told = sentences(block.text)
        announced = announced and not requests(told[0]) and not any(map(is_formality, told))
        if announced:
            drafts.append(_Draft("", [block.text]))
            continue
        announced = announces(block.text)
        _add_prose(drafts, [said for said in told if not said.endswith(":")])
    return drafts


def _add_prose(drafts: list[_Draft], told: Iterable[str]) -> None:
    for said in told:
        if asks(said) and not (leads_in(said) and len(said) < LONGEST_HEADING):
            drafts.append(_Draft("", [said]))
        elif drafts and is_formality(said):
            drafts[-1].complete = True
        elif drafts and not drafts[-1].complete and not _is_name(said):
            drafts[-1].lines[-1] += f" {said}"


def _is_name(said: str) -> bool:
    return said[-1] not in ".!?)" and sum(word.isalpha() for word in said.split()) <= LONGEST_NAME


def _labelled(block: Block) -> tuple[str, list[str]]:
    """A label as it is written; a bullet is none."""
    numbered = block.mark and block.mark.family is not Family.BULLET
    return (block.mark.label if block.mark and numbered else ""), [block.text]


def _as_written(block: Block) -> str:
    return f"{block.mark.label} {block.text}".strip() if block.mark else block.text

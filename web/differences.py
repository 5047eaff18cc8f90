"""What changed between two versions of a text, line by line, for people who approve the second."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 2  # unchanged lines shown around a change


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either version; `change` is "added", "removed", "gap" for lines left out, or empty."""

    text: str
    change: str = ""


def differences(before: str, after: str) -> list[Line]:
    """The lines of two texts as one reading; stretches that both share are cut short."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        if lines:
            lines.append(Line("", "gap"))
        for tag, i, j, k, m in group:
            lines += _lines(tag, old[i:j], new[k:m])
    return lines


def _lines(tag: str, old: list[str], new: list[str]) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line(text) for text in old)
        return
    yield from (Line(text, "removed") for text in old)
    yield from (Line(text, "added") for text in new)

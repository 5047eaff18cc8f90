"""Charts as figures of bars: every bar leads to the list of its cases, and a table behind says the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from flask import get_template_attribute
from markupsafe import Markup

WIDTH = 360  # of every chart, in its own units; a phone's width, so that its words stay readable there
ROW, THICK = 26, 16  # a row of a bar chart, and the bar in it
NUMBER = 34  # what a number beside a bar takes
LETTER = 7.6  # what a letter of a label takes, at most
TALL, FOOT, HEAD = 150, 22, 18  # of a column chart: the columns, the labels under them, the numbers above
LABELLED = 3  # of so many columns one has its label, which is wider than they are


@dataclass(frozen=True, slots=True)
class Part:
    """So many of one series, and where their list is; `words` say it to those who do not see it."""

    series: str
    number: int
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one label of a chart has; each group of parts lies end to end in one bar."""

    label: str
    groups: tuple[tuple[Part, ...], ...]
    short: str = ""  # how the label is written where there is little room


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    part: Part


@dataclass(frozen=True, slots=True)
class Words:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, with what it stands for."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart, its legend (series and words), and its rows for the table, headed by `headings`."""

    key: str
    title: str
    description: str
    height: float
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    words: tuple[Words, ...]
    rules: tuple[Rule, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    lines: tuple[float, ...] = ()  # across, thin: where the scale begins and ends
    width: int = field(default=WIDTH, init=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(part.number for row in self.rows for group in row.groups for part in group)


def bars(
    key: str,
    title: str,
    description: str,
    headings: tuple[str, ...],
    rows: Sequence[Row],
    *,
    label: int,
    most: int = 15,
    after: tuple[int, str] | None = None,
    legend: tuple[tuple[str, str], ...] = (),
) -> Chart:
    """Bars lying under one another, of each row's first group; labels take `label` units on the left, or as many as
    the longest needs, but never more than half.

    At most so many rows are drawn, the table has them all; `after` puts a rule under a row and says what it is.
    """
    drawn = rows[:most]
    highest = max((_sum(row.groups[0]) for row in drawn), default=0) or 1
    longest = max((len(row.short or row.label) for row in drawn), default=0)
    label = max(label, min(int((longest + 1) * LETTER), WIDTH // 2))
    room = WIDTH - label - NUMBER
    found: list[Bar] = []
    words: list[Words] = []
    rules: list[Rule] = []
    y = 0.0
    for index, row in enumerate(drawn):
        end = float(label)
        for part, start, width in _laid(row.groups[0], room / highest):
            found.append(Bar(label + start, y + (ROW - THICK) / 2, width, THICK, part))
            end = label + start + width
        words.append(Words(0, y + ROW / 2 + 4, _cut(row.short or row.label, int(label / LETTER))))
        words.append(Words(end + 4, y + ROW / 2 + 4, str(_sum(row.groups[0]))))
        y += ROW
        if after is not None and after[0] == index:
            rules.append(Rule(y + ROW - 6, after[1]))
            y += ROW
    if len(rows) > most:
        description += f" Drawn are the first {most} of {len(rows)}; the table has them all."
    return Chart(key, title, description, y, headings, tuple(rows), tuple(found), tuple(words), tuple(rules), legend)


def columns(
    key: str,
    title: str,
    description: str,
    headings: tuple[str, ...],
    rows: Sequence[Row],
    *,
    legend: tuple[tuple[str, str], ...] = (),
) -> Chart:
    """Columns standing beside one another, a group of parts on top of each other; the rows go from left to right."""
    highest = max((_sum(group) for row in rows for group in row.groups), default=0) or 1
    room = WIDTH / max(len(rows), 1)
    found: list[Bar] = []
    floor = HEAD + TALL
    words = [Words(0, HEAD - 4, str(highest))]
    lines = (float(HEAD), float(floor))
    for index, row in enumerate(rows):
        thick = (room - 4) / len(row.groups)
        for place, group in enumerate(row.groups):
            for part, start, height in _laid(group, TALL / highest):
                x = index * room + 2 + place * thick
                found.append(Bar(x, floor - start - height, thick - 1, height, part))
        if index % LABELLED == 0:
            words.append(Words(index * room + room / 2, floor + 15, row.short or row.label, "middle"))
    height = floor + FOOT
    return Chart(key, title, description, height, headings, tuple(rows), tuple(found), tuple(words), (), legend, lines)


@lru_cache(maxsize=256)  # most are as they were a minute ago, and half of the dashboard's writing was theirs
def drawing(chart: Chart) -> Markup:
    """The figure of a chart for a page."""
    drawn: Callable[[Chart], Markup] = get_template_attribute("web/chart.html", "drawn")
    return drawn(chart)


def _sum(parts: Sequence[Part]) -> int:
    return sum(part.number for part in parts)


def _laid(parts: Sequence[Part], scale: float) -> Iterator[tuple[Part, float, float]]:
    """The parts that are not empty, one after the other: where each begins and how long it is."""
    ends = accumulate(part.number for part in parts)
    for part, end in zip(parts, ends, strict=True):
        if part.number:
            yield part, round((end - part.number) * scale, 1), max(round(part.number * scale, 1), 1.0)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

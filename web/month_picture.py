"""An explanation as a small picture: the months from the receipt to the deadline, a coloured square for each day."""

from calendar import monthcalendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.explanation import Day, DayKind, Explanation

LEGEND = {
    DayKind.RECEIPT: "received",
    DayKind.CLARIFIED: "clarification arrived",
    DayKind.COUNTED: "counted",
    DayKind.DEADLINE: "deadline",
    DayKind.HOLIDAY: "holiday",
    DayKind.DISREGARDED: "disregarded: the fee",
    DayKind.STOPPED: "clock stopped",
    DayKind.BEFORE: "before the clarification",
}
CELL, GAP, HEAD = 26, 2, 38  # pixels: a day's square, between two, and above the first week
MOST_MONTHS = 12  # a clock that stood for years is told by its list


@dataclass(frozen=True, slots=True)
class Square:
    """A day of a month at its place in pixels; `kind` is a word for its colour, `n` its number in the count."""

    x: int
    y: int
    number: int
    kind: str
    n: int | None


@dataclass(frozen=True, slots=True)
class MonthPicture:
    """One month: its name, its squares, and its size in pixels."""

    name: str
    squares: Sequence[Square]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The months, and which meanings of colours occur in them; `left_out` counts months too many to draw."""

    months: Sequence[MonthPicture]
    legend: Sequence[tuple[str, str]]
    left_out: int


def picture(explained: Explanation) -> Picture:
    """Draw an explanation; of very many months, the last."""
    days = {day.on: day for day in explained.days}
    months = sorted({(on.year, on.month) for on in days})
    found = {day.kind for day in explained.days}
    legend = [(css(kind), words) for kind, words in LEGEND.items() if kind in found]
    drawn = [_month(year, month, days) for year, month in months[-MOST_MONTHS:]]
    return Picture(drawn, legend, max(0, len(months) - MOST_MONTHS))


def css(kind: DayKind) -> str:
    """A kind of day as the end of a class name."""
    return kind.name.lower().replace("_", "-")


def _month(year: int, month: int, days: dict[date, Day]) -> MonthPicture:
    weeks = monthcalendar(year, month)
    squares = [
        _square(date(year, month, number), column, row, days)
        for row, week in enumerate(weeks)
        for column, number in enumerate(week)
        if number
    ]
    return MonthPicture(f"{date(year, month, 1):%B %Y}", squares, 7 * CELL, HEAD + len(weeks) * CELL)


def _square(on: date, column: int, row: int, days: dict[date, Day]) -> Square:
    day = days.get(on)
    kind = css(day.kind) if day else "outside"
    return Square(column * CELL, HEAD + row * CELL, on.day, kind, day.n if day else None)


def in_words(explained: Explanation) -> str:
    """The picture for those who do not see it: what it adds up to."""
    return ", ".join(_counts(explained)) + ". The list below says the same day by day."


def _counts(explained: Explanation) -> Iterator[str]:
    for kind, words in LEGEND.items():
        number = sum(day.kind is kind for day in explained.days)
        if number:
            yield f"{number} {'day' if number == 1 else 'days'} {words}"

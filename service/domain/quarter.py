"""The quarters that authorities publish by: of the calendar year, by the day a request was received."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from service.errors import DeskError

FIRST_YEAR, LAST_YEAR = 2005, 2199  # the Acts came into force on 1 January 2005


class NoSuchQuarter(DeskError):
    """{text!r} is no quarter; write one as 2026Q3."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year; `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Self:
        """The quarter written 2026Q3 (or 2026-Q3, 2026q3); raises NoSuchQuarter."""
        found = re.fullmatch(r"([0-9]{4})[ -]?[Qq]([1-4])", text.strip())
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise NoSuchQuarter(text=text[:20])
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    @property
    def words(self) -> str:
        """July to September 2026."""
        return f"{self.first:%B} to {self.last:%B} {self.year}"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

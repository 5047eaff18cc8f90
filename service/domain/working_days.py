"""Working days: which days count, which do not and why, and the nth of them after a day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

A_DAY = timedelta(days=1)


class Division(StrEnum):
    """Whose holiday it is: a part of the United Kingdom, or the school that holds no session that day."""

    ENG = "ENG"
    SCT = "SCT"
    NIR = "NIR"
    SCHOOL = "SCHOOL"

    @property
    def place(self) -> str:
        """Its name within a sentence."""
        return _PLACES[self]


_PLACES = {
    Division.ENG: "England and Wales",
    Division.SCT: "Scotland",
    Division.NIR: "Northern Ireland",
    Division.SCHOOL: "the school",
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """One row of the calendar: a day that does not count in one division, by which source, and since when known."""

    on: date
    division: Division
    title: str
    source: str
    proclaimed_on: date | None = None
    added_in: str = ""
    added_on: date | None = None  # the day a row was added at run time; None for rows of the shipped file

    @property
    def known_since(self) -> date:
        """The first day on which anyone could count with it; the beginning of time for the ordinary yearly round."""
        return self.proclaimed_on or self.added_on or date.min


@dataclass(frozen=True, slots=True)
class Weekend:
    """Why a Saturday or a Sunday does not count."""

    on: date


WhyNot = Weekend | tuple[Holiday, ...]


@dataclass(frozen=True)
class WorkingDays:
    """The working days of one law: every weekday but the holidays of its divisions; counts in O(log holidays).

    `starts` and `horizon` bound the days whose holidays have been published; outside them every weekday counts,
    and a date that depends on such a day is provisional.
    """

    holidays: tuple[Holiday, ...]
    version: str
    starts: date
    horizon: date
    _by_day: dict[int, tuple[Holiday, ...]] = field(init=False, repr=False, compare=False)
    _ordinals: list[int] = field(init=False, repr=False, compare=False)
    _ranks: list[int] = field(init=False, repr=False, compare=False)
    _learnt: list[date] = field(init=False, repr=False, compare=False)
    _as_known: dict[int, "WorkingDays"] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_day: dict[int, tuple[Holiday, ...]] = {}
        for row in self.holidays:
            if row.on.weekday() < 5:
                by_day[row.on.toordinal()] = (*by_day.get(row.on.toordinal(), ()), row)
        ordinals = sorted(by_day)
        object.__setattr__(self, "_by_day", by_day)
        object.__setattr__(self, "_ordinals", ordinals)
        object.__setattr__(self, "_learnt", sorted({row.known_since for row in self.holidays}))
        object.__setattr__(self, "_as_known", {})
        # The nth holiday is passed over on the way to any working day whose rank is not below this.
        object.__setattr__(self, "_ranks", [_weekdays_until(o) - n for n, o in enumerate(ordinals)])

    def is_working(self, day: date) -> bool:
        """Whether a day counts."""
        return day.weekday() < 5 and day.toordinal() not in self._by_day

    def why_not(self, day: date) -> WhyNot | None:
        """None for a working day, else the weekend or every division's holiday that makes it none."""
        if day.weekday() >= 5:
            return Weekend(day)
        return self._by_day.get(day.toordinal())

    def after(self, day: date, n: int) -> date:
        """The nth working day after a day; day 1 is the first working day after it, whether or not it is one itself."""
        if n < 1:
            raise ValueError("working days are counted from 1")
        rank = self._rank(day) + n
        return _weekday(rank + bisect_right(self._ranks, rank))

    def on_or_after(self, day: date) -> date:
        """The day itself when it counts, else the next that does."""
        return day if self.is_working(day) else self.after(day, 1)

    def on_or_before(self, day: date) -> date:
        """The day itself when it counts, else the last that did."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def count(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; negative when `end` is the earlier."""
        return self._rank(end) - self._rank(start)

    def covers(self, first: date, last: date) -> bool:
        """Whether the holidays of all days from first to last have been published."""
        return self.starts <= first and last <= self.horizon

    def closed_on(self, days: Iterable[date]) -> "WorkingDays":
        """The same calendar less the days on which a school holds no session."""
        rows = tuple(Holiday(day, Division.SCHOOL, "no session", "the school's calendar") for day in days)
        return replace(self, holidays=(*self.holidays, *rows))

    def as_known_on(self, day: date, until: date = date.max) -> "WorkingDays":
        """The calendar that could be known on a day; itself when nothing in (day, until] became known only later."""
        if not any(self._surprises(day, until)):
            return self
        learnt = bisect_right(self._learnt, day)
        if learnt not in self._as_known:  # one calendar for all the days between two proclamations
            known = tuple(row for row in self.holidays if row.known_since <= day)
            self._as_known[learnt] = replace(self, holidays=known)
        return self._as_known[learnt]

    def _surprises(self, day: date, until: date) -> Iterator[bool]:
        first, last = (bisect_right(self._ordinals, d.toordinal()) for d in (day, until))
        return (row.known_since > day for o in self._ordinals[first:last] for row in self._by_day[o])

    def _rank(self, day: date) -> int:
        ordinal = day.toordinal()
        return _weekdays_until(ordinal) - bisect_right(self._ordinals, ordinal)


def _weekdays_until(ordinal: int) -> int:
    weeks, days = divmod(ordinal, 7)  # ordinal 1, the first of January of the year 1, is a Monday
    return 5 * weeks + min(days, 5)


def _weekday(number: int) -> date:
    weeks, days = divmod(number - 1, 5)
    return date.fromordinal(7 * weeks + days + 1)

"""What a changed calendar makes of the days of a case, in sentences."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date

from service.domain.calendars import Calendars
from service.domain.regime import Regime
from service.domain.working_days import Holiday, WorkingDays

Said = tuple[date, str]


@dataclass(frozen=True)
class Changed:
    """Two calendars, and the holidays that only one of them knows, or knows otherwise, by regime."""

    before: Calendars
    after: Calendars
    _said: dict[Regime, list[Said]] = field(init=False, repr=False, compare=False)
    _touched: dict[Regime, list[date]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pairs = {regime: (self.before.of(regime), self.after.of(regime)) for regime in Regime}
        object.__setattr__(self, "_said", {regime: _difference(*pair) for regime, pair in pairs.items()})
        object.__setattr__(self, "_touched", {regime: _touched(*pair) for regime, pair in pairs.items()})

    def touches(self, regime: str, first: date, last: date) -> bool:
        """Whether any day from first to last counts otherwise now, or is known to since another day."""
        touched = self._touched[Regime(regime)]
        return bisect_left(touched, first) < bisect_right(touched, last)

    def days(self, regime: str, first: date, last: date) -> tuple[str, ...]:
        """A sentence for each holiday from first to last that only one of the two knows, oldest first."""
        said = self._said[Regime(regime)]
        begin, end = bisect_left(said, first, key=_day), bisect_right(said, last, key=_day)
        return tuple(sentence for _, sentence in said[begin:end])


def _day(said: Said) -> date:
    return said[0]


def _difference(before: WorkingDays, after: WorkingDays) -> list[Said]:
    old, new = _rows(before), _rows(after)
    return [(key[0], _sentence(key[0], old.get(key), new.get(key))) for key in sorted(old.keys() ^ new.keys())]


def _touched(before: WorkingDays, after: WorkingDays) -> list[date]:
    return sorted({row.on for row in set(before.holidays) ^ set(after.holidays)})


def _rows(calendar: WorkingDays) -> dict[tuple[date, str], Holiday]:
    return {(row.on, row.division.value): row for row in calendar.holidays}


def _sentence(on: date, gone: Holiday | None, new: Holiday | None) -> str:
    day = f"{on:%A} {on.day} {on:%B %Y}"
    if new is not None:
        return f"{day} is now a bank holiday in {new.division.place}: {new.title}."
    return f"{day} is no longer a bank holiday in {gone.division.place if gone else ''}."

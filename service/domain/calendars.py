"""The two calendars of the law, read from the reviewed file of bank holidays when asked."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from service.domain.regime import RULES, Regime
from service.domain.working_days import Division, Holiday, WorkingDays
from service.errors import DeskError


class CalendarError(DeskError):
    """The file of bank holidays cannot be used: {reason}"""


@dataclass(frozen=True)
class Calendars:
    """The union of the three divisions' holidays (FOIA, EIR), and Scotland's alone (FOISA, EISR), as working days."""

    uk: WorkingDays
    scotland: WorkingDays

    @classmethod
    def of_holidays(cls, holidays: Iterable[Holiday], version: str, starts: date, horizon: date) -> "Calendars":
        """Both calendars from one list of rows."""
        rows = tuple(sorted(holidays, key=lambda row: (row.on, row.division)))
        scottish = tuple(row for row in rows if row.division is Division.SCT)
        return cls(WorkingDays(rows, version, starts, horizon), WorkingDays(scottish, version, starts, horizon))

    def of(self, regime: str) -> WorkingDays:
        """The working days that a regime, given by name or as a Regime, counts by."""
        return self.scotland if RULES[Regime(regime)].divisions == {Division.SCT} else self.uk

    def with_added(self, rows: Iterable[Holiday]) -> "Calendars":
        """Both calendars with rows added at run time, under one new version."""
        added = tuple(rows)
        uk = self.uk.with_added(added)
        scotland = self.scotland.with_added(row for row in added if row.division is Division.SCT)
        return Calendars(uk, replace(scotland, version=uk.version))

    @property
    def version(self) -> str:
        return self.uk.version

    @property
    def horizon(self) -> date:
        """The last day for which holidays have been published."""
        return self.uk.horizon


def load_calendars() -> Calendars:
    """The shipped calendars; raises CalendarError when the file has been damaged."""
    text = (files("service.domain") / "calendar_data" / "bank_holidays.toml").read_text(encoding="utf-8")
    return read_calendars(text)


def read_calendars(text: str) -> Calendars:
    """Calendars from the text of a file like calendar_data/bank_holidays.toml; raises CalendarError."""
    try:
        data = tomllib.loads(text)
        rows = [_holiday(row, division) for row in data["holidays"] for division in row["divisions"]]
        return Calendars.of_holidays(rows, data["version"], data["starts"], data["horizon"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CalendarError(reason=f"{type(error).__name__}: {error}") from error


def _holiday(row: dict[str, str], division: str) -> Holiday:
    proclaimed_on = row.get("proclaimed_on")
    if not isinstance(row["on"], date) or not isinstance(proclaimed_on, date | None):
        raise TypeError(f"{row['on']} is not a date")
    return Holiday(row["on"], Division(division), row["title"], row["source"], proclaimed_on, row["added_in"])

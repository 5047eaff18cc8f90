"""The two calendars of the law: the reviewed file of bank holidays, and what has been changed since it was shipped."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files

from service.domain.regime import RULES, Regime
from service.domain.timeline import Period
from service.domain.working_days import Division, Holiday, WorkingDays
from service.errors import DeskError


class CalendarError(DeskError):
    """The file of bank holidays cannot be used: {reason}"""


class CalendarChangeRefused(DeskError):
    """{reason}"""


class ChangeKind(StrEnum):
    """What can be changed in a calendar that is in use."""

    ADDED = "holiday added"
    WITHDRAWN = "holiday withdrawn"
    HORIZON = "horizon moved"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A change made on a day: a division's holiday added or taken out, or `on` as the new last published day."""

    kind: ChangeKind
    on: date
    made_on: date
    division: Division | None = None
    title: str = ""
    source: str = ""
    proclaimed_on: date | None = None


@dataclass(frozen=True)
class Calendars:
    """The union of the three divisions' holidays (FOIA, EIR), and Scotland's alone (FOISA, EISR), as working days.

    `version` names the shipped file and, after a plus, how many changes were made to it; every computed date carries
    it, and `at` gives back the calendars of an earlier one.
    """

    shipped: tuple[Holiday, ...]
    shipped_version: str
    starts: date
    shipped_horizon: date
    changes: tuple[CalendarChange, ...] = ()
    closures: tuple[Period, ...] = ()  # when the authority is a school, the days it holds no session
    uk: WorkingDays = field(init=False, repr=False, compare=False)
    scotland: WorkingDays = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows, horizon = self._changed()
        ordered = tuple(sorted(rows, key=lambda row: (row.on, row.division)))
        scottish = tuple(row for row in ordered if row.division is Division.SCT)
        object.__setattr__(self, "uk", WorkingDays(ordered, self.version, self.starts, horizon))
        object.__setattr__(self, "scotland", WorkingDays(scottish, self.version, self.starts, horizon))

    def of(self, regime: str) -> WorkingDays:
        """The working days that a regime, given by name or as a Regime, counts by."""
        return self.scotland if RULES[Regime(regime)].divisions == {Division.SCT} else self.uk

    @property
    def version(self) -> str:
        changed = f"+{len(self.changes)}" if self.changes else ""
        return self.shipped_version + changed + _school(self.closures)

    @property
    def horizon(self) -> date:
        """The last day for which holidays have been published."""
        return self.uk.horizon

    def holidays_on(self, day: date) -> tuple[Holiday, ...]:
        """Every division's holiday on a day."""
        return tuple(row for row in self.uk.holidays if row.on == day)

    def with_changes(self, changes: Iterable[CalendarChange]) -> "Calendars":
        """The calendars after more changes, oldest first; raises CalendarChangeRefused for one that changes nothing."""
        now = self
        for change in changes:
            _require_sense(now, change)
            now = replace(now, changes=(*now.changes, change))
        return now

    def with_log(self, changes: Iterable[CalendarChange]) -> "Calendars":
        """The shipped calendars with a whole log of changes, in which a newer file may have overtaken a few."""
        return replace(self, changes=tuple(changes))

    def at(self, version: str) -> "Calendars":
        """The calendars as they stood at a version that a date was computed with.

        A newer file is read as it was by the version that first held each row; its horizon is not remembered.
        """
        if version == self.version:
            return self
        named, _, changed = version.partition(" ")[0].partition("+")
        older = tuple(row for row in self.shipped if _number(row.added_in) <= _number(named))
        made = int(changed) if changed.isdecimal() else 0
        return replace(self, shipped=older, shipped_version=named, changes=self.changes[:made])

    def _changed(self) -> tuple[list[Holiday], date]:
        rows = {(row.on, row.division): row for row in self.shipped}
        horizon = self.shipped_horizon
        for change in self.changes:
            if change.kind is ChangeKind.HORIZON:
                horizon = max(horizon, change.on)
            elif change.division is not None and change.kind is ChangeKind.ADDED:
                rows.setdefault((change.on, change.division), _row(change, change.division))
            elif change.division is not None:
                rows.pop((change.on, change.division), None)
        return list(rows.values()), horizon


def _row(change: CalendarChange, division: Division) -> Holiday:
    return Holiday(change.on, division, change.title, change.source, change.proclaimed_on, added_on=change.made_on)


def _require_sense(calendars: Calendars, change: CalendarChange) -> None:
    day, place = f"{change.on:%A} {change.on.day} {change.on:%B %Y}", change.division.place if change.division else ""
    held = {row.division: row for row in calendars.holidays_on(change.on)}
    match change.kind:
        case ChangeKind.HORIZON if change.on <= calendars.horizon:
            reason = f"Bank holidays are known until {_say(calendars.horizon)} already; {_say(change.on)} is no later."
        case ChangeKind.ADDED | ChangeKind.WITHDRAWN if change.division not in (
            Division.ENG,
            Division.SCT,
            Division.NIR,
        ):
            reason = "Say in which part of the United Kingdom it is a holiday."
        case ChangeKind.ADDED if change.on.weekday() >= 5:
            reason = f"{day} is no working day anyway; give the substitute day if there is one."
        case ChangeKind.ADDED if change.division in held:
            reason = f"{day} is a holiday in {place} already: {held[change.division].title}."
        case ChangeKind.ADDED if change.proclaimed_on is not None and change.proclaimed_on > change.made_on:
            reason = f"It cannot have been proclaimed on {_say(change.proclaimed_on)}, which is still to come."
        case ChangeKind.WITHDRAWN if change.division not in held:
            reason = f"{day} is no holiday in {place}, so there is none to withdraw."
        case _:
            return
    raise CalendarChangeRefused(reason=reason)


def _say(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _school(closures: tuple[Period, ...]) -> str:
    """A mark of the school's own calendar, so that dates are recounted when it changes."""
    return f" school {sha256(repr(closures).encode()).hexdigest()[:6]}" if closures else ""


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def load_calendars(closures: Iterable[Period] = ()) -> Calendars:
    """The shipped calendars; raises CalendarError when the file has been damaged."""
    return replace(_shipped(), closures=tuple(closures))


@cache
def _shipped() -> Calendars:
    return read_calendars(
        (files("service.domain") / "calendar_data" / "bank_holidays.toml").read_text(encoding="utf-8")
    )


def read_calendars(text: str) -> Calendars:
    """Calendars from the text of a file like calendar_data/bank_holidays.toml; raises CalendarError."""
    try:
        data = tomllib.loads(text)
        rows = tuple(_holiday(row, division) for row in data["holidays"] for division in row["divisions"])
        return Calendars(rows, data["version"], data["starts"], data["horizon"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CalendarError(reason=f"{type(error).__name__}: {error}") from error


def _holiday(row: dict[str, str], division: str) -> Holiday:
    proclaimed_on = row.get("proclaimed_on")
    if not isinstance(row["on"], date) or not isinstance(proclaimed_on, date | None):
        raise TypeError(f"{row['on']} is not a date")
    return Holiday(row["on"], Division(division), row["title"], row["source"], proclaimed_on, row["added_in"])

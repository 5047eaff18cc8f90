"""A file of bank holidays as gov.uk publishes it (bank-holidays.json), and what it would change in our calendars."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.calendars import CalendarChange, Calendars, ChangeKind
from service.domain.working_days import Division, Holiday
from service.errors import DeskError

PARTS = {
    "england-and-wales": Division.ENG,
    "scotland": Division.SCT,
    "northern-ireland": Division.NIR,
}
PUBLISHER = "gov.uk/bank-holidays"
FIRST_YEAR, LAST_YEAR = 2005, 2199
# Every part of the country has a holiday from this day of a December on: a year that has none is not all there.
CHRISTMAS = (12, 25)


class PublishedHolidaysFault(DeskError):
    """The file of bank holidays cannot be used: {reason}."""


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """What a file says of one division: titles by day, and the days, both inclusive, that it speaks for."""

    division: Division
    titles: Mapping[date, str]
    first: date
    last: date

    @property
    def whole_until(self) -> int:
        """The last year of which all holidays are given."""
        return self.last.year if (self.last.month, self.last.day) == (12, 31) else self.last.year - 1


@dataclass(frozen=True, slots=True)
class Published:
    """A file that can be used, and a sentence for each of its rows that changes nothing whatever the calendar says."""

    parts: tuple[PublishedPart, ...]
    passed_over: tuple[str, ...]

    @property
    def horizon(self) -> date:
        """31 December of the last year that all divisions cover."""
        return date(min(part.whole_until for part in self.parts), 12, 31)


def read_published(content: bytes) -> Published:
    """Read a file in gov.uk's format; raises PublishedHolidaysFault with what is wrong in it."""
    data = _object(_load(content), "the file")
    missing = [name for name in PARTS if name not in data]
    if missing:
        raise PublishedHolidaysFault(reason=f"it has no part {_quoted(missing)}")
    passed_over: list[str] = []
    parts = tuple(_part(name, division, data[name], passed_over) for name, division in PARTS.items())
    return Published(parts, tuple(passed_over))


def difference(published: Published, calendars: Calendars, *, made_on: date) -> list[CalendarChange]:
    """What makes the calendars agree with a file, for the days it speaks for; none when they do already."""
    changes = [change for part in published.parts for change in _changes(part, calendars, made_on)]
    changes.sort(key=lambda change: (change.on, change.division or ""))
    if published.horizon > calendars.horizon:
        changes.append(CalendarChange(ChangeKind.HORIZON, published.horizon, made_on, source=PUBLISHER))
    return changes


def _changes(part: PublishedPart, calendars: Calendars, made_on: date) -> Iterator[CalendarChange]:
    held = {row.on for row in calendars.uk.holidays if _spoken_for(part, row)}
    for day in part.titles.keys() - held:
        yield CalendarChange(ChangeKind.ADDED, day, made_on, part.division, part.titles[day], PUBLISHER)
    for day in held - part.titles.keys():
        yield CalendarChange(ChangeKind.WITHDRAWN, day, made_on, part.division, source=f"no longer in {PUBLISHER}")


def _spoken_for(part: PublishedPart, row: Holiday) -> bool:
    return row.division is part.division and part.first <= row.on <= part.last and row.on.weekday() < 5


def _load(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_named_once)
    except UnicodeDecodeError:
        raise PublishedHolidaysFault(reason="it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise PublishedHolidaysFault(reason=f"line {error.lineno} is no JSON, {error.msg}") from None
    except (ValueError, RecursionError):  # a number of a million digits, brackets a thousand deep
        raise PublishedHolidaysFault(reason="it is no JSON that anyone would publish") from None


def _named_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PublishedHolidaysFault(reason=f"it says {_quoted(twice)} twice in one place")
    return dict(pairs)


def _part(name: str, division: Division, data: object, passed_over: list[str]) -> PublishedPart:
    part = _object(data, f'"{name}"')
    if part.get("division", name) != name:
        raise PublishedHolidaysFault(reason=f'"{name}" says that it is the part of another division')
    events = part.get("events")
    if not isinstance(events, list) or not events:
        raise PublishedHolidaysFault(reason=f'"{name}" has no list of "events"')
    rows = [_event(name, number, event) for number, event in enumerate(events, 1)]
    days = sorted(day for day, _ in rows)
    _require_every_year(name, days)
    return PublishedPart(division, _titles(division, rows, passed_over), days[0], _speaks_until(days[-1]))


def _event(name: str, number: int, data: object) -> tuple[date, str]:
    where = f'event {number} of "{name}"'
    event = _object(data, where)
    title, on = event.get("title"), event.get("date")
    plain = " ".join(title.split()) if isinstance(title, str) else ""
    if not plain or not plain.isprintable():
        raise PublishedHolidaysFault(reason=f"{where} has no title that can be shown")
    if not isinstance(on, str):
        raise PublishedHolidaysFault(reason=f"{where} has no date")
    return _day(where, on), plain


def _day(where: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PublishedHolidaysFault(reason=f"{where} is on {text[:40]!a}, which is no date") from None
    if day.isoformat() != text:
        raise PublishedHolidaysFault(reason=f"{where} is on {text!a}, which is not written YEAR-MONTH-DAY")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PublishedHolidaysFault(reason=f"{where} is in the year {day.year}, outside {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _require_every_year(name: str, days: list[date]) -> None:
    """A year left out is a damaged file: to believe it would take out all of that year's holidays."""
    years = {day.year for day in days}
    empty = next((year for year in range(days[0].year, days[-1].year) if year not in years), None)
    if empty is not None:
        raise PublishedHolidaysFault(reason=f'"{name}" has no holiday at all in {empty}')


def _titles(division: Division, rows: list[tuple[date, str]], passed_over: list[str]) -> dict[date, str]:
    titles: dict[date, str] = {}
    for day, title in rows:
        said = f"{title} in {division.place} on {day:%A} {day.day} {day:%B %Y}"
        if day.weekday() >= 5:
            passed_over.append(f"{said} is at a weekend, which is no working day anyway.")
        elif day in titles:
            passed_over.append(f"{said} stands there twice: that day is {titles[day]} already.")
        else:
            titles[day] = title
    return titles


def _speaks_until(last: date) -> date:
    """The end of the file's last year, or its last row when that year breaks off before Christmas."""
    return date(last.year, 12, 31) if (last.month, last.day) >= CHRISTMAS else last


def _object(data: object, what: str) -> dict[str, object]:
    if not isinstance(data, dict):
        raise PublishedHolidaysFault(reason=f"{what} is not an object of names and values")
    return data


def _quoted(names: list[str]) -> str:
    """Names as the file spells them, cut and made harmless for a terminal."""
    return ", ".join(f'"{ascii(name[:40])[1:-1]}"' for name in names)

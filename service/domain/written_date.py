"""Dates as people and mail programs write them, in English or Welsh; moments without a zone are London's."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from service.domain.history import LONDON

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WELSH = ("ion", "chw", "maw", "ebr", "mai", "meh", "gor", "aws", "med", "hyd", "tac", "rha")
_MONTHS = {name: number for names in (_ENGLISH, _WELSH) for number, name in enumerate(names, 1)}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,8}}\.?"
_DAYS = (  # 12 May 2023; May 12, 2023; 2023-05-12; 12/05/2023
    re.compile(rf"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?{_MONTH},?[ -](?P<year>\d{{4}})\b"),
    re.compile(rf"(?i)\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b"),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})\b"),
)
_CLOCK = re.compile(
    r"(?i)(?<!\d)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?: ?(?P<half>[ap])\.?m\b)?"
)
_OFFSET = re.compile(r"(?:GMT|UTC|(?= ?[+-]\d\d:?\d\d\b)) ?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\b")
_ZONES = {"GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # RFC 5322 4.3
_ZONE = re.compile(rf"\b(?P<zone>{'|'.join(_ZONES)})\b|(?<=\d)Z\b")
_LONGEST = 100  # characters


def read_written_date(text: str) -> datetime | None:
    """The moment that a line such as "Friday, 12 May 2023 at 10:23" tells, in UTC; midday when no hour is told.

    A date in figures is read as the British write it, day first, unless that is no date.
    """
    line = re.sub(r"\s+", " ", text[:_LONGEST])
    for pattern in _DAYS:
        match = pattern.search(line)
        if match:
            day = _day(match["year"], match["month"].lower()[:3], match["day"])
            return _at(day, line[match.end() :]) if day else None
    return None


def days_in(text: str) -> list[date]:
    """The days that a text names, in no particular order."""
    line = re.sub(r"\s+", " ", text)
    found = (_day(match["year"], match["month"].lower()[:3], match["day"]) for p in _DAYS for match in p.finditer(line))
    return [day for day in found if day]


def _day(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month) or int(month)
    for guess in ((number, int(day)), (int(day), number)):
        try:
            return date(int(year), *guess)
        except ValueError:
            continue
    return None


def _at(day: date, rest: str) -> datetime | None:
    try:
        return datetime.combine(day, _time(rest), _zone(rest)).astimezone(UTC)
    except (ValueError, OverflowError):  # 29:00, or the year 1
        return None


def _time(rest: str) -> time:
    match = _CLOCK.search(rest)
    if not match:
        return time(12)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return time(hour, int(match["minute"]), int(match["second"] or 0))


def _zone(rest: str) -> tzinfo:
    offset, zone = _OFFSET.search(rest), _ZONE.search(rest)
    if offset:
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(-ahead if offset["sign"] == "-" else ahead)
    return timezone(timedelta(hours=_ZONES.get(zone["zone"] or "", 0))) if zone else LONDON

"""Deadlines as an iCalendar object (RFC 5545): days without hours or time zones, for calendar programs to show."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75  # octets, without the line break (3.1)
MOST_OFTEN = "PT1H"  # how often we ask a program to read again (RFC 7986, 5.7)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# An object must hold a component (3.6): a calendar without deadlines holds this one, which shows nothing.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Day:
    """An all-day event: `uid` stays its own for ever, and `sequence` grows with each change of its day."""

    uid: str
    on: date
    summary: str
    description: str
    link: str
    sequence: int
    revised_at: datetime  # aware
    cancelled: bool = False


def write_calendar(name: str, days: Iterable[Day]) -> bytes:
    """The object, to be served as text/calendar in UTF-8; the same days give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//foidesk//FOI desk//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{MOST_OFTEN}",
        f"X-PUBLISHED-TTL:{MOST_OFTEN}",
        *([line for day in days for line in _event(day)] or _NOTHING),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _event(day: Day) -> Iterator[str]:
    revised = f"{day.revised_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(day.uid)}"
    yield f"DTSTAMP:{revised}"  # without a METHOD, when it was last revised (3.8.7.2)
    yield f"LAST-MODIFIED:{revised}"
    yield f"SEQUENCE:{day.sequence}"
    yield f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}"  # the day after (3.6.1)
    yield f"SUMMARY:{_text(day.summary)}"
    yield f"DESCRIPTION:{_text(day.description)}"
    yield f"URL:{_CONTROLS.sub('', day.link)}"
    yield "TRANSP:TRANSPARENT"  # it takes up nobody's time
    yield "CLASS:CONFIDENTIAL"
    yield f"STATUS:{'CANCELLED' if day.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of type TEXT (3.3.11)."""
    plain = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.encode("utf-8", "replace").decode().translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """A content line, folded between characters and never within one (3.1)."""
    rows, row, room = [], b"", LINE
    for letter in line:
        octets = letter.encode()
        if len(row) + len(octets) > room:
            rows.append(row)
            row, room = b"", LINE - 1  # the space that marks a folded row counts
        row += octets
    return b"\r\n ".join([*rows, row]) + b"\r\n"

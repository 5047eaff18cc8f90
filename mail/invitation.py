"""An invitation in a mail (text/calendar, RFC 5545), as words: what, when and where."""

import re
from datetime import UTC, datetime

from mail.words import clean_line
from service.domain.history import LONDON

MARK = "---------- Invitation ----------"
LONGEST = 100_000  # characters
LONGEST_LINE = 300

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r'([A-Za-z-]{1,40})((?:;[^:";\n]{1,100}(?:"[^"\n]{0,200}")?){0,10}):([^\n]*)')
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_ZONE = re.compile(r'TZID="?([^";:]{1,60})')


def describe(calendar: str) -> str:
    """What a calendar's first event is about, a line each; "" when it tells nothing."""
    found: dict[str, tuple[str, str]] = {}
    inside = False
    for line in _FOLD.sub("", calendar[:LONGEST]).splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name == "BEGIN" and value.strip().upper() in ("VEVENT", "VTODO"):
            inside = True
        elif name == "END" and inside:
            break
        elif inside or name == "METHOD":
            found.setdefault(name, (value, parameters))
    return _told(found)


def _told(found: dict[str, tuple[str, str]]) -> str:
    lines = [
        ("What", _plain(found.get("SUMMARY", ("", ""))[0])),
        ("When", _when(*found.get("DTSTART", ("", "")))),
        ("Until", _when(*found.get("DTEND", ("", "")))),
        ("Where", _plain(found.get("LOCATION", ("", ""))[0])),
        ("About", _plain(found.get("DESCRIPTION", ("", ""))[0])),
    ]
    told = [f"{name}: {clean_line(value, LONGEST_LINE)}" for name, value in lines if value.strip()]
    if found.get("METHOD", ("", ""))[0].strip().upper() == "CANCEL" and told:
        told.append("It is cancelled.")
    return "\n".join(told)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], value)


def _when(value: str, parameters: str) -> str:
    """A moment in London's time where it is told in UTC, else as it is told, with its zone."""
    match = _MOMENT.match(value.strip())
    if match is None:
        return clean_line(value, 60)
    try:
        moment = datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        moment = moment.astimezone(LONDON) if match[3] else moment
    except (ValueError, OverflowError):
        return clean_line(value, 60)
    day = f"{moment:%A} {moment.day} {moment:%B %Y}"
    zone = _ZONE.search(parameters)
    return f"{day}, {moment:%H:%M}{f' ({zone[1]})' if zone and not match[3] else ''}" if match[2] else day

"""How the commands tell of clocks and calendars on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.explanation import Explanation
from service.domain.timeline import say
from service.store.officers import officers

BY_NAME = {"desk": "the desk", "console": "the command line", "requester": "the requester"}
SIGNS = {ChangeKind.ADDED: "+", ChangeKind.WITHDRAWN: "-", ChangeKind.HORIZON: ">"}


def table(explanation: Explanation, supposed: Iterable[CalendarChange] = ()) -> str:
    """A clock's dates, its days one a line, and its warnings; `supposed` are what-if changes of the calendar."""
    return explanation.full_text(*(f"Supposed  {change_line(change)}" for change in supposed))


def change_line(change: CalendarChange) -> str:
    """A change of the calendar, with + or - before the day, or > before a new horizon."""
    if change.kind is ChangeKind.HORIZON:
        return f"> horizon {say(change.on)}: bank holidays are known until then"
    place = change.division.place if change.division else ""
    known = f", proclaimed {say(change.proclaimed_on)}" if change.proclaimed_on else ""
    title = f": {harmless(change.title)}" if change.title else ""
    return f"{SIGNS[change.kind]} {change.on}  {change.on:%A}, {place}{title}{known}"


def brief(day: date | None) -> str:
    """A day in a column, or that there is none."""
    return f"{day:%a} {day.day:2} {day:%b %Y}" if day else "no date"


def harmless(text: str) -> str:
    """Somebody's words on one line, without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def team_names(session: Session) -> dict[int, str]:
    """The officers' names by key, leavers included."""
    return {officer.id: harmless(officer.name) for officer in officers(session, active_only=False)}


def actor_name(actor: str, names: Mapping[int, str]) -> str:
    """Who an actor of an event is, in words."""
    kind, _, key = actor.partition(":")
    if kind == "officer" and key.isdecimal():
        return names.get(int(key), "an officer")
    return BY_NAME.get(actor, actor)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of equally many cells as lines, each column as wide as its widest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]

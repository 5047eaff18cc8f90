"""`foidesk holiday`: bank holidays proclaimed, withdrawn and listed while the desk is in use."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import click

from service.commands.context import with_desk
from service.commands.moving import Wish, carry_out, with_wish
from service.commands.telling import actor_name, columns, harmless, team_names
from service.commands.typed import PLACES, division, plain_day
from service.desk import LONDON, Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.published_holidays import PARTS
from service.domain.timeline import say
from service.domain.working_days import Division, Holiday
from service.store.calendar_changes import change_log
from service.store.database import reading
from service.store.tables import CalendarChangeRow

EVERYWHERE = "uk"

in_divisions = click.option(
    "--division",
    "places",
    required=True,
    multiple=True,
    type=click.Choice([*PLACES, EVERYWHERE], case_sensitive=False),
    help=f"Where; may be given several times, {EVERYWHERE} is all three.",
)
on_day = click.argument("on", metavar="DATE", callback=plain_day)


@click.group()
def holiday() -> None:
    """Add, withdraw and list bank holidays; open cases are counted anew."""


@holiday.command()
@on_day
@in_divisions
@click.option("--title", required=True, help="What it is called, as explanations of deadlines will say it.")
@click.option("--source", default="", help="Where it was published, such as an issue of the Gazette.")
@click.option("--proclaimed", metavar="DATE", callback=plain_day, help="Since when it could be known [default: today].")
@with_wish
@with_desk
def add(
    desk: Desk,
    on: date,
    places: tuple[str, ...],
    title: str,
    source: str,
    proclaimed: date | None,
    **wish: bool,
) -> None:
    """Add a bank holiday on DATE, after showing which open cases move and asking."""
    if not harmless(title).strip():
        raise click.BadParameter("say what the holiday is called", param_hint="--title")
    changes = [
        CalendarChange(ChangeKind.ADDED, on, desk.today(), place, title.strip(), source.strip(), proclaimed)
        for place in _divisions(places)
    ]
    carry_out(desk, changes, Wish(**wish))


@holiday.command()
@on_day
@in_divisions
@click.option("--reason", "--source", "reason", required=True, help="Why, or where that was published.")
@with_wish
@with_desk
def withdraw(desk: Desk, on: date, places: tuple[str, ...], reason: str, **wish: bool) -> None:
    """Take out the bank holiday on DATE, after showing which open cases move and asking."""
    changes = [
        CalendarChange(ChangeKind.WITHDRAWN, on, desk.today(), place, source=reason.strip())
        for place in _divisions(places)
    ]
    carry_out(desk, changes, Wish(**wish))


def _divisions(places: Iterable[str]) -> list[Division]:
    """Each division that was named, once."""
    named = [[*PARTS.values()] if place.lower() == EVERYWHERE else [division(place)] for place in places]
    return list(dict.fromkeys(place for several in named for place in several))


@holiday.command("list")
@click.option("--year", type=click.IntRange(1, 9999), help="Only this year's.")
@with_desk
def list_holidays(desk: Desk, year: int | None) -> None:
    """List every bank holiday that the desk counts by, and where each comes from."""
    with reading(desk.engine) as session:
        added = {(row.day, row.division): row for row in change_log(session) if row.kind == ChangeKind.ADDED}
        names = team_names(session)
    rows = [row for row in desk.calendars.uk.holidays if year in (None, row.on.year)]
    for line in columns([*_cells(rows, added, names)]) or [f"There is no bank holiday in the calendar for {year}."]:
        click.echo(line)


def _cells(
    rows: Iterable[Holiday], added: Mapping[tuple[date, str], CalendarChangeRow], names: Mapping[int, str]
) -> Iterator[tuple[str, ...]]:
    for row in rows:
        # Only a row made at run time carries its day; one shipped since then has overtaken what was added by hand.
        by_hand = added.get((row.on, row.division.value)) if row.added_on else None
        known = f"proclaimed {say(row.proclaimed_on)}" if row.proclaimed_on else ""
        whence = _added(by_hand, names) if by_hand else f"shipped with {row.added_in}"
        day, source = f"{row.on} {row.on:%a}", harmless(row.source)
        yield day, row.division.place, harmless(row.title), source, "; ".join(filter(None, (known, whence)))


def _added(row: CalendarChangeRow, names: Mapping[int, str]) -> str:
    at = row.made_at.astimezone(LONDON)
    return f"added {at:%Y-%m-%d %H:%M} by {actor_name(row.made_by, names)}"

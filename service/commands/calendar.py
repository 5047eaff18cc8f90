"""`foidesk calendar`: the calendar in use, what was changed in it, and the yearly update from gov.uk's file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from service.commands.context import with_desk
from service.commands.moving import Wish, carry_out, with_wish
from service.commands.telling import SIGNS, actor_name, columns, harmless, team_names
from service.desk import LONDON, Desk
from service.domain.calendars import ChangeKind
from service.domain.published_holidays import PublishedHolidaysFault, difference, read_published
from service.domain.timeline import say
from service.domain.working_days import Division
from service.store.calendar_changes import change_log
from service.store.database import reading
from service.store.tables import CalendarChangeRow

LARGEST = 5_000_000  # bytes; gov.uk's file has about 30,000


@click.group()
def calendar() -> None:
    """Show the calendar that deadlines are counted by, and bring it up to date."""


@calendar.command()
@with_desk
def show(desk: Desk) -> None:
    """Show the calendar's version and horizon, and what has been changed since it was shipped."""
    calendars = desk.calendars
    click.echo(f"Version  {calendars.version}")
    click.echo(f"From     {say(calendars.starts)}")
    click.echo(f"Horizon  {say(calendars.horizon)}: bank holidays are known until then")
    with reading(desk.engine) as session:
        log, names = change_log(session), team_names(session)
    click.echo("Nothing has been changed since it was shipped." if not log else "Changes, oldest first:")
    for line in columns([*_cells(log, names)]):
        click.echo(line)


def _cells(log: Sequence[CalendarChangeRow], names: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    for row in log:
        place = Division(row.division).place if row.division else "horizon"
        said = "; ".join(harmless(words) for words in (row.title, row.source) if words)
        at = row.made_at.astimezone(LONDON)
        who = f"{at:%Y-%m-%d %H:%M} by {actor_name(row.made_by, names)}"
        yield f"{SIGNS[ChangeKind(row.kind)]} {row.day}", place, said, who


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_wish
@with_desk
def update(desk: Desk, file: Path, **wish: bool) -> None:
    """Take over the bank holidays of FILE, as downloaded from https://www.gov.uk/bank-holidays.json.

    Holidays outside the days that the file covers stay as they are. Shows what would change and which open cases move,
    and asks.
    """
    published = read_published(_content(file))
    for sentence in published.passed_over:
        click.echo(f"Passed over: {sentence}")
    with reading(desk.engine) as session:
        calendars = desk.almanac.refresh(session)
    changes = difference(published, calendars, made_on=desk.today())
    if not changes:
        click.echo(f"The file changes nothing: calendar {calendars.version} agrees with it.")
        return
    carry_out(desk, changes, Wish(**wish))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise PublishedHolidaysFault(reason=f"it cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise PublishedHolidaysFault(reason=f"it is larger than {LARGEST:,} bytes")
    return content

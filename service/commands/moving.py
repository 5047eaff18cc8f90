"""Changing the calendar from the command line: what would move, the question, the change, and the recount."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from service.casework.change_calendar import change_calendar
from service.casework.recount import Move, Recounted, moves_under, recount_some, to_recount
from service.casework.tell_moves import tell_moves
from service.commands.telling import brief, change_line, harmless, team_names
from service.desk import Desk
from service.domain.calendars import CalendarChange, Calendars, ChangeKind
from service.domain.timeline import say
from service.store.database import SomeoneWasQuicker, reading, transaction

CONSOLE = "console"
LISTED = 50  # moves; --all lists every one
TRIES = 5
STUCK = "they keep their dates, and their owners are asked to look"
REST = "The calendar stays changed; the desk counts the rest by itself while it runs."
BROKEN_OFF = 130  # the shell's exit code for Ctrl-C


@dataclass(frozen=True, slots=True)
class Wish:
    """How far to go: only show, go on without asking, list every move."""

    dry_run: bool
    yes: bool
    everything: bool


def with_wish(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a click command the options of a change, handed to it as the words of a Wish."""
    for option in (
        click.option("--all", "everything", is_flag=True, help=f"List every case that moves, not the first {LISTED}."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Show which cases would move, and change nothing."),
    ):
        command = option(command)
    return command


def carry_out(desk: Desk, changes: Sequence[CalendarChange], wish: Wish) -> None:
    """Show what changes of the calendar would move; unless it is a dry run ask, make them, and count the cases anew.

    Raises CalendarChangeRefused.
    """
    _show_moves(desk, changes, wish)
    if wish.dry_run:
        click.echo("This was a dry run: nothing has been changed.")
        return
    if not wish.yes and not click.confirm("Change the calendar and count the open cases anew?"):
        click.echo("Nothing has been changed.")
        raise click.exceptions.Exit(1)
    with transaction(desk.engine) as session:
        change_calendar(session, desk, changes, at=desk.now(), by=CONSOLE)
    _count_anew(desk)


def _show_moves(desk: Desk, changes: Sequence[CalendarChange], wish: Wish) -> None:
    told: Counter[str] = Counter()
    with reading(desk.engine) as session:
        before = desk.almanac.refresh(session)
        calendars = before.with_changes(changes)
        for change in changes:
            click.echo(_difference(change, before))
        names = team_names(session)
        for move in moves_under(session, calendars, desk.today()):
            kind = "stuck" if move.trouble else "moved"
            told[kind] += 1
            if wish.everything or told[kind] <= LISTED:
                click.echo(_line(move, names))
    click.echo(f"{_cases(told['moved'], 'open case')} would move.{_unlisted(told['moved'], wish)}")
    if told["stuck"]:
        stuck = _cases(told["stuck"], "open case")
        click.echo(f"The history of {stuck} does not fit: {STUCK}.{_unlisted(told['stuck'], wish)}")


def _difference(change: CalendarChange, before: Calendars) -> str:
    """A change; where it takes a holiday out, which one, and whether somebody here had put it in."""
    line = change_line(change)
    held = next((row for row in before.holidays_on(change.on) if row.division is change.division), None)
    if change.kind is not ChangeKind.WITHDRAWN or held is None:
        return line
    by_hand = f" (added at this desk on {say(held.added_on)})" if held.added_on else ""
    return f"{line}: {harmless(held.title)}{by_hand}"


def _line(move: Move, names: Mapping[int, str]) -> str:
    owner = names.get(move.owner_id, "") if move.owner_id is not None else "nobody's yet"
    if move.trouble:
        return f"{move.reference}  {brief(move.from_on)} stays: {harmless(move.trouble)}  {owner}"
    return f"{move.reference}  {brief(move.from_on)} -> {brief(move.to_on)}  {owner}"


def _unlisted(number: int, wish: Wish) -> str:
    more = 0 if wish.everything else number - LISTED
    return f" {more:,} of them are not listed; --all lists them." if more > 0 else ""


def _cases(number: int, noun: str) -> str:
    """A number of cases in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _count_anew(desk: Desk) -> None:
    """Count batch by batch; whatever breaks it off, the running desk's timetable goes on from there."""
    told: Counter[str] = Counter()
    try:
        with reading(desk.engine) as session:
            left = to_recount(session, desk)
        click.echo(f"The desk now counts by calendar {desk.calendars.version}.")
        # A progress bar is for eyes: in a script's standard error it would be noise.
        with click.progressbar(
            length=left, label="Counting open cases anew", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            for batch in _batches(desk):
                stuck = sum(bool(move.trouble) for move in batch.moves)
                told.update(done=batch.done, stuck=stuck, moved=len(batch.moves) - stuck)
                bar.update(batch.done)
        with transaction(desk.engine) as session:
            tell_moves(session, desk, at=desk.now())
    except KeyboardInterrupt:
        click.echo(f"Broken off: {_counted(told)} {REST}")
        raise click.exceptions.Exit(BROKEN_OFF) from None
    click.echo(_counted(told))
    if told["done"] < left:
        click.echo(f"The running desk has the other {_cases(left - told['done'], 'case')} in hand.")


def _counted(told: Counter[str]) -> str:
    stuck = f", {told['stuck']:,} did not fit the new calendar" if told["stuck"] else ""
    owners = "; their owners are written to" if told["moved"] or told["stuck"] else ""
    return f"{_cases(told['done'], 'open case')} counted anew, {told['moved']:,} moved{stuck}{owners}."


def _batches(desk: Desk) -> Iterator[Recounted]:
    """Batches until none is left, each a transaction of its own; one that met an officer's change is tried again."""
    tries = 0
    while True:
        try:
            with transaction(desk.engine) as session:
                batch = recount_some(session, desk, at=desk.now())
        except SomeoneWasQuicker:
            tries += 1
            if tries == TRIES:
                raise
            continue
        tries = 0
        if not batch.done:
            return
        yield batch

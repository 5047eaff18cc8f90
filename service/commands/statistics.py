"""`foidesk statistics`: the figures to publish of a quarter, as at a day."""

import json
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from service.casework.statistics import authority_named, quarterly
from service.commands.context import with_desk
from service.commands.telling import columns
from service.commands.typed import Refused, plain_day
from service.desk import Desk
from service.documents.figures import TYPES, as_dict, as_file
from service.domain.quarter import Quarter
from service.domain.statistics import Statistics, Table
from service.domain.timeline import say
from service.errors import DeskError
from service.store.database import reading


class FileNotWritten(DeskError):
    """{path} cannot be written: {reason}. Name a file in a folder that is there and that you may write to."""


@click.command()
@click.option("--quarter", required=True, help="The quarter in which requests were received, such as 2026Q3.")
@click.option("--as-at", callback=plain_day, help="As the cases stood at the end of this day [default: today].")
@click.option("--authority", "named", default="", help="One of several that the desk answers for [default: its own].")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the references behind each figure.")
@click.option("--to-publish", is_flag=True, help="Numbers alone: leave out the references behind each figure.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a file: .csv, .xlsx or .json.")
@with_desk
def statistics(
    desk: Desk, quarter: str, as_at: date | None, named: str, as_json: bool, to_publish: bool, out: Path | None
) -> None:
    """Count a quarter's requests for publication.

    The first table is that of the Code of Practice under section 45, the others are the quarterly return of central
    government. Figures as at a day that is over stay the same for ever, whatever is recorded later.
    """
    if out is not None and out.suffix[1:].lower() not in TYPES:
        raise Refused(f"{out} must end in .csv, .xlsx or .json, which says what is written.")
    authority, today = authority_named(desk, named), desk.today()
    with reading(desk.engine) as session:
        found = quarterly(
            session, desk, Quarter.read(quarter), as_at or today, today=today, authority=authority, progress=_progress
        )
    if out is not None:
        _write(out, as_file(found, authority, out.suffix[1:].lower(), references=not to_publish))
        click.echo(f"Wrote {out}: {_title(found)}.")
    elif as_json:
        click.echo(json.dumps(as_dict(found, authority, references=not to_publish), indent=2, ensure_ascii=False))
    else:
        click.echo(f"{authority}: {_title(found)}")
        for table in found.tables:
            _print(table)


def _title(found: Statistics) -> str:
    return f"requests received from {say(found.quarter.first)} to {say(found.quarter.last)}, as at {say(found.as_at)}"


def _print(table: Table) -> None:
    rows = [(f"{row.count:13,}", row.key, f"{'  ' * row.level}{row.words}") for row in table.figures]
    rows += [(f"{rate.said:>13}", rate.key, f"{rate.words} ({rate.part:,} of {rate.whole:,})") for rate in table.rates]
    click.echo(f"\n{table.title}")
    for line in columns(rows):
        click.echo(line)


def _progress(done: int, of: int) -> None:
    """On a terminal only, and only where it takes a while."""
    if of > 1000 and sys.stderr.isatty():
        click.echo(f"\r{done:,} of {of:,} cases", err=True, nl=done == of)


def _write(path: Path, content: bytes) -> None:
    """Beside it first: where the disk is full, a file of an earlier quarter must not be lost."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise FileNotWritten(path=path, reason=error.strerror) from error

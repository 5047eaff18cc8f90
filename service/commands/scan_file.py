"""`foidesk scan-file`: what files hold that their readers do not see; needs no settings and no database."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from service.commands.telling import columns, harmless
from service.release.found import Found
from service.release.scan import scan

LARGEST = 200_000_000  # bytes
CLEAN, FOUND, UNREADABLE = 0, 1, 2  # exit codes
HEADINGS = ("", "what", "where", "")


@click.command("scan-file")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with the files by their paths.")
def scan_file(files: Sequence[Path], as_json: bool) -> None:
    """Look for what each FILE would disclose unseen, as a case's page does before a file goes out.

    Exits with 0 when nothing was found in any, 1 when something was, and 2 when a file is not there or cannot be read.
    """
    told: dict[str, tuple[Found, ...]] = {}
    unreadable = False
    for path in files:
        try:
            told[str(path)] = scan(path.name, _bytes_of(path))
        except (OSError, ValueError) as fault:
            unreadable = True
            reason = fault.strerror if isinstance(fault, OSError) else str(fault)
            click.echo(f"foidesk: {harmless(str(path))} cannot be read: {reason}", err=True)
    if as_json:
        click.echo(json.dumps({path: [one.as_dict() for one in found] for path, found in told.items()}, indent=2))
    else:
        click.echo("\n\n".join(_table(path, found) for path, found in told.items()), nl=bool(told))
    sys.exit(UNREADABLE if unreadable else FOUND if any(told.values()) else CLEAN)


def _bytes_of(path: Path) -> bytes:
    """A file's bytes; raises OSError, or ValueError when it is none that can be looked into."""
    if path.is_dir():
        raise ValueError("it is a folder")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
    return path.read_bytes()


def _table(path: str, found: Sequence[Found]) -> str:
    if not found:
        return f"{harmless(path)}: nothing found"
    return "\n".join((harmless(path), *columns([HEADINGS, *_rows(found)])))


def _rows(found: Iterable[Found]) -> Iterable[tuple[str, ...]]:
    for one in found:
        yield "!" if one.serious else "-", one.kind, harmless(one.place), harmless(one.sentence)

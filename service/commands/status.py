"""`foidesk status`: how the desk stands, for a person or a monitor."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from service.commands.context import with_desk
from service.commands.telling import columns, harmless
from service.desk import LONDON, Desk
from service.health import health, troubles
from service.store.database import reading

NAMED_BY = ("account", "folder", "name")  # what tells the parts of a kind apart
NO_DETAIL = ("status", "age", *NAMED_BY)  # an age in seconds says less than the moment beside it


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_desk
def status(desk: Desk, as_json: bool) -> None:
    """Show whether mail is read and letters go out; exit code 1 when something has failed."""
    now = desk.now()
    with reading(desk.engine) as session:
        found = health(session, desk, now)
        told = list(troubles(session, desk, now))
    if as_json:
        click.echo(json.dumps(found, indent=2, default=str))
    else:
        click.echo(f"The desk at {_moment(now)}: {found['status']}\n")
        for line in columns(list(_rows(found))):
            click.echo(line)
        for sentence in told:
            click.echo(f"\n{harmless(sentence)}")
    sys.exit(1 if found["status"] == "fail" else 0)


def _rows(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each part: how it stands, what it is, and its particulars."""
    for kind, value in found.items():
        if kind in ("status", "at"):
            continue
        for part in value if isinstance(value, list) else [value]:
            named = " ".join(str(part[name]) for name in NAMED_BY if part.get(name))
            name = f"{_words(kind)}: {named}" if named else _words(kind)
            details = (f"{_words(key)} {_shown(one)}" for key, one in part.items() if key not in NO_DETAIL)
            yield part["status"], harmless(name), harmless("; ".join(details))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(key)} {one}" for key, one in value.items()) or "none"
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return _moment(datetime.fromisoformat(value)) if "T" in value else str(value)
    except (TypeError, ValueError):
        return str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")


def _moment(value: datetime) -> str:
    local = value.astimezone(LONDON)
    return f"{local:%H:%M} on {local:%a} {local.day} {local:%B %Y}"

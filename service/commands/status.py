"""`foidesk status`: how the desk stands, for a person or a monitor."""

import json
import sys

import click

from service.commands.context import with_desk
from service.desk import Desk
from service.health import health
from service.store.database import reading


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_desk
def status(desk: Desk, as_json: bool) -> None:
    """Show whether mail is read and letters go out; exit code 1 when something has failed."""
    with reading(desk.engine) as session:
        found = health(session, desk, desk.now())
    if as_json:
        click.echo(json.dumps(found, indent=2, default=str))
    else:
        for name, value in found.items():
            shown = json.dumps(value, default=str) if isinstance(value, dict | list) else value
            click.echo(f"{name.replace('_', ' ')}: {shown}")
    sys.exit(1 if found["status"] == "fail" else 0)

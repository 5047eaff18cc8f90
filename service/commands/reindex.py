"""`foidesk reindex`: make anew what is searched, should the doctor find something missing."""

import sys

import click

from service.commands.context import with_desk
from service.desk import Desk
from service.store.database import reading
from service.store.search_index import count_entries, reindex


@click.command("reindex")
@with_desk
def rebuild(desk: Desk) -> None:
    """Make the index of the search anew; the desk may run on meanwhile."""
    done = 0
    for cases in reindex(desk.engine):
        done += cases
        click.echo(f"\r{done} cases", nl=False, err=True)
    click.echo("", err=True)
    with reading(desk.engine) as session:
        entries, missing = count_entries(session)
    click.echo(f"The search knows {entries} papers of {done} cases; {missing} are missing.")
    sys.exit(1 if missing else 0)

"""`foidesk migrate`: bring the database to this program's schema."""

from pathlib import Path

import click

from service.bootstrap import open_desk
from service.settings import read_settings
from service.store import schema


@click.command()
@click.pass_obj
def migrate(config: Path | None) -> None:
    """Bring the database to this version's schema."""
    engine = open_desk(read_settings(config)).engine
    before = schema.stands_at(engine)
    schema.migrate(engine)
    after = schema.stands_at(engine)
    click.echo(
        f"The database is at migration {after}." if before == after else f"The database went from {before} to {after}."
    )

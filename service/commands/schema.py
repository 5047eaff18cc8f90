"""`foidesk migrate`: bring the database to this program's schema."""

from pathlib import Path

import click

from service.settings import read_settings
from service.store import schema
from service.store.database import open_engine


@click.command()
@click.pass_obj
def migrate(config: Path | None) -> None:
    """Bring the database to this version's schema."""
    engine = open_engine(read_settings(config).database.url)  # no desk: that would make a secret where one was lost
    try:
        before = schema.stands_at(engine)
        schema.migrate(engine)
        after = schema.stands_at(engine)
    finally:
        engine.dispose()
    click.echo(
        f"The database is at migration {after}." if before == after else f"The database went from {before} to {after}."
    )

"""The schema by numbered migrations: what stands in the database and what this program expects."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, column, inspect, select, table, update

from service.errors import DeskError
from service.store.database import telling, transaction

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))


class SchemaBehind(DeskError):
    """The database stands at migration {stands}, this program needs {needs}: stop the desk, make a backup and run
    `foidesk migrate`."""


class SchemaAhead(DeskError):
    """The database stands at migration {stands}, which this program does not know: it knows those up to {needs}. The
    database was made by a newer program: install that one."""


# Alembic is imported when it migrates, and not to see that nothing needs it: it takes a seventh of a command's start.
def config(engine: Engine) -> Any:
    """Alembic's configuration for an engine; there is no alembic.ini."""
    settings = import_module("alembic.config").Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["engine"] = engine
    return settings


@cache
def _ours() -> frozenset[str]:
    """The migrations of this program, as it was started: they are numbered by the names of their files."""
    return frozenset(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))


def head() -> str:
    """The newest migration of this program."""
    return max(_ours())


def is_ahead(stands: str) -> bool:
    """Whether a database that stands there was made by a newer program."""
    return stands != "none" and stands not in _ours()


def stands_at(engine: Engine) -> str:
    """The migration that the database has reached, or "none"; raises DatabaseUnavailable."""
    with telling(engine), engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return "none"
        return str(connection.execute(select(_VERSION.c.version_num)).scalar() or "none")


def try_to_write(engine: Engine) -> None:
    """Write into a database that is not new what stands there already; raises DatabaseUnavailable."""
    with transaction(engine) as session:
        session.execute(update(_VERSION).values(version_num=_VERSION.c.version_num))


def migrate(engine: Engine) -> None:
    """Bring the database to the newest migration; raises DatabaseUnavailable or SchemaAhead."""
    stands = stands_at(engine)
    if is_ahead(stands):
        raise SchemaAhead(stands=stands, needs=head())
    with telling(engine):
        import_module("alembic.command").upgrade(config(engine), "head")


def require_current(engine: Engine) -> None:
    """Raise SchemaBehind or SchemaAhead unless the database is at the newest migration."""
    stands, needs = stands_at(engine), head()
    if is_ahead(stands):
        raise SchemaAhead(stands=stands, needs=needs)
    if stands != needs:
        raise SchemaBehind(stands=stands, needs=needs)

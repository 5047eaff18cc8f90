"""The schema by numbered migrations: what stands in the database and what this program expects."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from service.errors import DeskError
from service.store.database import telling

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaBehind(DeskError):
    """The database stands at migration {stands}, this program needs {needs}: stop the desk, make a backup and run
    `foidesk migrate`."""


def config(engine: Engine) -> Config:
    """Alembic's configuration for an engine; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["engine"] = engine
    return settings


@cache
def head() -> str:
    """The newest migration of this program, as it was started."""
    script = Config()
    script.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return ScriptDirectory.from_config(script).get_current_head() or "none"


def stands_at(engine: Engine) -> str:
    """The migration that the database has reached, or "none"; raises DatabaseUnavailable."""
    with telling(engine), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "none"


def migrate(engine: Engine) -> None:
    """Bring the database to the newest migration; raises DatabaseUnavailable."""
    with telling(engine):
        command.upgrade(config(engine), "head")


def require_current(engine: Engine) -> None:
    """Raise SchemaBehind unless the database is at the newest migration."""
    stands, needs = stands_at(engine), head()
    if stands != needs:
        raise SchemaBehind(stands=stands, needs=needs)

"""The migrations: numbered, one head, and equal to the models on both databases."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from service.desk import Desk
from service.store import schema, tables
from service.store.database import transaction
from tests.builders import open_a_case

assert tables


def test_the_migrations_are_numbered_and_have_one_head() -> None:
    names = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert [int(re.match(r"(\d{4})_", name).group(1)) for name in names] == list(range(1, len(names) + 1))  # type: ignore[union-attr]
    script = ScriptDirectory(str(schema.MIGRATIONS))
    assert len(script.get_heads()) == 1


def test_a_migrated_database_equals_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    schema.migrate(engine)
    schema.require_current(engine)


@pytest.mark.parametrize("statement", ["UPDATE case_event SET actor = 'someone else'", "DELETE FROM case_event"])
def test_the_database_itself_refuses_to_change_a_recorded_event(desk: Desk, statement: str) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
    with Session(desk.engine) as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))

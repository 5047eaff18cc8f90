"""What the commands say of a database that a newer program made."""

import pytest
from sqlalchemy import text

from service.desk import Desk
from service.store.database import transaction
from tests.unit.service.commands.conftest import Foidesk


@pytest.mark.parametrize("command", ["status", "migrate", "doctor"])
def test_each_command_says_that_the_database_is_newer(sqlite_desk: Desk, sqlite_foidesk: Foidesk, command: str) -> None:
    with transaction(sqlite_desk.engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = sqlite_foidesk(command)
    assert done.exit_code == 1
    assert "made by a newer program" in done.output

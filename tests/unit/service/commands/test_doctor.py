"""`foidesk doctor` on a database that cannot be used; tests/system/test_doctor.py has the rest."""

from pathlib import Path

import psycopg
from click.testing import CliRunner, Result

from service.__main__ import main
from tests.conftest import a_postgres_database
from tests.unit.service.commands.conftest import write_settings


def doctor(folder: Path, url: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(write_settings(folder, url)), "doctor"])


def test_a_place_where_no_database_can_be_made_does_not_hide_what_else_there_is(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    told = doctor(tmp_path, f"sqlite:///{tmp_path}/var/foidesk.db")
    assert told.exit_code == 1
    assert "FAIL  database: " in told.output
    assert "that the desk may write" in told.output
    assert "ok    templates" in told.output


def test_a_database_that_may_only_be_read_is_no_good_one(
    tmp_path: Path, postgres_url: str, postgres_template: str
) -> None:
    with a_postgres_database(postgres_url, postgres_template) as url:
        name = url.rpartition("/")[2]
        with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        told = doctor(tmp_path, url)
    assert told.exit_code == 1
    assert "FAIL  database: " in told.output
    assert "read-only transaction" in told.output

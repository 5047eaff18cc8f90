"""The secret: whole or not there, never guessed at, never made anew for a desk that has sealed letters with another."""

from pathlib import Path

import pytest

from service.desk import Desk
from service.store.database import transaction
from tests.builders import open_a_case
from tests.unit.service.commands.conftest import Foidesk


@pytest.fixture
def secret(tmp_path: Path, foidesk: Foidesk) -> Path:
    foidesk("status")
    return tmp_path / "secret"


def test_it_is_made_once_for_the_desks_user_alone(secret: Path, foidesk: Foidesk) -> None:
    made = secret.read_text()
    foidesk("status")
    assert secret.read_text() == made
    assert len(made) == 65
    assert secret.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in secret.parent.glob(".secret*")] == []


@pytest.mark.parametrize("text", ["", "\n", "hush"])
def test_one_that_could_be_guessed_is_refused(secret: Path, foidesk: Foidesk, text: str) -> None:
    secret.write_text(text)
    told = foidesk("status")
    assert told.exit_code == 1
    assert "has fewer than 32 characters" in told.output


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_one_that_is_lost_is_not_made_anew_once_letters_are_sealed(
    desk: Desk, secret: Path, foidesk: Foidesk, command: str
) -> None:
    secret.unlink()
    assert "is not there" not in foidesk("status").output
    with transaction(desk.engine) as session:
        open_a_case(session, desk)  # acknowledged
    secret.unlink()
    told = foidesk(command)
    assert told.exit_code == 1
    assert "put it back from your backup" in " ".join(told.output.split())
    assert not secret.exists()


def test_a_migration_makes_none(secret: Path, foidesk: Foidesk) -> None:
    secret.unlink()
    assert foidesk("migrate").exit_code == 0
    assert not secret.exists()


def test_a_rehearsal_makes_none(sqlite_desk: Desk, sqlite_foidesk: Foidesk, tmp_path: Path) -> None:
    secret, mail = tmp_path / "secret", tmp_path / "1.eml"
    secret.unlink(missing_ok=True)
    mail.write_bytes(b"From: a@example.com\n\nHow many bins have you got?\n")
    done = sqlite_foidesk("ingest", str(mail), "--dry-run")
    assert done.exit_code == 0, done.output
    assert not secret.exists()
    with transaction(sqlite_desk.engine) as session:
        open_a_case(session, sqlite_desk)  # acknowledged
    told = sqlite_foidesk("ingest", str(mail), "--dry-run")
    assert told.exit_code == 1
    assert "put it back from your backup" in " ".join(told.output.split())
    assert not secret.exists()


def test_a_folder_where_none_can_be_made_is_told(tmp_path: Path, foidesk: Foidesk) -> None:
    (tmp_path / "file").write_text("")
    settings = tmp_path / "foidesk.toml"
    settings.write_text(settings.read_text().replace("/secret", "/file/secret"))
    told = foidesk("status")
    assert told.exit_code == 1
    assert "cannot be made" in told.output


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_one_that_cannot_even_be_looked_for_is_told(tmp_path: Path, foidesk: Foidesk, command: str) -> None:
    # As in a folder that is closed to the desk's user, which to root none is.
    settings = tmp_path / "foidesk.toml"
    settings.write_text(settings.read_text().replace("/secret", f"/{'x' * 300}"))
    told = foidesk(command)
    assert told.exit_code == 1
    assert "cannot be read: File name too long. Write the secret into it" in told.output

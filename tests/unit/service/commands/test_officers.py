"""The team's accounts as they are typed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.desk import Desk
from service.store.database import reading
from service.store.officers import officer_by_email
from service.store.tables import Officer
from tests.house.source import ROOT
from tests.unit.service.commands.conftest import Foidesk, write_settings
from web.passwords import verify_password

SAM, JO = "sam@anytown.example", "jo@anytown.example"
FIRST, SECOND = "a quiet afternoon", "another quiet afternoon"


def account(desk: Desk, email: str) -> Officer:
    with reading(desk.engine) as session:
        found = officer_by_email(session, email)
    assert found is not None
    return found


@pytest.fixture
def team(foidesk: Foidesk) -> Callable[[], None]:
    def make() -> None:
        for email, name, role in ((SAM, "Sam Okoro", "officer"), (JO, "Jo Lind", "administrator")):
            made = foidesk("officer", "add", email, name, "--role", role, typed=FIRST)
            assert made.exit_code == 0, made.output

    return make


def test_a_leaver_comes_back_with_a_new_password_in_the_role_they_had(
    foidesk: Foidesk, desk: Desk, team: Callable[[], None]
) -> None:
    team()
    foidesk("officer", "leave", SAM)
    again = foidesk("officer", "add", SAM, "Sam Okoro", typed=SECOND)
    assert (again.exit_code, "officer return EMAIL" in again.output) == (1, True)
    changed = foidesk("officer", "password", SAM, typed=SECOND)
    assert (changed.exit_code, "has left" in changed.output) == (1, True)
    back = foidesk("officer", "return", SAM, typed=SECOND)
    assert (back.exit_code, back.output) == (0, "Sam Okoro is back as officer.\n")
    sam = account(desk, SAM)
    assert sam.active
    assert verify_password(sam.password_hash, SECOND)


def test_a_leaver_may_come_back_in_another_role(sqlite_foidesk: Foidesk) -> None:
    sqlite_foidesk("officer", "add", SAM, "Sam Okoro", typed=FIRST)
    sqlite_foidesk("officer", "leave", SAM)
    back = sqlite_foidesk("officer", "return", SAM, "--role", "supervisor", typed=SECOND)
    assert back.output == "Sam Okoro is back as supervisor.\n"


def test_who_never_left_cannot_return(sqlite_foidesk: Foidesk) -> None:
    sqlite_foidesk("officer", "add", SAM, "Sam Okoro", typed=FIRST)
    refused = sqlite_foidesk("officer", "return", SAM, typed=SECOND)
    assert (refused.exit_code, "has not left" in refused.output) == (1, True)


def test_a_role_is_changed(foidesk: Foidesk, desk: Desk, team: Callable[[], None]) -> None:
    team()
    assert foidesk("officer", "role", SAM, "supervisor").output == "Sam Okoro is now supervisor.\n"
    assert account(desk, SAM).role == "supervisor"
    assert foidesk("officer", "role", SAM, "general").exit_code == 2
    foidesk("officer", "leave", SAM)
    refused = foidesk("officer", "role", SAM, "officer")
    assert (refused.exit_code, "has left" in refused.output) == (1, True)


def test_the_last_administrator_can_neither_leave_nor_step_down(
    foidesk: Foidesk, desk: Desk, team: Callable[[], None]
) -> None:
    team()
    for words in (("leave", JO), ("role", JO, "officer")):
        refused = foidesk("officer", *words)
        assert (refused.exit_code, "the only administrator" in refused.output) == (1, True)
    assert account(desk, JO).active
    foidesk("officer", "role", SAM, "administrator")
    assert foidesk("officer", "leave", JO).exit_code == 0


@pytest.mark.parametrize(
    ("email", "name", "told"),
    [
        ("notanemail", "Sam", "no email address"),
        ("", "Sam", "no email address"),
        ("@anytown.example", "Sam", "no email address"),
        ("sam@", "Sam", "no email address"),
        ("sam@any\ntown.example", "Sam", "no email address"),
        ("Sam <sam@anytown.example>", "Sam", "no email address"),
        ("sam okoro@anytown.example", "Sam", "no email address"),
        (SAM, "", "a name of one line"),
        (SAM, "  ", "a name of one line"),
        (SAM, "Sam\nBcc: eve@example.org", "a name of one line"),
        ("FOI@Anytown.example", "Sam", "the desk's own mailboxes"),
    ],
)
def test_nobody_is_added_under_what_is_no_address_or_name(
    sqlite_foidesk: Foidesk, email: str, name: str, told: str
) -> None:
    refused = sqlite_foidesk("officer", "add", email, name, typed=FIRST)
    assert (refused.exit_code, told in refused.output) == (1, True), refused.output
    assert sqlite_foidesk("officer", "list").output == ""


NO_TEXT = b"\xff\xfe a long enough word"


def test_a_password_file_that_is_no_text_is_told_without_what_stood_in_it(
    sqlite_foidesk: Foidesk, tmp_path: Path
) -> None:
    (tmp_path / "password").write_bytes(NO_TEXT)
    refused = sqlite_foidesk("officer", "add", SAM, "Sam", "--password-file", str(tmp_path / "password"))
    assert (refused.exit_code, "is not UTF-8 text" in refused.output, "xff" in refused.output) == (1, True, False)


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_password_typed_in_another_encoding_is_told(tmp_path: Path, sqlite_url: str, locale: str) -> None:
    config = write_settings(tmp_path, sqlite_url)
    command = [sys.executable, "-m", "service", "--config", str(config), "officer", "add", SAM, "Sam"]
    done = subprocess.run(
        command,
        input=NO_TEXT + b"\n",
        capture_output=True,
        cwd=ROOT,
        env={"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 1
    assert b"is not UTF-8 text" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_address_that_is_no_text_is_nobodys(sqlite_foidesk: Foidesk) -> None:
    refused = sqlite_foidesk("officer", "leave", "\udcff@anytown.example")
    assert (refused.exit_code, "no active officer" in refused.output) == (1, True)

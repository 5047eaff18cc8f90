"""Settings: one file and the environment, every fault at once, no secret in any of them."""

from pathlib import Path

import pytest

from service.commands.init import EXAMPLE
from service.servers import SecretUnreadable
from service.settings import SettingsFault, read_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "foidesk.toml"
    path.write_text(text, encoding="utf-8")
    return path


SMALL = """
[authority]
name = "Anytown Borough Council"
[mailbox]
address = "foi@anytown.example"
host = "imap.anytown.example"
[smtp]
host = "smtp.anytown.example"
"""


def test_the_example_that_init_writes_can_be_read(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, EXAMPLE))
    assert settings.authority.name == "Anytown Borough Council"
    assert (settings.mailbox.security, settings.smtp.security) == ("tls", "starttls")


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, SMALL))
    assert (settings.database.url, settings.reference.scope, settings.mailbox.folder) == (
        "sqlite:///var/foidesk.db",
        "never",
        "INBOX",
    )


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    faulty = SMALL.replace("foi@anytown.example", "foi at anytown") + "port = 99999\n[reference]\npattern = '{kind}'\n"
    with pytest.raises(SettingsFault) as fault:
        read_settings(written(tmp_path, faulty + "[team]\ndue_sonn = 4\n"))
    text = str(fault.value)
    assert "mailbox.address: must be a bare email address" in text
    assert "smtp.port: " in text
    assert "reference.pattern: " in text
    assert "team.due_sonn: " in text
    assert str(tmp_path / "foidesk.toml") in text


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"no such file.*foidesk init"):
        read_settings(tmp_path / "nothing.toml")


def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="line 1"):
        read_settings(written(tmp_path, "this is not toml"))


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_MAILBOX__HOST", "other.example")
    monkeypatch.setenv("FOIDESK_SMTP__PASSWORD", "hush")
    settings = read_settings(written(tmp_path, SMALL))
    assert settings.mailbox.host == "other.example"
    assert settings.smtp.secret() == "hush"


def test_a_password_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOIDESK_MAILBOX__PASSWORD", "hush-hush")
    settings = read_settings(written(tmp_path, SMALL))
    assert "hush-hush" not in repr(settings) + str(settings)
    with pytest.raises(SettingsFault) as fault:
        read_settings(written(tmp_path, SMALL.replace('host = "imap.anytown.example"', "")))
    assert "hush-hush" not in str(fault.value)


@pytest.mark.parametrize("security", ["none"])
def test_an_unencrypted_server_must_be_this_machine(tmp_path: Path, security: str) -> None:
    open_server = SMALL.replace("[smtp]", f'security = "{security}"\n[smtp]')
    with pytest.raises(SettingsFault, match="on this very machine only"):
        read_settings(written(tmp_path, open_server))
    read_settings(written(tmp_path, open_server.replace("imap.anytown.example", "127.0.0.1")))


def test_a_password_is_read_from_its_file_at_each_use(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    text = SMALL.replace("[smtp]", f'password_file = "{secret}"\n[smtp]')
    settings = read_settings(written(tmp_path, text))
    with pytest.raises(SecretUnreadable, match="No such file"):
        settings.mailbox.secret()
    for password in ("first", "second"):
        secret.write_text(password + "\n")
        assert settings.mailbox.secret() == password

"""The table [oauth]: what it needs, what it refuses, and when what it signs in with ends."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError

from service.commands.init import EXAMPLE
from service.settings import Settings, SettingsFault, read_settings
from service.sign_in import OAuth
from tests.conftest import council_settings
from tests.house.source import ROOT

MICROSOFT = {
    "provider": "microsoft",
    "tenant": "anytown.example",
    "client_id": "11111111-2222-3333-4444-555555555555",
    "client_secret": "w8Q~secret",
}
TOKEN = {"sign_in": "oauth", "user": "foi@anytown.example"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"provider": None}, "provider is missing"),
        ({"provider": "yahoo"}, "'microsoft' or 'google'"),
        ({"tenant": ""}, "tenant missing"),
        ({"tenant": "common"}, "must be your own"),
        ({"client_id": "foidesk"}, "must be the Application"),
        ({"client_secret": ""}, "give one of"),
        ({"certificate_file": "both.pem"}, "give one of"),
        ({"authority": "http://login.example"}, "must begin with https://"),
        ({"provider": "google"}, "service_account_file is missing"),
        ({"secret": "x"}, "Extra inputs"),
    ],
)
def test_what_is_wrong_in_the_table_is_said(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        OAuth.model_validate(MICROSOFT | changes)


def test_a_password_stays_the_way_to_sign_in_unless_told_otherwise(tmp_path: Path) -> None:
    settings = council_settings(tmp_path)
    assert (settings.mailbox.oauth, settings.smtp.oauth) == (None, None)


def test_each_server_says_whether_it_takes_a_token(tmp_path: Path) -> None:
    settings = council_settings(tmp_path, mailbox=TOKEN, oauth=MICROSOFT)
    assert (settings.mailbox.oauth, settings.smtp.oauth) == (settings.oauth, None)
    assert settings.oauth.wanted_scope == "https://outlook.office365.com/.default"


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"mailbox": TOKEN}, r"needs a table \[oauth\]"),
        ({"oauth": MICROSOFT}, r"\[oauth\] is used by nothing"),
        ({"oauth": MICROSOFT, "mailbox": {"sign_in": "oauth", "user": ""}}, "needs user: the address of the mailbox"),
    ],
)
def test_a_token_that_nobody_takes_or_gives_is_a_fault(
    tmp_path: Path, sections: dict[str, dict[str, Any]], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        council_settings(tmp_path, **sections)


def test_the_secret_may_come_from_the_environment_and_is_in_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "foidesk.toml"
    path.write_text(
        '[authority]\nname = "Anytown"\n[mailbox]\naddress = "foi@anytown.example"\nhost = "outlook.office365.com"\n'
        'sign_in = "oauth"\nuser = "foi@anytown.example"\n[smtp]\nhost = "smtp.office365.com"\n[oauth]\n'
        'provider = "microsoft"\ntenant = "anytown.example"\nclient_id = "11111111-2222-3333-4444-555555555555"\n'
    )
    monkeypatch.setenv("FOIDESK_OAUTH__CLIENT_SECRET", "w8Q~secret")
    settings = read_settings(path)
    assert settings.oauth.client_secret.get_secret_value() == "w8Q~secret"
    assert "w8Q~secret" not in repr(settings)
    monkeypatch.setenv("FOIDESK_OAUTH__TENANT", "common")
    with pytest.raises(SettingsFault, match=r"oauth\.tenant: must be your own") as fault:
        read_settings(path)
    assert "w8Q~secret" not in str(fault.value)


def test_a_secret_ends_when_the_settings_say_so() -> None:
    assert OAuth.model_validate(MICROSOFT | {"secret_expires_on": "2027-06-30"}).ends_on() == date(2027, 6, 30)
    assert OAuth.model_validate(MICROSOFT).ends_on() is None


def test_a_certificate_knows_its_own_end(tmp_path: Path) -> None:
    ends = datetime(2027, 6, 30, 12, tzinfo=UTC)
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ends - timedelta(days=365))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    words = MICROSOFT | {"client_secret": "", "certificate_file": path}
    assert OAuth.model_validate(words).ends_on() == date(2027, 6, 30)
    path.write_text("nothing of the kind")
    assert OAuth.model_validate(words).ends_on() is None


def test_the_example_of_init_is_right_when_its_lines_are_uncommented(tmp_path: Path) -> None:
    path = tmp_path / "foidesk.toml"
    head, table = EXAMPLE.split("# [oauth]\n")
    uncommented = "[oauth]\n" + "".join(line.removeprefix("# ") for line in table.splitlines(keepends=True))
    path.write_text(head.replace('# sign_in = "oauth"', 'sign_in = "oauth"') + uncommented)
    settings = read_settings(path)
    assert settings.mailbox.oauth == settings.smtp.oauth == settings.oauth
    assert settings.oauth.ends_on() == date(2027, 6, 30)


@pytest.mark.parametrize(("page", "provider"), [("microsoft-365.md", "microsoft"), ("google-workspace.md", "google")])
def test_the_settings_of_the_guide_are_enough(page: str, provider: str) -> None:
    words = (ROOT / "docs" / "guide" / page).read_text(encoding="utf-8")
    settings_at = words.index("## 5. Settings") if "## 5. Settings" in words else 0
    block = words[settings_at:].split("```toml\n")[1].split("```")[0]
    settings = Settings.model_validate({"authority": {"name": "Anytown"}} | tomllib.loads(block))
    assert settings.mailbox.oauth == settings.smtp.oauth == settings.oauth
    assert settings.oauth.provider == provider

"""The way to the mail server: what is wrong with it is named, and nothing goes over a way that is not safe."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mail.deliver import Delivered, deliver_outbox
from mail.smtp_fault import SmtpCertificateRefused, SmtpNotEncrypted, SmtpSignInRefused, SmtpUnreachable
from service.desk import Desk
from service.settings import Settings
from tests.conftest import Time, council_settings
from tests.integration.certificates import Authority
from tests.integration.outbox import changed, letter, write
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.servers import free_port


@pytest.fixture
def smtp() -> Iterator[Script]:
    with faulty_smtp() as script:
        yield script


@pytest.fixture
def settings(tmp_path: Path, smtp: Script) -> Settings:
    return council_settings(tmp_path, smtp={"port": smtp.port, "timeout": 0.5, "user": "foi", "password": "x"})


@pytest.fixture
def desk(sqlite_desk: Desk) -> Desk:
    return sqlite_desk


def test_a_dead_server_is_named_and_every_letter_waits(desk: Desk, tmp_path: Path, time: Time) -> None:
    keys = [write(desk) for _ in range(2)]
    dead = changed(desk, tmp_path, smtp={"port": free_port(), "timeout": 0.5})
    with pytest.raises(SmtpUnreachable, match=r"127\.0\.0\.1:.*refused.*Check \[smtp\] host"):
        deliver_outbox(dead)
    assert {(letter(desk, key).state, letter(desk, key).phase) for key in keys} == {("retry", "connect")}
    assert {letter(desk, key).next_try_at for key in keys} == {time.now() + timedelta(minutes=1)}


@pytest.mark.parametrize("offered", ["AUTH PLAIN LOGIN", "AUTH LOGIN"])
def test_a_wrong_password_is_named_and_not_tried_with_every_letter(desk: Desk, smtp: Script, offered: str) -> None:
    keys = [write(desk) for _ in range(3)]
    smtp.extensions = (offered,)
    smtp.faults["auth"] = (
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. foi@anytown.example"
    )
    with pytest.raises(SmtpSignInRefused, match="SmtpClientAuthenticationDisabled") as refused:
        deliver_outbox(desk)
    assert "foi@anytown.example" not in str(refused.value)
    assert {letter(desk, key).state for key in keys} == {"retry"}
    assert len([c for c in smtp.commands if c.startswith("AUTH")]) == 1


def test_a_server_without_sign_in_is_not_sent_to_in_the_open(desk: Desk, smtp: Script) -> None:
    write(desk)
    smtp.extensions = ("SIZE",)
    with pytest.raises(SmtpSignInRefused, match="neither AUTH PLAIN nor AUTH LOGIN"):
        deliver_outbox(desk)
    assert smtp.taken == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_server_with_a_good_certificate_gets_the_letter(
    desk: Desk, smtp: Script, tmp_path: Path, security: str
) -> None:
    authority = Authority(tmp_path)
    setattr(smtp, security, authority.server())
    write(desk)
    section = {
        "port": smtp.port,
        "timeout": 2,
        "security": security,
        "ca_file": authority.file,
        "user": "foi",
        "password": "ä",
    }
    assert deliver_outbox(changed(desk, tmp_path, smtp=section)) == Delivered(sent=1)


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("days", [-1, 1])
def test_a_bad_certificate_gets_neither_password_nor_letter(
    desk: Desk, smtp: Script, tmp_path: Path, security: str, days: int
) -> None:
    authority = Authority(tmp_path)
    setattr(smtp, security, authority.server(days=days))
    trust = {"ca_file": authority.file} if days < 0 else {}  # else a good certificate by nobody we know
    write(desk)
    section = {"port": smtp.port, "timeout": 2, "security": security, "user": "foi", "password": "x", **trust}
    with pytest.raises(SmtpCertificateRefused, match="expired" if days < 0 else "unable to get local issuer"):
        deliver_outbox(changed(desk, tmp_path, smtp=section))
    assert not any(c.startswith(("AUTH", "MAIL")) for c in smtp.commands)


def test_a_server_that_does_not_offer_encryption_gets_neither_password_nor_letter(
    desk: Desk, smtp: Script, tmp_path: Path
) -> None:
    write(desk)
    section = {"port": smtp.port, "timeout": 0.5, "security": "starttls", "user": "foi", "password": "x"}
    with pytest.raises(SmtpNotEncrypted):
        deliver_outbox(changed(desk, tmp_path, smtp=section))
    assert not any(c.startswith(("AUTH", "MAIL")) for c in smtp.commands)


def test_a_connection_that_breaks_at_starttls_does_not_go_on_in_the_open(
    desk: Desk, smtp: Script, tmp_path: Path
) -> None:
    smtp.starttls = Authority(tmp_path).server()
    smtp.faults["starttls"] = "454 4.7.0 TLS not available"
    key = write(desk)
    section = {"port": smtp.port, "timeout": 0.5, "security": "starttls", "user": "foi", "password": "x"}
    assert deliver_outbox(changed(desk, tmp_path, smtp=section)) == Delivered(retry=1)
    assert letter(desk, key).phase == "starttls"
    assert not any(c.startswith(("AUTH", "MAIL")) for c in smtp.commands)

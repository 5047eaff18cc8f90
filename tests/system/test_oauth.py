"""The whole product signed in by tokens: a green doctor, a request answered, and no secret in anything it says."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.integration.certificates import Authority
from tests.integration.dovecot import BINARY, FOI, Dovecot, running_dovecot
from tests.integration.polling import a_mail
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.integration.token_service import CLIENT, SECRET, TENANT, TokenService, token_service
from tests.servers import need
from tests.system.conftest import Sink
from tests.system.installation import Installation, edit, until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TokenService]:
    folder = tmp_path / "sign-in"
    folder.mkdir()
    with token_service(folder) as service:
        yield service


@pytest.fixture
def dovecot(service: TokenService) -> Iterator[Dovecot]:
    need("dovecot", BINARY)
    with running_dovecot(introspection=service.introspection) as server:
        yield server


@pytest.fixture
def sink(tmp_path: Path, service: TokenService) -> Iterator[Sink]:
    authority = Authority(tmp_path)
    script = Script(starttls=authority.server(), extensions=("AUTH XOAUTH2",), takes_token=service.opens)
    with faulty_smtp(script):
        yield Sink(script, authority.file)


@pytest.fixture
def desk(bare: Installation, example: str, dovecot: Dovecot, sink: Sink, service: TokenService) -> Installation:
    """What an administrator makes of the example by the guide."""
    bare.settings_file.write_text(example)
    edit(bare, dovecot, sink.script, sink.authority)
    (bare.folder / "var" / "mailbox-password").unlink()
    (bare.folder / "var" / "client-secret").write_text(f"{SECRET}\n")
    bare.change("mailbox", sign_in="oauth", password_file=None)
    bare.change("smtp", sign_in="oauth", password_file=None)
    bare.change(
        "oauth", provider="microsoft", tenant=TENANT, client_id=CLIENT, client_secret_file="var/client-secret",
        secret_expires_on=str(date.today() + timedelta(days=400)), authority=service.url,
        ca_file=str(service.authority_file),
    )  # fmt: skip
    return bare


def test_the_doctor_is_green(desk: Installation) -> None:
    done = desk.run("doctor")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    for line in (
        f"ok    token of Microsoft for {FOI}: had, good until ",
        "ok    permissions of the application: IMAP.AccessAsApp, SMTP.SendAsApp",
        "ok    client secret: ends on ",
        f"ok    sign-in to 127.0.0.1: as {FOI}, by a token",
    ):
        assert line in done.stdout


def test_the_doctor_says_that_the_secret_has_expired(desk: Installation, service: TokenService) -> None:
    service.refuse("invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", 401)
    done = desk.run("doctor")
    assert done.returncode == 1
    assert "AADSTS7000222, the client secret has expired" in done.stdout
    assert "Make a new client secret (Entra admin centre" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_request_is_answered_and_no_secret_said(
    desk: Installation, dovecot: Dovecot, sink: Sink, service: TokenService
) -> None:
    with desk.running("-v", "serve", "--from", "now") as serve:
        serve.url()
        dovecot.deliver(a_mail(1))
        until(lambda: len(sink.acknowledgements()) == 1, what=serve.said)
        service.expire()
        dovecot.deliver(a_mail(2))
        until(lambda: len(sink.acknowledgements()) == 2, what=serve.said)
        assert serve.stop() == 0
    status = desk.status()
    assert status["sign_in"]["status"] == "ok"
    assert status["mailboxes"][0]["status"] == "ok"
    said = serve.said() + desk.run("-v", "doctor").stdout
    assert [secret for secret in (SECRET, *service.issued) if secret in said] == []
    assert "Traceback" not in said

"""Signing in to the way out by token, and everything that may be wrong with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mail.deliver import Delivered, deliver_outbox
from mail.smtp_fault import SmtpTokenAway, SmtpTokenNotTaken, SmtpTokenRefused
from service.desk import Desk
from service.settings import Settings
from tests.conftest import Time, council_settings
from tests.integration.outbox import letter, write
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.integration.token_service import MAILBOX, TokenService, token_service

OTHER = "else@anytown.example"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TokenService]:
    with token_service(tmp_path) as service:
        yield service


@pytest.fixture
def smtp(service: TokenService) -> Iterator[Script]:
    """One that asks the sign-in service what a token is worth."""
    with faulty_smtp(Script(extensions=("SIZE", "AUTH LOGIN XOAUTH2"), takes_token=service.opens)) as script:
        yield script


@pytest.fixture
def settings(tmp_path: Path, service: TokenService, smtp: Script) -> Settings:
    way_out = {"port": smtp.port, "timeout": 5, "sign_in": "oauth", "user": MAILBOX}
    return council_settings(tmp_path, oauth=service.settings(), smtp=way_out)


def test_a_kept_token_that_smtp_refuses_is_renewed_and_the_letter_sent(
    sqlite_desk: Desk, service: TokenService, smtp: Script
) -> None:
    write(sqlite_desk)
    deliver_outbox(sqlite_desk)
    service.expire()
    key = write(sqlite_desk)
    assert deliver_outbox(sqlite_desk) == Delivered(sent=1)
    assert (letter(sqlite_desk, key).attempts, len(service.issued), service.refused) == (1, 2, 1)


@pytest.mark.parametrize(("length", "lines"), [(900, 2), (80, 1)])
def test_a_long_token_goes_on_a_line_of_its_own(
    sqlite_desk: Desk, service: TokenService, smtp: Script, length: int, lines: int
) -> None:
    service.length = length
    write(sqlite_desk)
    assert deliver_outbox(sqlite_desk) == Delivered(sent=1)
    [said] = [line for line in smtp.commands if line.startswith("AUTH")]
    assert (said == "AUTH XOAUTH2") == (lines == 2)


def test_a_token_that_smtp_refuses_holds_every_letter(
    sqlite_desk: Desk, service: TokenService, smtp: Script, time: Time
) -> None:
    service.mailbox = OTHER
    keys = [write(sqlite_desk) for _ in range(2)]
    with pytest.raises(SmtpTokenNotTaken, match=r"535 5\.7\.3 Authentication unsuccessful\. .*SendAs") as refused:
        deliver_outbox(sqlite_desk)
    assert smtp.connections == 1
    assert {letter(sqlite_desk, key).state for key in keys} == {"retry"}
    assert {letter(sqlite_desk, key).next_try_at for key in keys} == {time.now() + timedelta(minutes=15)}
    assert next(iter(service.issued)) not in str(refused.value)


def test_smtp_that_is_switched_off_is_named(sqlite_desk: Desk, service: TokenService, smtp: Script) -> None:
    service.mailbox = OTHER
    smtp.faults["auth refused"] = "535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox."
    write(sqlite_desk)
    with pytest.raises(SmtpTokenNotTaken, match="Set-CASMailbox"):
        deliver_outbox(sqlite_desk)


def test_smtp_that_is_busy_is_no_refusal(sqlite_desk: Desk, service: TokenService, smtp: Script) -> None:
    service.mailbox = OTHER
    smtp.faults["auth refused"] = "454 4.7.0 Temporary authentication failure"
    key = write(sqlite_desk)
    assert deliver_outbox(sqlite_desk) == Delivered(retry=1)
    assert "come back later" in letter(sqlite_desk, key).trouble


def test_an_smtp_server_that_knows_no_tokens_is_named(sqlite_desk: Desk, smtp: Script, service: TokenService) -> None:
    smtp.extensions = ("AUTH PLAIN",)
    write(sqlite_desk)
    with pytest.raises(SmtpTokenNotTaken, match="does not offer AUTH XOAUTH2"):
        deliver_outbox(sqlite_desk)
    assert service.issued == {}


def test_while_no_token_is_to_be_had_letters_wait(sqlite_desk: Desk, service: TokenService, time: Time) -> None:
    service.refuse("server_error", "", 500)
    key = write(sqlite_desk)
    with pytest.raises(SmtpTokenAway, match="gives no tokens at the moment"):
        deliver_outbox(sqlite_desk)
    assert (letter(sqlite_desk, key).state, letter(sqlite_desk, key).phase) == ("retry", "auth")
    assert letter(sqlite_desk, key).next_try_at == time.now() + timedelta(minutes=1)


def test_an_expired_secret_holds_every_letter(sqlite_desk: Desk, service: TokenService, time: Time) -> None:
    service.refuse("invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", 401)
    key = write(sqlite_desk)
    with pytest.raises(SmtpTokenRefused, match="the client secret has expired"):
        deliver_outbox(sqlite_desk)
    assert letter(sqlite_desk, key).next_try_at == time.now() + timedelta(minutes=15)

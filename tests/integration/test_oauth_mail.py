"""Signing in to the mailbox by token, from the sign-in service to Dovecot, and everything that ends a token."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from mail.check_imap import check_imap
from mail.check_oauth import check_oauth
from mail.check_smtp import check_smtp
from mail.deliver import Delivered, deliver_outbox
from mail.errors import MailServerUnreachable, TokenNotTaken, TokenRefused, TokenTrouble
from mail.idle import watch
from mail.mailbox import open_mailbox
from mail.poll import Polled, poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.settings import Settings
from service.store.database import reading
from service.store.mailboxes import mailbox
from tests.conftest import Time, council_settings
from tests.integration.dovecot import BINARY, FOI, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, PLENTY, SAT_JUN_1_2024, a_mail, counted, rows
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.integration.token_service import TokenService, token_service
from tests.integration.wire import wire_to
from tests.servers import need
from tests.system.installation import until

OTHER = "else@anytown.example"
TOKEN = {"sign_in": "oauth", "user": FOI}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TokenService]:
    with token_service(tmp_path) as service:
        yield service


@pytest.fixture
def dovecot(service: TokenService) -> Iterator[Dovecot]:
    """One that asks the sign-in service what a token is worth."""
    need("dovecot", BINARY)
    with running_dovecot(introspection=service.introspection) as server:
        yield server


@pytest.fixture
def smtp(service: TokenService) -> Iterator[Script]:
    """One that does so too."""
    with faulty_smtp(Script(extensions=("SIZE", "AUTH LOGIN XOAUTH2"), takes_token=service.opens)) as script:
        yield script


@pytest.fixture
def settings(tmp_path: Path, service: TokenService, dovecot: Dovecot, smtp: Script) -> Settings:
    return settings_for(tmp_path, service, dovecot.imaps, dovecot.ca_file, smtp)


def settings_for(folder: Path, service: TokenService, port: int, ca_file: Path, smtp: Script) -> Settings:
    return council_settings(
        folder,
        oauth=service.settings(),
        mailbox=TOKEN | {"security": "tls", "port": port, "ca_file": ca_file, "password": "", "timeout": 10},
        smtp=TOKEN | {"port": smtp.port, "timeout": 5},
        limits=PLENTY,
    )


def trouble(desk: Desk) -> str:
    with reading(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    return row.trouble or ""


def test_a_mail_is_read_and_its_acknowledgement_sent_by_the_same_token(
    sqlite_desk: Desk, dovecot: Dovecot, smtp: Script, service: TokenService, reader: Reader
) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    assert poll_mailbox(sqlite_desk, reader, begin=SAT_JUN_1_2024) == Polled(1, 1, 1)
    assert deliver_outbox(sqlite_desk) == Delivered(sent=1)
    assert (counted(sqlite_desk), smtp.signed_in, len(smtp.taken)) == ((1, 1, 1), [FOI], 1)
    assert (len(service.issued), service.refused) == (1, 0)
    assert "method=XOAUTH2" in dovecot.log()


def test_a_token_that_ends_in_the_middle_of_a_session_costs_no_mail(
    sqlite_desk: Desk, dovecot: Dovecot, service: TokenService, smtp: Script, reader: Reader, tmp_path: Path
) -> None:
    large = a_mail(2, text="A long story. " * 200_000)
    for mail in (a_mail(1), large, a_mail(3)):
        dovecot.append(mail, MON_JUN_3_2024)
    with wire_to(dovecot.imaps) as wire:
        # What Exchange does when a token's hour is over: the session ends, and the token opens nothing any more.
        wire.lets_through, wire.on_cut = 1_500_000, service.expire
        through = settings_for(tmp_path, service, wire.port, dovecot.ca_file, smtp)
        desk = replace(sqlite_desk, settings=through)
        first = poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)  # the large one is left for the next look
        assert (first.moved, poll_mailbox(desk, reader).moved) == (2, 1)
    assert counted(desk) == (3, 3, 3)
    assert (trouble(desk), len(rows(desk)), dovecot.folder_content("INBOX")) == ("", 3, [])
    assert (len(service.issued), service.refused) == (2, 1)  # the kept one once more, then a new one


def test_waiting_for_mail_goes_on_with_a_new_token(
    settings: Settings, dovecot: Dovecot, service: TokenService, smtp: Script, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(TokenTrouble, "shortest", timedelta(seconds=0.1))
    monkeypatch.setattr(MailServerUnreachable, "shortest", timedelta(seconds=0.1))
    news: list[int] = []
    stop = Event()
    with wire_to(dovecot.imaps) as wire:
        wire.on_cut = service.expire
        through = settings_for(tmp_path, service, wire.port, dovecot.ca_file, smtp)
        watching = Thread(target=watch, args=(through.mailbox, lambda: news.append(len(service.issued)), stop))
        watching.start()
        until(lambda: news == [1])
        wire.cut()
        until(lambda: news == [1, 2])  # signed in again
        dovecot.deliver(a_mail(1))
        until(lambda: len(news) == 3)
        stop.set()
        watching.join(10)


def test_a_token_for_another_mailbox_is_refused_once_with_the_likely_causes(
    sqlite_desk: Desk, service: TokenService, reader: Reader
) -> None:
    service.mailbox = OTHER
    with pytest.raises(TokenNotTaken, match=r"refuses the token.*New-ServicePrincipal.*FullAccess") as refused:
        poll_mailbox(sqlite_desk, reader, begin=SAT_JUN_1_2024)
    assert len(service.issued) == 1  # it was new, and another would be no better
    assert refused.value.retry_after(timedelta(0)) == timedelta(minutes=15)
    assert trouble(sqlite_desk) == str(refused.value)
    assert next(iter(service.issued)) not in str(refused.value)
    assert FOI not in str(refused.value)


def test_a_kept_token_that_is_refused_is_renewed_by_force_once(settings: Settings, service: TokenService) -> None:
    with open_mailbox(settings.mailbox):
        pass
    service.mailbox = OTHER  # the permission is taken away
    service.expire()
    with pytest.raises(TokenNotTaken):
        open_mailbox(settings.mailbox)
    assert len(service.issued) == 2


def test_a_token_that_lacks_the_permission_is_named(settings: Settings, service: TokenService) -> None:
    service.mailbox, service.roles = OTHER, ("SMTP.SendAsApp",)
    with pytest.raises(TokenNotTaken, match=r"lacks IMAP\.AccessAsApp.*admin consent"):
        open_mailbox(settings.mailbox)


def test_a_server_that_knows_no_tokens_is_named(service: TokenService, smtp: Script, tmp_path: Path) -> None:
    need("dovecot", BINARY)
    with running_dovecot() as plain:
        settings = settings_for(tmp_path, service, plain.imaps, plain.ca_file, smtp)
        with pytest.raises(TokenNotTaken, match="does not offer AUTH=XOAUTH2"):
            open_mailbox(settings.mailbox)
    assert service.issued == {}


def test_while_no_token_is_to_be_had_the_mail_waits(
    sqlite_desk: Desk, dovecot: Dovecot, service: TokenService, reader: Reader, time: Time
) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    service.refuse("temporarily_unavailable", "AADSTS90033: A transient error has occurred.", 400)
    with pytest.raises(TokenTrouble, match=r"gives no tokens at the moment.*Nothing is lost") as away:
        poll_mailbox(sqlite_desk, reader, begin=SAT_JUN_1_2024)
    pauses = [away.value.retry_after(timedelta(seconds=s)).total_seconds() for s in (0, 60, 3600)]
    assert pauses == [5, 60, 600]
    service.refusal = None
    assert poll_mailbox(sqlite_desk, reader, patient=True) == Polled(0, 0, 0)
    time.pass_by(seconds=5)
    until(lambda: _read(sqlite_desk, reader) == 1)
    assert trouble(sqlite_desk) == ""


def _read(desk: Desk, reader: Reader) -> int:
    """How many cases there are after another look, which MSAL may still refuse for some seconds."""
    with suppress(TokenTrouble):
        poll_mailbox(desk, reader)
    return counted(desk)[0]


def test_an_expired_secret_is_told_on_every_page(sqlite_desk: Desk, service: TokenService, reader: Reader) -> None:
    service.refuse("invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", 401)
    with pytest.raises(TokenRefused) as refused:
        poll_mailbox(sqlite_desk, reader, begin=SAT_JUN_1_2024)
    assert refused.value.retry_after(timedelta(0)) == timedelta(minutes=15)
    assert "the client secret has expired. Make a new client secret" in trouble(sqlite_desk)


def _found(settings: Settings, time: Time) -> dict[str, tuple[bool, str, str]]:
    findings = [*check_oauth(settings, time.now()), *check_imap(settings), *check_smtp(settings)]
    return {finding.subject: (finding.ok, finding.found, finding.advice) for finding in findings}


def test_the_check_up_shows_token_permissions_and_the_end_of_the_secret(settings: Settings, time: Time) -> None:
    ending = settings.oauth.model_copy(update={"secret_expires_on": time.now().date() + timedelta(days=30)})
    found = _found(settings.model_copy(update={"oauth": ending}), time)
    assert found[f"token of Microsoft for {FOI}"][:2] == (True, "had, good until 09:30 UTC")
    assert found["permissions of the application"][:2] == (True, "IMAP.AccessAsApp, SMTP.SendAsApp")
    assert found["client secret"][:2] == (True, "ends on 3 July 2024")
    assert found["sign-in to 127.0.0.1"][:2] == (True, f"as {FOI}, by a token")
    assert [subject for subject, (ok, _, _) in found.items() if not ok] == []


@pytest.mark.parametrize(("days", "words"), [(29, "ends on 2 July 2024"), (-1, "ended on 2 June 2024")])
def test_the_check_up_warns_a_month_ahead(settings: Settings, time: Time, days: int, words: str) -> None:
    ending = settings.oauth.model_copy(update={"secret_expires_on": time.now().date() + timedelta(days=days)})
    ok, found, advice = _found(settings.model_copy(update={"oauth": ending}), time)["client secret"]
    assert (ok, found) == (False, words)
    assert "Make a new one" in advice


def test_the_check_up_asks_for_the_end_that_it_does_not_know(settings: Settings, time: Time) -> None:
    ok, found, advice = _found(settings, time)["client secret"]
    assert (ok, found) == (False, "its last day is not known")
    assert "secret_expires_on" in advice


def test_the_check_up_names_a_permission_that_is_missing(settings: Settings, service: TokenService, time: Time) -> None:
    service.roles = ("IMAP.AccessAsApp",)
    ok, found, advice = _found(settings, time)["permissions of the application"]
    assert (ok, found) == (False, "without SMTP.SendAsApp")
    assert "admin consent" in advice


def test_the_check_up_tells_a_missing_token_from_a_dead_server(
    settings: Settings, service: TokenService, time: Time
) -> None:
    service.refuse("invalid_client", "AADSTS7000222: The provided client secret keys for app 'x' are expired.", 401)
    found = _found(settings, time)
    wrong = {subject: told for subject, (ok, told, _) in found.items() if not ok}
    assert set(wrong) == {f"token of Microsoft for {FOI}", "client secret", "sign-in to 127.0.0.1"}
    assert all("has expired" in told for subject, told in wrong.items() if subject != "client secret")
    assert found[f"token of Microsoft for {FOI}"][2].startswith("Make a new client secret")


def test_the_check_up_says_nothing_of_tokens_where_passwords_do(tmp_path: Path, time: Time) -> None:
    assert list(check_oauth(council_settings(tmp_path), time.now())) == []

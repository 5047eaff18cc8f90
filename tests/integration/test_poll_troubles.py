"""What an operator is told when the mailbox cannot be read, and how long the server is then left alone."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from mail.check_imap import check_imap
from mail.errors import (
    CertificateRefused,
    FolderMissing,
    MailboxNotReadable,
    MailServerUnreachable,
    ProtocolTrouble,
    SignInBrokenOff,
    SignInRefused,
)
from mail.mailbox import Facts, Fetched, ImapMailbox, open_mailbox
from mail.poll import Polled, poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.servers import MailboxSettings
from service.store.database import reading
from service.store.mailboxes import mailbox
from tests.conftest import Time, council_settings
from tests.integration.dovecot import BINARY, FOI, PASSWORD, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, counted, fill, reading_from, rows
from tests.integration.scripted_imap import scripted
from tests.servers import free_port, need


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_expired_certificate_is_refused_before_any_password_is_sent(security: str) -> None:
    need("dovecot", BINARY)
    with running_dovecot(certificate_days=-2) as server:
        with pytest.raises(CertificateRefused, match=r"expired.*No password was sent"):
            open_mailbox(server.settings(security=security))
        assert "Login" not in server.log()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_host_is_refused(dovecot: Dovecot, security: str) -> None:
    with pytest.raises(CertificateRefused, match=r"(?i)hostname mismatch"):
        open_mailbox(dovecot.settings(security=security, host="localhost"))


def test_a_certificate_that_nobody_we_know_has_signed_is_refused(dovecot: Dovecot) -> None:
    with pytest.raises(CertificateRefused, match="ca_file"):
        open_mailbox(dovecot.settings(ca_file=None))


def test_a_missing_file_of_certificates_is_named(dovecot: Dovecot, tmp_path: Path) -> None:
    with pytest.raises(CertificateRefused, match=r"none\.pem cannot be read"):
        open_mailbox(dovecot.settings(ca_file=tmp_path / "none.pem"))


def test_starttls_with_a_good_certificate_is_accepted(dovecot: Dovecot) -> None:
    with open_mailbox(dovecot.settings(security="starttls")) as box:
        box.select("INBOX")
        assert box.writable


def test_a_server_without_starttls_gets_no_password() -> None:
    need("dovecot", BINARY)
    with running_dovecot(more="imap_capability = IMAP4rev1\nssl = no") as server:
        with pytest.raises(MailServerUnreachable, match="STARTTLS"):
            open_mailbox(server.settings(security="starttls"))
        assert "Login" not in server.log()


def test_a_wrong_password_is_a_refused_sign_in_that_tells_no_password(dovecot: Dovecot) -> None:
    with pytest.raises(SignInRefused) as caught:
        open_mailbox(dovecot.settings(password="hunter2"))
    assert "hunter2" not in str(caught.value)
    assert FOI not in str(caught.value)
    assert caught.value.retry_after(timedelta()) == timedelta(minutes=15)


def test_a_password_beyond_ascii_signs_in() -> None:
    need("dovecot", BINARY)
    with running_dovecot({FOI: "pässwörd"}) as server, open_mailbox(server.settings()) as box:
        box.select("INBOX")
        assert box.uidvalidity


def test_a_dead_server_is_unreachable() -> None:
    settings = MailboxSettings(address=FOI, host="127.0.0.1", port=free_port(), security="none", user=FOI)
    with pytest.raises(MailServerUnreachable, match="Connection refused"):
        open_mailbox(settings)


def test_a_server_that_says_nothing_is_unreachable_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = MailboxSettings(address=FOI, host="127.0.0.1", port=port, security="none", user=FOI, timeout=0.2)
        with pytest.raises(MailServerUnreachable, match=r"no answer within"):
            open_mailbox(settings)


def test_a_missing_folder_is_named(dovecot: Dovecot) -> None:
    with open_mailbox(dovecot.settings()) as box, pytest.raises(FolderMissing, match="Requests/FOI"):
        box.select("Requests/FOI")


def test_a_sign_in_that_opens_no_mailbox_is_told_from_a_wrong_password() -> None:
    said = "BAD User is authenticated but not connected."
    told = pytest.raises(MailboxNotReadable, match="Full Access")
    with scripted(SELECT=said) as settings, open_mailbox(settings) as box, told:
        box.select("INBOX")


@pytest.mark.parametrize(
    ("said", "reason"),
    [("EOF", "it ended the connection"), ("* BYE Server shutting down.\r\nEOF", "Server shutting down")],
)
def test_a_server_that_goes_down_while_we_sign_in_has_not_refused_us(said: str, reason: str) -> None:
    with scripted(LOGIN=said) as settings, pytest.raises(SignInBrokenOff, match=reason) as caught:
        open_mailbox(settings)
    tries, troubled_for = 0, timedelta()
    while troubled_for < timedelta(minutes=10):
        tries, troubled_for = tries + 1, troubled_for + caught.value.retry_after(troubled_for)
    assert tries == 4
    assert caught.value.retry_after(timedelta(hours=1)) == timedelta(minutes=15)


@pytest.mark.parametrize("said", ["[AUTHENTICATIONFAILED] No.", "Login failed.", "Wrong password, goodbye."])
def test_a_server_that_refuses_us_and_hangs_up_has_refused_us(said: str) -> None:
    with scripted(LOGIN=f"* BYE {said}\r\nEOF") as settings, pytest.raises(SignInRefused) as caught:
        open_mailbox(settings)
    assert caught.value.retry_after(timedelta()) == timedelta(minutes=15)


def test_words_of_a_mail_that_the_server_garbles_never_reach_a_message() -> None:
    told = pytest.raises(MailServerUnreachable)
    with scripted(SELECT="Secret words of Harriet Bell") as settings, open_mailbox(settings) as box, told as caught:
        box.select("INBOX")
    assert "Harriet" not in str(caught.value)


def test_mail_that_another_moves_at_the_same_moment_is_no_trouble() -> None:
    filed = '* LIST () "/" "FOI/Filed"'
    with scripted(LIST=filed, UID_MOVE="NO [EXPUNGEISSUED] gone") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        assert box.move([1, 2], "FOI/Filed") == {1, 2}
    with scripted(LIST=filed, UID_MOVE="NO [OVERQUOTA] full") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        with pytest.raises(ProtocolTrouble, match="full"):
            box.move([1, 2], "FOI/Filed")


def test_a_mail_whose_file_the_server_cannot_read_keeps_no_other_from_us(
    sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time
) -> None:
    desk = reading_from(sqlite_desk, dovecot.settings())
    fill(dovecot, {number: a_mail(number) for number in range(1, 6)})
    unreadable = sorted((dovecot.folder / "mail" / FOI / "mail" / "cur").iterdir())[2]
    unreadable.chmod(0)  # Dovecot hangs up on whoever asks for it
    assert poll_mailbox(desk, reader, begin=SAT_JUN_1_2024).read == 4
    with reading(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert (row.trouble, row.withheld) == ("", 1)
    fill(dovecot, {6: a_mail(6)})
    assert poll_mailbox(desk, reader).read == 1
    time.pass_by(days=1)
    assert poll_mailbox(desk, reader).read == 1
    assert [post.state for post in rows(desk)] == ["filed"] * 2 + ["quarantined"] + ["filed"] * 3
    unreadable.chmod(0o600)


def test_a_server_that_hands_over_nothing_is_in_trouble_itself() -> None:
    with scripted(UID_FETCH="NO [SERVERBUG] Internal error") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        with pytest.raises(ProtocolTrouble, match="Internal error"):
            box.facts(range(1, 10))
        assert box.facts([]) == {}


def test_a_server_that_is_busy_is_asked_once(caplog: pytest.LogCaptureFixture) -> None:
    with scripted(UID_FETCH="NO [LIMIT] later") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        with pytest.raises(ProtocolTrouble, match="later"):
            box.facts([1])
    assert caplog.records == []


def test_a_large_mail_of_which_nothing_comes_is_left_out() -> None:
    nothing = '* 1 FETCH (UID 1 BODY[]<0> "")'
    with scripted(UID_FETCH=nothing) as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        assert list(box.fetch({1: Facts(3_000_000, MON_JUN_3_2024)})) == []


def test_a_mail_of_which_the_server_tells_nothing_is_counted(sqlite_desk: Desk, reader: Reader) -> None:
    with scripted(UID_SEARCH="* SEARCH 7") as settings:
        desk = reading_from(sqlite_desk, settings)
        poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
        with reading(desk.engine) as session:
            row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert (row.listed, row.withheld) == (1, 1)


@pytest.mark.parametrize(
    "came", ["NIL", '"00-Jan-0000 00:00:00 +0000"', '"31-Dec-9999 23:00:00 -1200"', '"03-Jun-2024 08:00:00 +9900"']
)
def test_a_mail_that_came_at_no_time_keeps_no_other_from_us(sqlite_desk: Desk, reader: Reader, came: str) -> None:
    told = f"* 1 FETCH (UID 7 RFC822.SIZE 1000 INTERNALDATE {came})"
    with scripted(UID_SEARCH="* SEARCH 7", UID_FETCH=told) as settings:
        desk = reading_from(sqlite_desk, settings)
        poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
        with reading(desk.engine) as session:
            row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert (row.trouble, row.withheld) == ("", 1)


def test_what_came_before_the_server_went_is_kept(
    sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = reading_from(sqlite_desk, dovecot.settings())
    fill(dovecot, {number: a_mail(number) for number in range(1, 4)})
    fetch = ImapMailbox.fetch

    def two_and_no_more(box: ImapMailbox, facts: dict[int, Facts]) -> Iterator[Fetched]:
        yield from islice(fetch(box, facts), 2)
        raise MailServerUnreachable(host="127.0.0.1", port=143, reason="it ended the connection")

    monkeypatch.setattr(ImapMailbox, "fetch", two_and_no_more)
    with pytest.raises(MailServerUnreachable):
        poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    assert [post.state for post in rows(desk)] == ["filed", "filed"]


def test_trouble_is_noted_until_the_mailbox_is_read_again(
    sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time
) -> None:
    broken = reading_from(sqlite_desk, dovecot.settings(password="wrong"))
    since = time.now()
    for _ in range(2):
        with pytest.raises(SignInRefused):
            poll_mailbox(broken, reader, begin=SAT_JUN_1_2024)
        time.pass_by(minutes=1)
    with reading(broken.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert row.trouble.startswith("The mail server 127.0.0.1 refuses our sign-in")
    assert (row.trouble_since, row.read_at) == (since, None)
    poll_mailbox(reading_from(sqlite_desk, dovecot.settings()), reader)
    with reading(broken.engine) as session:
        row = mailbox(session, "foi", "INBOX")
    assert row is not None
    assert (row.trouble, row.trouble_since, row.next_try_at) == ("", None, None)


def test_a_patient_look_leaves_a_troubled_server_alone_for_a_while(
    sqlite_desk: Desk, dovecot: Dovecot, reader: Reader, time: Time
) -> None:
    dovecot.append(a_mail(1), MON_JUN_3_2024)
    with pytest.raises(SignInRefused):
        poll_mailbox(reading_from(sqlite_desk, dovecot.settings(password="wrong")), reader, begin=SAT_JUN_1_2024)
    mended = reading_from(sqlite_desk, dovecot.settings())
    time.pass_by(minutes=14)
    assert poll_mailbox(mended, reader, patient=True) == Polled(0, 0, 0)
    time.pass_by(minutes=1)
    assert poll_mailbox(mended, reader, patient=True) == Polled(1, 1, 1)
    assert counted(mended) == (1, 1, 1)


def test_pauses_after_a_lost_server_double_from_seconds_to_minutes() -> None:
    trouble = MailServerUnreachable(host="h", port=1, reason="r")
    pauses = [trouble.retry_after(timedelta(seconds=seconds)) for seconds in (0, 30, 3600)]
    assert pauses == [timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=10)]


def test_the_check_up_finds_a_good_mailbox_well(dovecot: Dovecot, tmp_path: Path) -> None:
    settings = council_settings(tmp_path)
    findings = check_imap(settings.model_copy(update={"mailbox": dovecot.settings(sent_folder="Sent Items")}))
    assert [finding.subject for finding in findings if not finding.ok] == ["folder Sent Items"]
    assert "folder INBOX" in [finding.subject for finding in findings]
    assert dovecot.folder_content("FOI/Filed") == []  # it only looks


def test_the_check_up_says_what_to_do_about_a_wrong_password(dovecot: Dovecot, tmp_path: Path) -> None:
    settings = council_settings(tmp_path)
    reached, refused = check_imap(settings.model_copy(update={"mailbox": dovecot.settings(password="wrong")}))
    assert (reached.ok, refused.ok) == (True, False)
    assert "Check [mailbox] user and password" in refused.advice
    assert PASSWORD not in refused.found + refused.advice

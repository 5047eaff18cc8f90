"""The demo's mail server behaves, towards the desk's own client, as a real one does."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from mail.demo_mail import DemoMail
from mail.sandbox import MailSandbox, SandboxNotStarted

THU_APR_4 = datetime(2024, 4, 4, 9, 30, tzinfo=UTC)
FOI, PASSWORD = "foi@anytown.example", "demo"


@pytest.fixture
def sandbox() -> Iterator[MailSandbox]:
    with MailSandbox({FOI: PASSWORD, "second@anytown.example": "other"}, lambda: THU_APR_4) as running:
        yield running


@pytest.fixture
def client(sandbox: MailSandbox) -> Iterator[IMAPClient]:
    with IMAPClient("127.0.0.1", sandbox.imap_port, ssl=False, timeout=5) as signed_in:
        signed_in.normalise_times = False
        signed_in.login(FOI, PASSWORD)
        signed_in.select_folder("INBOX")
        yield signed_in


def post(sandbox: MailSandbox, *recipients: str, content: bytes = b"Subject: Bins\r\n\r\nHow many?\r\n") -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, local_hostname="client.example", timeout=5) as smtp:
        smtp.sendmail("ann@example.org", list(recipients) or [FOI], content, mail_options=["SMTPUTF8"])


def test_a_posted_mail_is_in_the_inbox_with_the_clocks_time_and_a_received_header(
    sandbox: MailSandbox, client: IMAPClient
) -> None:
    sandbox.now = lambda: THU_APR_4 - timedelta(days=20)
    post(sandbox)
    client.noop()
    ((_, mail),) = client.fetch(client.search(), ["INTERNALDATE", "BODY.PEEK[]"]).items()
    assert mail[b"INTERNALDATE"] == datetime(2024, 3, 15, 9, 30, tzinfo=UTC)
    assert mail[b"BODY[]"] == (
        b"Return-Path: <ann@example.org>\r\n"
        b"Received: from client.example ([127.0.0.1]) by sandbox.invalid with ESMTP\r\n"
        b" for <foi@anytown.example>; Fri, 15 Mar 2024 09:30:00 +0000\r\n"
        b"Subject: Bins\r\n\r\nHow many?\r\n"
    )


def test_a_posted_mail_wakes_a_client_that_waits_in_idle(sandbox: MailSandbox, client: IMAPClient) -> None:
    client.idle()
    post(sandbox)
    woken = client.idle_check(timeout=5)
    client.idle_done()
    assert (1, b"EXISTS") in woken


def test_a_mail_moves_to_a_folder_the_client_makes_and_keeps_its_keywords(
    sandbox: MailSandbox, client: IMAPClient
) -> None:
    post(sandbox)
    client.noop()
    uids = client.search()
    client.add_flags(uids, [b"filed", b"\\Flagged"])
    client.create_folder("FOI/Filed")
    client.move(uids, "FOI/Filed")
    assert client.search() == []
    client.select_folder("FOI/Filed")
    assert [set(flags) - {b"\\Recent"} for flags in client.get_flags(client.search()).values()] == [
        {b"filed", b"\\Flagged"}
    ]
    assert "FOI/Filed" in [name for _, _, name in client.list_folders()]
    assert len(sandbox.inbox(FOI)) == 1


def test_an_appended_mail_is_found_by_its_message_id_and_dated_by_the_clock(client: IMAPClient) -> None:
    client.create_folder("Sent")
    client.append("Sent", b"Message-ID: <1@anytown.example>\r\nSubject: x\r\n\r\n")
    client.select_folder("Sent")
    found = client.search(["HEADER", "Message-ID", "<1@anytown.example>"])
    assert [row[b"INTERNALDATE"] for row in client.fetch(found, ["INTERNALDATE"]).values()] == [THU_APR_4]
    assert client.search(["HEADER", "Message-ID", "<2@anytown.example>"]) == []


def test_an_address_without_a_mailbox_has_an_inbox_all_the_same(sandbox: MailSandbox) -> None:
    post(sandbox, "Ann@example.org", FOI, "żółć@example.org")
    (mail,) = sandbox.inbox("ann@EXAMPLE.org")
    assert (mail.sender, mail.recipient, mail.received_at) == ("ann@example.org", "Ann@example.org", THU_APR_4)
    assert sandbox.inbox("nobody@example.org") == []
    assert sandbox.addresses() == ["ann@example.org", FOI, "second@anytown.example", "żółć@example.org"]


def test_each_user_has_a_mailbox_and_a_password_of_its_own(sandbox: MailSandbox, client: IMAPClient) -> None:
    post(sandbox, "second@anytown.example")
    client.noop()
    assert client.search() == []
    with IMAPClient("127.0.0.1", sandbox.imap_port, ssl=False) as second:
        with pytest.raises(LoginError):
            second.login("second@anytown.example", PASSWORD)
        second.login("second@anytown.example", "other")
        assert second.select_folder("INBOX")[b"EXISTS"] == 1


def test_smtp_takes_the_users_passwords_and_no_others(sandbox: MailSandbox) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, local_hostname="x.example") as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login(FOI, "wrong")
        assert smtp.login(FOI, PASSWORD)[0] == 235


def test_a_large_mail_comes_through_whole(sandbox: MailSandbox, client: IMAPClient) -> None:
    content = b"Subject: large\r\n\r\n" + b"0123456789abcdef" * 4 * 32 * 1024 + b"\r\n"
    content = content.replace(b"f0", b"f\r\n0")
    post(sandbox, content=content)
    client.noop()
    ((_, mail),) = client.fetch(client.search(), ["BODY.PEEK[]"]).items()
    assert mail[b"BODY[]"].endswith(content)


def test_a_port_that_is_taken_is_named(sandbox: MailSandbox) -> None:
    with (
        pytest.raises(SandboxNotStarted, match="in use"),
        MailSandbox({}, lambda: THU_APR_4, smtp_port=sandbox.smtp_port),
    ):
        pass


def test_closing_does_not_wait_for_a_client_in_idle() -> None:
    with MailSandbox({FOI: PASSWORD}, lambda: THU_APR_4) as sandbox:
        client = IMAPClient("127.0.0.1", sandbox.imap_port, ssl=False, timeout=5)
        client.login(FOI, PASSWORD)
        client.select_folder("INBOX")
        client.idle()
    client.shutdown()


def test_the_demo_writes_to_the_desk_and_reads_what_it_answers(sandbox: MailSandbox, client: IMAPClient) -> None:
    demo = DemoMail(sandbox, FOI, "Sent")
    demo.send("Žofie, Nováková", "zofie@example.org", "Bins\r\nBcc: x@example.org", "How many bins?\n.\nŽ\n")
    (asked,) = demo.inbox(FOI)
    assert asked.subject == "Bins Bcc: x@example.org"
    assert asked.text.replace("\r\n", "\n") == "How many bins?\n.\nŽ\n"
    assert asked.sender == "Žofie, Nováková <zofie@example.org>"
    assert asked.at == THU_APR_4
    assert demo.addresses() == ["second@anytown.example"]
    post(sandbox, "zofie@example.org", content=b"Subject: =?utf-8?q?=5B01=5D?=\r\n\r\nfirst\r\n")
    sandbox.now = lambda: THU_APR_4 + timedelta(days=1)
    post(sandbox, "zofie@example.org", content=b"Subject: second\r\n\r\n")
    assert [mail.subject for mail in demo.inbox("zofie@example.org")] == ["second", "[01]"]
    assert demo.addresses() == ["second@anytown.example", "zofie@example.org"]


def test_a_mail_sent_by_hand_arrives_and_leaves_a_copy_in_the_sent_folder(
    sandbox: MailSandbox, client: IMAPClient
) -> None:
    demo = DemoMail(sandbox, FOI, "Sent")
    sandbox.add_folder(FOI, "Sent")
    assert demo.newest_from("ann@example.org") is None
    post(sandbox)
    assert b"Subject: Bins" in (demo.newest_from("ann@example.org") or b"")
    demo.send_by_hand(b"Subject: Re: Bins\r\n\r\n", "ann@example.org")
    assert [mail.subject for mail in demo.inbox("ann@example.org")] == ["Re: Bins"]
    client.select_folder("Sent")
    ((_, mail),) = client.fetch(client.search(), ["BODY.PEEK[]"]).items()
    assert mail[b"BODY[]"] == b"Subject: Re: Bins\r\n\r\n"

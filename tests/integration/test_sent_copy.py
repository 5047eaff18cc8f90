"""Copies in the Sent folder, and what they say about a letter of which the mail server did not."""

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from imapclient import IMAPClient

from mail.deliver import Delivered, deliver_outbox
from mail.sandbox import MailSandbox
from mail.sent_copy import copy_sent
from service.casework.invite import bind, reply_address_for
from service.desk import Desk
from service.domain.topic import Topic
from service.settings import Settings
from service.store.database import transaction
from service.store.tables import Letter
from tests.builders import an_officer
from tests.conftest import MON_JUN_3_2024, Time, council_settings
from tests.integration.outbox import changed, enclose, letter, write
from tests.integration.smtp_faults import DROP, Script, faulty_smtp


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


@pytest.fixture
def mail(time: Time) -> Iterator[MailSandbox]:
    with MailSandbox({"foi@anytown.example": "x"}, time.now) as sandbox:
        with IMAPClient("127.0.0.1", sandbox.imap_port, ssl=False) as client:
            client.login("foi@anytown.example", "x")
            client.create_folder("Sent")
        yield sandbox


@pytest.fixture
def filing(desk: Desk, mail: MailSandbox, smtp: Script, tmp_path: Path) -> Desk:
    mailbox = {"port": mail.imap_port, "user": "foi@anytown.example", "sent_folder": "Sent"}
    return changed(desk, tmp_path, mailbox=mailbox, smtp={"port": smtp.port, "timeout": 0.5})


def sent(mail: MailSandbox) -> list[tuple[bytes, tuple[bytes, ...], datetime]]:
    with IMAPClient("127.0.0.1", mail.imap_port, ssl=False) as client:
        client.normalise_times = False
        client.login("foi@anytown.example", "x")
        client.select_folder("Sent", readonly=True)
        rows = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS", "INTERNALDATE"]).values()
        return [(row[b"BODY[]"], row[b"FLAGS"], row[b"INTERNALDATE"]) for row in rows]


def test_a_sent_letter_is_copied_once_and_marked_as_read(filing: Desk, mail: MailSandbox, smtp: Script) -> None:
    key = write(filing)
    deliver_outbox(filing)
    assert copy_sent(filing) == 1
    assert copy_sent(filing) == 0
    ((raw, flags, when),) = sent(mail)
    assert raw.replace(b"\r\n..", b"\r\n.") == smtp.taken[0].replace(b"\r\n..", b"\r\n.")
    assert b"\\Seen" in flags and when == MON_JUN_3_2024
    assert letter(filing, key).copied


def test_what_an_officer_may_answer_to_have_something_done_is_not_laid_where_all_can_read_it(
    filing: Desk, mail: MailSandbox
) -> None:
    key = write(filing)
    with transaction(filing.engine) as session:
        sam = an_officer(session)
        answers = reply_address_for(session, filing, sam, Topic.LIST, at=filing.now())
        bind(session, answers, session.get_one(Letter, key))
    deliver_outbox(filing)
    assert letter(filing, key).state == "sent"
    assert copy_sent(filing) == 0
    assert sent(mail) == []


def test_the_copy_has_the_letters_files(filing: Desk, mail: MailSandbox, smtp: Script) -> None:
    enclose(filing, write(filing), "trees.csv", b"ward,felled\n.North,12\n")
    deliver_outbox(filing)
    assert copy_sent(filing) == 1
    ((raw, _, _),) = sent(mail)
    assert message_from_bytes(raw).get_payload()[1].get_payload(decode=True) == b"ward,felled\n.North,12\n"  # type: ignore[index,union-attr]
    assert raw.replace(b"\r\n..", b"\r\n.") == smtp.taken[0].replace(b"\r\n..", b"\r\n.")


def test_a_copy_that_is_there_already_is_not_doubled(filing: Desk, mail: MailSandbox) -> None:
    key = write(filing)
    deliver_outbox(filing)
    copy_sent(filing)
    with transaction(filing.engine) as session:
        session.get_one(Letter, key).copied = False
    assert copy_sent(filing) == 1
    assert len(sent(mail)) == 1


def test_an_uncertain_letter_that_stands_in_the_sent_folder_is_sent(
    filing: Desk, mail: MailSandbox, smtp: Script, time: Time
) -> None:
    key = write(filing)
    smtp.faults["dot"] = DROP
    deliver_outbox(filing)
    smtp.faults.clear()
    with IMAPClient("127.0.0.1", mail.imap_port, ssl=False) as client:
        client.login("foi@anytown.example", "x")
        client.append("Sent", smtp.taken[0])  # as the server's own filing does
    time.pass_by(minutes=5)
    assert deliver_outbox(filing) == Delivered()
    assert (letter(filing, key).state, len(smtp.taken)) == ("sent", 1)


def test_an_uncertain_letter_that_does_not_stand_there_goes_once_more(filing: Desk, smtp: Script, time: Time) -> None:
    write(filing)
    smtp.faults["dot"] = DROP
    deliver_outbox(filing)
    smtp.faults.clear()
    time.pass_by(minutes=5)
    assert deliver_outbox(filing) == Delivered(sent=1)


def test_without_a_sent_folder_there_is_nothing_to_copy(desk: Desk) -> None:
    write(desk)
    deliver_outbox(desk)
    assert copy_sent(desk) == 0

"""One desk, three folders of two accounts: each mail in its own body's name, and no trouble of one is another's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import col, select

from mail.deliver import deliver_outbox
from mail.errors import SignInRefused
from mail.poll import NotBegun, poll_mailbox, poll_mailboxes
from mail.reader import Reader
from mail.sent_copy import copy_sent
from mail.smtp_fault import SmtpUnreachable
from service.desk import Desk
from service.sections import Authority, Limits
from service.servers import Smtp
from service.store.database import reading, transaction
from service.store.mailboxes import begin_mailbox
from service.store.tables import Case, Letter
from tests.integration.dovecot import BINARY, FOI, PASSWORD, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, PLENTY, SAT_JUN_1_2024, a_mail
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.servers import need

FERRIES, EIR = "foi@ferries.example", "eir@anytown.example"


@pytest.fixture
def two_users() -> Iterator[Dovecot]:
    need("dovecot", BINARY)
    with running_dovecot({FOI: PASSWORD, FERRIES: "slow boat"}) as server, server.client() as client:
        client.create_folder("EIR")
        yield server


@pytest.fixture
def smtp() -> Iterator[Script]:
    with faulty_smtp(Script()) as script:
        yield script


@pytest.fixture
def several(desk: Desk, two_users: Dovecot, smtp: Script) -> Desk:
    """A desk that reads them all, its letters leaving by one server."""
    settings = desk.settings
    further = (
        two_users.settings(account="environment", folder="EIR", kind="EIR", regime="EIR").model_copy(
            update={"address": EIR}
        ),
        two_users.settings(
            FERRIES,
            account="ferries",
            regime="FOISA",
            authority=Authority(name="Anytown Ferries", body=7),
            sent_folder="Sent",
        ),
    )
    changes = {
        "mailbox": two_users.settings(),
        "mailboxes": further,
        "limits": Limits(**PLENTY),
        "smtp": Smtp(host="127.0.0.1", port=smtp.port, security="none", pace_seconds=0),
    }
    return replace(desk, settings=settings.model_copy(update=changes))


def begin(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for account, folder in desk.settings.places:
            begin_mailbox(session, account, folder, SAT_JUN_1_2024)


def cases(desk: Desk) -> dict[str, Case]:
    with reading(desk.engine) as session:
        return {case.account: case for case in session.exec(select(Case).order_by(col(Case.id)))}


def put(server: Dovecot, number: int, folder: str = "INBOX", user: str = FOI) -> None:
    with server.client(user) as client:
        client.append(folder, a_mail(number), (), MON_JUN_3_2024)


def test_each_mailbox_opens_cases_of_its_own_kind_body_and_law(
    several: Desk, two_users: Dovecot, reader: Reader, smtp: Script
) -> None:
    begin(several)
    put(two_users, 1)
    put(two_users, 2, "EIR")
    put(two_users, 3, user=FERRIES)
    assert poll_mailboxes(several, reader).taken == 3
    found = cases(several)
    assert {account: (case.reference, case.regime) for account, case in found.items()} == {
        "foi": ("01.FOI.24.000001", "FOIA"),
        "environment": ("01.EIR.24.000002", "EIR"),
        "ferries": ("07.FOI.24.000003", "FOISA"),
    }
    deliver_outbox(several)
    senders = {mail.split(b"From: ")[1].split(b"\r\n")[0] for mail in smtp.taken}
    assert senders == {
        b"Anytown Borough Council <foi@anytown.example>",
        b"Anytown Borough Council <eir@anytown.example>",
        b"Anytown Ferries <foi@ferries.example>",
    }
    assert copy_sent(several) == 1
    assert len(two_users.folder_content("Sent", FERRIES)) == 1


def test_one_mail_to_two_of_our_mailboxes_is_one_case(several: Desk, two_users: Dovecot, reader: Reader) -> None:
    begin(several)
    put(two_users, 1)
    put(two_users, 1, user=FERRIES)
    poll_mailboxes(several, reader)
    assert list(cases(several)) == ["foi"]


def test_a_mailbox_that_cannot_be_read_leaves_the_others_alone(
    several: Desk, two_users: Dovecot, reader: Reader
) -> None:
    broken = several.settings.mailbox.model_copy(update={"password_file": None, "user": "nobody"})
    desk = replace(several, settings=several.settings.model_copy(update={"mailbox": broken}))
    begin(desk)
    put(two_users, 3, user=FERRIES)
    with pytest.raises(SignInRefused):
        poll_mailboxes(desk, reader)
    assert list(cases(desk)) == ["ferries"]


def test_a_mailbox_that_is_added_later_wants_to_know_from_when_its_mail_counts(
    several: Desk, two_users: Dovecot, reader: Reader
) -> None:
    put(two_users, 1)
    with pytest.raises(NotBegun, match="environment"):
        poll_mailbox(several, reader, begin=SAT_JUN_1_2024)
        poll_mailboxes(several, reader)
    assert list(cases(several)) == ["foi"]


def test_a_server_that_refuses_one_mailboxes_letters_does_not_hold_up_the_others(
    several: Desk, two_users: Dovecot, reader: Reader, smtp: Script
) -> None:
    gone = Smtp(host="127.0.0.1", port=1, security="none", pace_seconds=0)
    ferries = several.settings.mailboxes[1].model_copy(update={"smtp": gone})
    changed = {"mailboxes": (several.settings.mailboxes[0], ferries)}
    desk = replace(several, settings=several.settings.model_copy(update=changed))
    begin(desk)
    put(two_users, 1)
    put(two_users, 3, user=FERRIES)
    poll_mailboxes(desk, reader)
    with pytest.raises(SmtpUnreachable):
        deliver_outbox(desk)
    with reading(desk.engine) as session:
        states = {letter.account: letter.state for letter in session.exec(select(Letter))}
    assert states == {"foi": "sent", "ferries": "retry"}
    assert len(smtp.taken) == 1

"""A desk that polls a real mailbox: made in the test's own process or, to be killed, in one of its own."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import col, func, select

from mail.poll import poll_mailbox
from mail.reader import Reader
from service.bootstrap import open_desk
from service.casework.acknowledge import ACKNOWLEDGEMENT
from service.desk import Desk
from service.servers import MailboxSettings
from service.settings import Settings
from service.store.database import open_engine, reading
from service.store.tables import Case, Letter, Post
from tests.integration.dovecot import Dovecot

SAT_JUN_1_2024 = datetime(2024, 6, 1, tzinfo=UTC)
MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 0, tzinfo=UTC)
PLENTY = {"acknowledgements_per_address_a_day": 1000, "acknowledgements_an_hour": 1000}


def a_mail(number: int = 1, *, sender: str = "", text: str = "", **headers: str) -> bytes:
    """A request from a person of its own."""
    mail = EmailMessage()
    mail["From"] = sender or f"Person {number} <person{number}@example.com>"
    mail["To"] = "foi@anytown.example"
    mail["Subject"] = f"Request {number}"
    mail["Date"] = "Mon, 03 Jun 2024 08:00:00 +0000"
    mail["Message-ID"] = f"<{number}@example.com>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text or f"Please send me the parking fines of street {number}.")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def reading_from(desk: Desk, mailbox: MailboxSettings) -> Desk:
    """The desk, reading that mailbox, with brakes that no test runs into."""
    changes = {"mailbox": mailbox, "limits": desk.settings.limits.model_copy(update=PLENTY)}
    return replace(desk, settings=desk.settings.model_copy(update=changes))


def rows(desk: Desk, **where: Any) -> Sequence[Post]:
    """The mails in, by their UID."""
    with reading(desk.engine) as session:
        query = select(Post).order_by(col(Post.uidvalidity), col(Post.uid))
        return session.exec(query.filter_by(**where)).all()


def counted(desk: Desk) -> tuple[int, int, int]:
    """How many cases there are, with how many different references, and how many acknowledgements."""
    with reading(desk.engine) as session:
        cases = session.exec(select(func.count()).select_from(Case)).one()
        references = session.exec(select(func.count(func.distinct(Case.reference)))).one()
        letters = select(func.count()).select_from(Letter).where(col(Letter.kind) == ACKNOWLEDGEMENT)
        return cases, references, session.exec(letters).one()


def fill(server: Dovecot, mails: Mapping[int, bytes], when: datetime = MON_JUN_3_2024) -> None:
    """Put mails into the inbox over one connection."""
    with server.client() as client:
        for mail in mails.values():
            client.append("INBOX", mail, (), when)


def child_command(settings: Settings, mailbox: MailboxSettings, database_url: str) -> list[str]:
    """The command of a process that polls once."""
    words = settings.model_dump(mode="json") | {"limits": PLENTY, "database": {"url": database_url}}
    words["mailbox"] = mailbox.model_dump(mode="json") | {"password": mailbox.secret()}
    program = "import sys; from tests.integration.polling import poll_once; poll_once(sys.argv[1])"
    return [sys.executable, "-c", program, json.dumps(words)]


def poll_once(words: str) -> None:
    """What such a process does; its clock stands at the tests' day."""
    settings = Settings.model_validate(json.loads(words))
    desk = replace(open_desk(settings, lambda: MON_JUN_3_2024), engine=open_engine(settings.database.url))
    with TemporaryDirectory() as spool, Reader(Path(spool), settings.mailbox.own) as reader:
        polled = poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    sys.stdout.write(f"{polled.taken} {polled.read} {polled.moved}\n")

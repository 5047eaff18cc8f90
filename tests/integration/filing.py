"""A desk that files, a mailbox it files into, and colleagues who work there with mail programs of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from imapclient import IMAPClient
from sqlmodel import col, select

from mail.filing import Filed, file_mailboxes
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.desk import Desk
from service.domain.history import CaseEvent
from service.store.cases import history
from service.store.database import reading
from service.store.mailboxes import mailbox
from service.store.sent import answers_of
from service.store.tables import Case, Letter, MailboxMove, Placement, Post, SentAnswer
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, fill, reading_from


@dataclass
class Shared:
    """The shared mailbox, the desk that files into it, and the people who look into it."""

    desk: Desk
    server: Dovecot
    reader: Reader
    time: Time

    def arrive(self, *mails: bytes, at: datetime = MON_JUN_3_2024) -> None:
        fill(self.server, dict(enumerate(mails)), at)

    def round(self, times: int = 1) -> Filed:
        """Poll and file, as the timetable does; returns what was filed in all."""
        filed = Filed()
        for _ in range(times):
            self.time.pass_by(minutes=1)
            with reading(self.desk.engine) as session:
                begun = mailbox(session, "foi", "INBOX") is not None
            poll_mailbox(self.desk, self.reader, begin=None if begun else SAT_JUN_1_2024)
            filed += file_mailboxes(self.desk)
        return filed

    @contextmanager
    def colleague(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        with self.server.client(folder=folder) as client:
            yield client

    def move(self, number: int, source: str, target: str) -> None:
        """A colleague drags the mail of a number from a folder to another."""
        with self.colleague(source) as client:
            found = client.search(["HEADER", "Message-ID", f"<{number}@example.com>"])
            assert found, f"{number} is not in {source}"
            if not client.folder_exists(target):
                client.create_folder(target)
            client.move(found, target)

    def drag(self, folder: str, into: str) -> None:
        """A colleague drags a whole folder into another."""
        with self.colleague() as client:
            client.rename_folder(folder, f"{into}/{folder.rpartition('/')[2]}")

    def save_sent(self, mail: bytes, folder: str, flags: tuple[bytes, ...] = ()) -> None:
        """A colleague's mail program lays what they sent into a folder."""
        with self.colleague() as client:
            client.append(folder, mail, (b"\\Seen", *flags), self.time.now())

    def folders(self) -> list[str]:
        with self.colleague() as client:
            return [name for _, _, name in client.list_folders()]

    def content_of(self, folder: str) -> list[str]:
        """The Message-IDs in a folder."""
        with self.colleague(folder) as client:
            heads = client.fetch(client.search("ALL"), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        words = [value for data in heads.values() for key, value in data.items() if key.startswith(b"BODY")]
        return sorted(one.decode().partition(":")[2].strip() for one in words)

    def answers(self, number: int) -> list[SentAnswer]:
        """The mails sent by hand that may be the answer to the case of a number."""
        with reading(self.desk.engine) as session:
            return list(answers_of(session, self.case(number).id).values())

    def lie(self) -> dict[str, list[int]]:
        """The numbers of the mails in every folder that has any."""
        found: dict[str, list[int]] = {}
        with self.colleague() as client:
            for flags, _, name in client.list_folders():
                if b"\\Noselect" in flags:
                    continue
                client.select_folder(name, readonly=True)
                uids = client.search("ALL")
                heads = client.fetch(uids, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]) if uids else {}
                for data in heads.values():
                    head = next(value for key, value in data.items() if key.startswith(b"BODY"))
                    found.setdefault(name, []).append(int(head.partition(b"<")[2].partition(b"@")[0]))
        return {name: sorted(numbers) for name, numbers in found.items()}

    def folder_of(self, number: int) -> str:
        [name] = [name for name, numbers in self.lie().items() if number in numbers]
        return name

    def case(self, number: int) -> Case:
        """The case that the mail of a number opened."""
        with reading(self.desk.engine) as session:
            query = select(Case).join(Post, col(Post.case_id) == col(Case.id))
            return session.exec(query.where(col(Post.message_id) == f"<{number}@example.com>")).first()  # type: ignore[return-value]

    def post(self, number: int) -> Post:
        with reading(self.desk.engine) as session:
            return session.exec(select(Post).where(col(Post.message_id) == f"<{number}@example.com>")).first()  # type: ignore[return-value]

    def events(self, number: int) -> list[CaseEvent]:
        with reading(self.desk.engine) as session:
            return history(session, self.case(number).id)

    def moves(self) -> list[MailboxMove]:
        with reading(self.desk.engine) as session:
            return list(session.exec(select(MailboxMove).order_by(col(MailboxMove.id))))

    def letters(self, kind: str) -> list[Letter]:
        with reading(self.desk.engine) as session:
            return list(session.exec(select(Letter).where(col(Letter.kind) == kind).order_by(col(Letter.id))))

    def placement(self, number: int) -> Placement:
        with reading(self.desk.engine) as session:
            query = select(Placement).join(Post, col(Post.id) == col(Placement.post_id))
            return session.exec(query.where(col(Post.message_id) == f"<{number}@example.com>")).one()


def shared(desk: Desk, server: Dovecot, reader: Reader, time: Time, **changes: object) -> Shared:
    """A desk that files into a server's mailbox."""
    words: dict[str, Any] = {"filing": "folders"}
    settings = server.settings(**(words | changes))
    return Shared(replace(reading_from(desk, settings), now=time.now), server, reader, time)

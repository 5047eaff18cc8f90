"""A shared mailbox for a simulated week: a desk that is up or down, and officers who work there with mail programs.

The officers' side never asks the desk anything: it reads the mails that the desk sends, and looks where mail lies.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import chain

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from sqlalchemy import Engine, event

from mail.reader import Reader
from service.bootstrap import open_desk
from service.desk import Desk
from service.jobs import JOBS
from service.store.database import open_engine
from tests.conftest import Time
from tests.integration.dovecot import Dovecot
from tests.integration.smtp_faults import Script
from tests.integration.week_mail import address, named, read

SENT = "Sent Items"
WITH_SENT = """
mail_fsync = never
namespace inbox {
  mailbox "Sent Items" {
    auto = create
    special_use = \\Sent
  }
}
"""
# What has work in such a week; the outbox last, so that what the others have written is read before the next act.
ROUND = ("poll", "instructions", "file", "sent", "chase", "digest", "own digest", "recount", "heartbeat", "deliver")


@dataclass(frozen=True)
class Colleague:
    """An officer, as the others know them."""

    key: int
    name: str
    email: str

    @property
    def actor(self) -> str:
        return f"officer:{self.key}"

    @property
    def sender(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Lying:
    """A mail as a folder shows it."""

    folder: str
    uidvalidity: int
    uid: int
    raw: bytes


@dataclass
class Week:
    """The desk, the server, and the people's two mail programs, which are open while they act.

    `letters` are those that the desk sent to officers, by address and case, and nobody has dealt with yet.
    """

    desk: Desk
    server: Dovecot
    reader: Reader
    time: Time
    smtp: Script
    delivered: dict[str, bytes] = field(default_factory=dict)  # every mail that was put into the mailbox, by its id
    letters: dict[tuple[str, str], list[EmailMessage]] = field(default_factory=lambda: defaultdict(list))
    arrived: dict[str, datetime] = field(default_factory=dict)  # when each came, as the mailbox has it
    acknowledged: dict[str, str] = field(default_factory=dict)  # the reference that each requester was told
    rounds: list[datetime] = field(default_factory=list)
    mine: dict[int, str] = field(default_factory=dict)  # what the officers' folders are called by now
    _clients: tuple[IMAPClient, ...] = ()
    _open: list[str] = field(default_factory=list)
    _read: int = 0

    # The desk's side

    def round(self) -> None:
        """All that the timetable does, once."""
        self.time.pass_by(minutes=1)
        jobs = {job.name: job for job in JOBS}
        for name in ROUND:
            jobs[name].run(self.desk, self.reader)
        while self._more_to_send():  # a delivery sends fifty
            pass
        for letter in map(read, self.smtp.taken[self._read :]):
            to = address(letter)
            if to.endswith("@anytown.example"):
                self.letters[to, named(letter)].append(letter)
            else:
                assert to not in self.acknowledged, "a requester was written to twice"
                self.acknowledged[to] = named(letter)
        self._read = len(self.smtp.taken)
        self.rounds.append(self.time.moment)

    def cut_off(self) -> None:
        """A round that is killed once the mail has been taken in and before any of it is filed."""
        self.time.pass_by(minutes=1)
        next(job for job in JOBS if job.name == "poll").run(self.desk, self.reader)

    def restart(self) -> None:
        """A new process on the same settings and the same database."""
        engine = self.desk.engine
        url = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
        engine.dispose()
        self.desk = replace(open_desk(self.desk.settings, self.time.now), engine=open_engine(url))
        forgetful(self.desk.engine)

    def _more_to_send(self) -> bool:
        before = len(self.smtp.taken)
        next(job for job in JOBS if job.name == "deliver").run(self.desk, self.reader)
        return len(self.smtp.taken) > before

    # The people's side

    @contextmanager
    def people(self) -> Iterator[None]:
        """Two mail programs, for as long as people act."""
        with self.server.client() as one, self.server.client() as other:
            self._clients, self._open = (one, other), []
            yield

    @property
    def now(self) -> datetime:
        """The moment of an act; each is a second after the one before."""
        self.time.pass_by(seconds=1)
        return self.time.moment

    def put(self, message_id: str, raw: bytes, at: datetime, folder: str = "INBOX", *flags: bytes) -> None:
        """A mail comes into a folder."""
        assert message_id not in self.delivered
        self.delivered[message_id], self.arrived[message_id] = raw, at
        self._clients[0].append(folder, raw, flags, at)

    def find(self, message_id: str, hint: str) -> str:
        """Look where a mail lies, opening that folder: first where one expects it, and then everywhere."""
        return next(folder for folder in chain((hint,), self._everywhere()) if self._is_in(message_id, folder))

    def _everywhere(self) -> Iterator[str]:
        for flags, _, name in self._clients[0].list_folders():
            if b"\\Noselect" not in flags:
                yield name

    def _is_in(self, message_id: str, folder: str) -> bool:
        one = self._clients[0]
        with suppress(IMAPClientError):  # it may be gone
            one.select_folder(folder)
            return bool(one.search(["HEADER", "Message-ID", message_id]))
        return False

    def move(self, message_id: str, target: str, hint: str, *, by_copying: bool = False) -> str:
        """Drag a mail into a folder; gives the one it was in. `by_copying` leaves it there too, for `remove`."""
        source, one = self.find(message_id, hint), self._clients[0]
        uids = one.search(["HEADER", "Message-ID", message_id])
        assert len(uids) == 1, f"{message_id} is {len(uids)} times in {source}"
        (one.copy if by_copying else one.move)(uids, target)
        return source

    def remove(self, message_id: str, folder: str) -> None:
        """The second half of a move by copying."""
        one = self._clients[0]
        one.select_folder(folder)
        uids = one.search(["HEADER", "Message-ID", message_id])
        one.delete_messages(uids)
        one.uid_expunge(uids)

    def move_at_once(self, message_id: str, targets: tuple[str, str], hint: str) -> None:
        """Two people who see the same folder drag the same mail out of it: the second is too late."""
        one, other = self._clients
        source = self.find(message_id, hint)
        other.select_folder(source)
        seen = other.search(["HEADER", "Message-ID", message_id])
        assert seen == one.search(["HEADER", "Message-ID", message_id])
        one.move(seen, targets[0])
        with suppress(IMAPClientError):
            other.move(seen, targets[1])

    def rename(self, folder: str, name: str) -> None:
        self._clients[0].select_folder("INBOX")
        self._clients[0].rename_folder(folder, name)
        self._open = []

    def case_folder(self, reference: str) -> str:
        """What the folder of a case is called, as one finds it in the list."""
        dashed = reference.replace(".", "-")
        if not self._open:  # as a mail program does, it is asked for once
            self._open = [name for _, _, name in self._clients[0].list_folders("FOI/Open", "*")]
        [name] = [name for name in self._open if dashed in name]
        return name

    def letter(self, to: str, reference: str, words: str) -> EmailMessage | None:
        """Take the first mail of the desk's to somebody, about a case, with words in its subject."""
        mails = self.letters[to, reference]
        found = next((one for one in mails if words in one["Subject"]), None)
        if found is not None:
            mails.remove(found)
        return found

    def newest(self, to: str, words: str) -> EmailMessage | None:
        """The last mail of the desk's to somebody with words in its subject, which stays there."""
        found = [one for one in self.letters[to, ""] if words in one["Subject"]]
        return found[-1] if found else None

    # Everybody's

    def lying(self) -> dict[str, list[Lying]]:
        """Every mail of the whole mailbox by its Message-ID, and where it lies."""
        found: dict[str, list[Lying]] = {}
        with self.server.client() as client:
            for flags, _, name in client.list_folders():
                if {b"\\Noselect", b"\\NonExistent"} & set(flags):
                    continue
                uidvalidity = int(client.select_folder(name, readonly=True)[b"UIDVALIDITY"])
                uids = client.search("ALL")
                for uid, data in (client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}).items():
                    raw = data[b"BODY[]"]
                    message_id = read(raw)["Message-ID"]
                    found.setdefault(message_id, []).append(Lying(name, uidvalidity, uid, raw))
        return found


def a_week(desk: Desk, server: Dovecot, reader: Reader, time: Time, smtp: Script, authserv_id: str) -> Week:
    """A week whose desk files, obeys and sends, with brakes that it does not run into."""
    settings = desk.settings
    box = server.settings(security="none", filing="folders", plus_addresses=True, authserv_id=authserv_id)
    changes = {
        "mailbox": box,
        "smtp": settings.smtp.model_copy(update={"port": smtp.port}),
        "limits": settings.limits.model_copy(update={"acknowledgements_an_hour": 1000}),
        "instructions": settings.instructions.model_copy(update={"answers_a_day": 1000}),
    }
    served = replace(desk, settings=settings.model_copy(update=changes))
    forgetful(served.engine)
    return Week(served, server, reader, time, smtp)


def forgetful(engine: Engine) -> None:
    """Let a database not wait for the disk: it ends with the test."""

    def lighten(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=off")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lighten)


def slots(first: datetime, days: int, hours: tuple[float, ...]) -> list[datetime]:
    """The moments at which people act: at these hours, in UTC, of each day."""
    return [first + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]

"""Intake against a bare loop: `python -m bench.intake [--mails 400] [--rounds 3] [--postgres]`; needs Dovecot.

The bare loop fetches from the same Dovecot, parses, and inserts each mail with a commit of its own into a database of
the same kind, through the bare driver. The desk does all that it does: raw bytes committed first, parsing in a guarded
process, then case, number, events, message and acknowledgement. Printed: messages a second of each, and the ratio of
their medians.
"""

import argparse
import sqlite3
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg
from sqlmodel import select

from mail.mailbox import open_mailbox
from mail.parse import parse
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.bootstrap import open_desk, utc_now
from service.desk import Desk
from service.sections import Limits
from service.servers import MailboxSettings
from service.store.database import open_engine, reading
from service.store.schema import migrate
from service.store.tables import Letter
from tests.conftest import council_settings, new_postgres_database
from tests.integration.dovecot import Dovecot, running_dovecot
from tests.servers import postgres, postgres_binaries

PARAGRAPH = (
    "Please tell me, for each ward and each of the last three financial years, how many were reported and repaired. "
)


def a_request(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Person {number} <person{number}@example.com>"
    mail["To"] = "foi@anytown.example"
    mail["Subject"] = f"Request number {number}"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 +0000"
    mail["Message-ID"] = f"<request-{number}@example.com>"
    mail.set_content(f"Request {number}.\n\n" + "\n\n".join([PARAGRAPH * 2] * 6))
    return mail.as_bytes()


def bare_database(folder: Path, url: str) -> tuple[sqlite3.Connection | psycopg.Connection, str]:
    """An empty database that commits each insert, and the insert."""
    if url.startswith("sqlite"):
        database = sqlite3.connect(folder / f"bare-{perf_counter()}.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=wal")
        database.execute("PRAGMA synchronous=full")
        database.execute("CREATE TABLE mail (uid INTEGER PRIMARY KEY, subject TEXT, sender TEXT, body TEXT, raw BLOB)")
        return database, "INSERT INTO mail VALUES (?, ?, ?, ?, ?)"
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    connection.execute("CREATE TABLE mail (uid BIGINT PRIMARY KEY, subject TEXT, sender TEXT, body TEXT, raw BYTEA)")
    return connection, "INSERT INTO mail VALUES (%s, %s, %s, %s, %s)"


def bare_loop(settings: MailboxSettings, folder: Path, url: str) -> int:
    """Fetch, parse, one durable insert: what nobody can do without."""
    database, insert = bare_database(folder, url)
    done = 0
    with open_mailbox(settings) as box:
        box.select(settings.folder)
        facts = box.facts(box.uids_since(datetime(2020, 1, 1, tzinfo=UTC).date()))
        for mail in box.fetch(facts):
            assert isinstance(mail.raw, bytes)
            read = parse(mail.raw)
            row = (mail.uid, read.subject, str(read.sender), getattr(read, "text", ""), mail.raw)
            database.execute(insert, row)
            done += 1
    database.close()
    return done


def the_desk(desk: Desk, reader: Reader) -> int:
    """The same mails through the desk's own poll."""
    poll_mailbox(desk, reader, begin=datetime(2020, 1, 1, tzinfo=UTC))
    with reading(desk.engine) as session:
        return len(session.exec(select(Letter.id).where(Letter.kind == "acknowledgement")).all())


def timed(work: Callable[[], int], mails: int) -> float:
    """Messages a second."""
    started = perf_counter()
    done = work()
    elapsed = perf_counter() - started
    assert done == mails, f"{done} of {mails}"
    return mails / elapsed


def a_desk(server: Dovecot, folder: Path, url: str) -> Desk:
    mailbox = server.settings(filed_folder="", idle=False)
    settings = council_settings(folder, database={"url": url}).model_copy(
        update={
            "mailbox": mailbox,
            "limits": Limits(acknowledgements_per_address_a_day=10**9, acknowledgements_an_hour=10**9),
        }
    )
    desk = replace(open_desk(settings, utc_now), engine=open_engine(url))
    migrate(desk.engine)
    return desk


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=400)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--postgres", action="store_true", help="both on PostgreSQL instead of SQLite")
    chosen = options.parse_args()
    binaries = postgres_binaries()
    with TemporaryDirectory() as scratch, running_dovecot() as server:
        folder = Path(scratch)
        server.deliver(*(a_request(number) for number in range(chosen.mails)))
        if chosen.postgres and binaries is not None:
            with postgres(binaries, durable=True) as url:
                measure(server, folder, chosen, lambda _: new_postgres_database(url))
        else:
            measure(server, folder, chosen, lambda n: f"sqlite:///{folder / f'desk-{n}.db'}")


def measure(server: Dovecot, folder: Path, chosen: argparse.Namespace, url: Callable[[int], str]) -> None:
    bare, desk_rates = [], []
    with Reader(folder / "spool") as reader:
        reader.discard(reader.read(a_request(0)))  # its child has started before the clock does
        for number in range(chosen.rounds):
            empty = url(2 * number)
            bare.append(timed(lambda empty=empty: bare_loop(server.settings(), folder, empty), chosen.mails))  # type: ignore[misc]
            desk = a_desk(server, folder, url(2 * number + 1))
            desk_rates.append(timed(lambda desk=desk: the_desk(desk, reader), chosen.mails))  # type: ignore[misc]
            desk.engine.dispose()
            print(f"round {number + 1}: bare loop {bare[-1]:.0f}/s, desk {desk_rates[-1]:.0f}/s")
    print(f"ratio {statistics.median(desk_rates) / statistics.median(bare):.2f} (aim: at least 0.6)")


if __name__ == "__main__":
    main()

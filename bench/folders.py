"""A round over watched folders in which nothing is new: `python -m bench.folders [--folders 60] [--mails 300000]`.

Needs Dovecot. The mails are spread over the folders of open cases. A round is what the timetable does: connect, sign
in, ask what has changed, and find that nothing has. Printed: the median and the slowest in milliseconds, the round
trips, and the ratio to a bare client that signs in and asks for the STATUS of one folder after the other, in the same
run.
"""

import argparse
import imaplib
import ssl
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from imapclient import IMAPClient
from sqlalchemy import insert

from mail.filing import file_mailboxes
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.bootstrap import open_desk
from service.desk import Desk
from service.store.correspondence import FILED
from service.store.database import reading, transaction
from service.store.placements import WATCHED, watched_folders
from service.store.schema import migrate
from service.store.tables import Placement, Post, WatchedFolder
from tests.conftest import council_settings
from tests.integration.dovecot import FOI, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, fill, reading_from

AIM_MILLISECONDS, AIM_TRIPS = 100, 70
STORAGE = "\nmail_fsync = never\n"  # or filling the folders would take longer than the measuring


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count round trips: each time a client that has sent something begins to wait for the answer."""
    trips, sent = [0], [False]
    send, readline = imaplib.IMAP4.send, imaplib.IMAP4.readline

    def counting_send(client: Any, data: bytes) -> None:
        sent[0] = True
        send(client, data)

    def counting_readline(client: Any) -> Any:
        trips[0] += sent[0]
        sent[0] = False
        return readline(client)

    imaplib.IMAP4.send = counting_send  # type: ignore[method-assign,assignment]
    imaplib.IMAP4.readline = counting_readline  # type: ignore[method-assign,assignment]
    try:
        yield trips
    finally:
        imaplib.IMAP4.send, imaplib.IMAP4.readline = send, readline  # type: ignore[method-assign]


def prepare(desk: Desk, server: Dovecot, reader: Reader, folders: int, mails: int) -> list[str]:
    """Open a case a folder, have them filed, and fill the folders up; returns their names."""
    cases = folders - 8  # the inbox and the seven standing folders are watched too
    fill(server, {number: a_mail(number) for number in range(cases)}, MON_JUN_3_2024)
    poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    file_mailboxes(desk)
    with reading(desk.engine) as session:
        opened = [row for row in watched_folders(session, "foi").values() if row.case_id is not None]
    with server.client() as client:
        for number, row in enumerate(opened):
            _fill_up(desk, client, row, range(number, mails - cases, len(opened)))
        names = [name for flags, _, name in client.list_folders("", "*") if b"\\Noselect" not in flags]
    for _ in range(3):
        file_mailboxes(desk)
    return names


def _fill_up(desk: Desk, client: IMAPClient, row: WatchedFolder, numbers: range) -> None:
    """More mails into a case's folder, and what the desk would remember of them had it filed them one by one."""
    if not numbers:
        return
    native = f"FOI/{row.name}"
    one = a_mail(0)
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        client.multiappend(native, [one.replace(b"<0@", f"<{10_000 + number}@".encode()) for number in some])
    uidvalidity = client.select_folder(native, readonly=True)[b"UIDVALIDITY"]
    uids = client.search("ALL")[-len(numbers) :]
    mail = {
        "account": "foi", "folder": "INBOX", "uidvalidity": 1, "received_at": MON_JUN_3_2024, "size": 1000,
        "state": FILED, "stored_at": MON_JUN_3_2024, "settled_at": MON_JUN_3_2024, "place": WATCHED,
        "case_id": row.case_id,
    }  # fmt: skip
    own = ((10_000 + n, f"<{10_000 + n}@example.com>", f"{n:064x}") for n in numbers)
    posts = [mail | {"id": key, "uid": key, "message_id": name, "content_key": content} for key, name, content in own]
    here = {"account": "foi", "folder": row.path, "uidvalidity": uidvalidity, "judged": True}
    placed = [here | {"post_id": 10_000 + n, "uid": uid} for n, uid in zip(numbers, uids, strict=True)]
    with transaction(desk.engine) as session:
        session.execute(insert(Post), posts)
        session.execute(insert(Placement), placed)


def a_round(desk: Desk) -> tuple[float, int]:
    """Milliseconds and round trips of one, and that it found nothing."""
    with counted() as trips:
        began = perf_counter()
        filed = file_mailboxes(desk)
        took = (perf_counter() - began) * 1000
    if filed.moved or filed.noticed or filed.found:
        raise SystemExit(f"something was new: {filed}")
    return took, trips[0]


def bare(server: Dovecot, names: list[str]) -> tuple[float, int]:
    """The same of a client that signs in and asks for each folder's STATUS."""
    with counted() as trips:
        began = perf_counter()
        client = IMAPClient("127.0.0.1", server.imaps, ssl=True, ssl_context=_trust(server), timeout=20)
        client.login(FOI, server.passwords[FOI])
        for name in names:
            client.folder_status(name, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        client.logout()
        return (perf_counter() - began) * 1000, trips[0]


def _trust(server: Dovecot) -> Any:
    return ssl.create_default_context(cafile=server.ca_file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folders", type=int, default=60)
    parser.add_argument("--mails", type=int, default=300_000, help="in all folders together")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    with TemporaryDirectory() as name, running_dovecot(more=STORAGE) as server:
        desk = reading_from(
            open_desk(council_settings(Path(name)), lambda: datetime.now(UTC)), server.settings(filing="folders")
        )
        desk = replace(desk, now=lambda: datetime.now(UTC))
        migrate(desk.engine)
        with Reader(Path(name) / "spool", frozenset({FOI})) as reader:
            names = prepare(desk, server, reader, given.folders, given.mails)
        with server.client() as client:
            held = sum(client.folder_status(one, ["MESSAGES"])[b"MESSAGES"] for one in names)
        print(f"{len(names)} folders of {held} mails, nothing new; {given.rounds} rounds each")
        # Past the time in which the desk looks once more at what has just happened.
        desk = replace(desk, now=lambda: datetime.now(UTC) + timedelta(minutes=20))
        a_round(desk)
        ours, theirs = [], []
        a_round(desk)
        for _ in range(given.rounds):
            ours.append(a_round(desk))
            theirs.append(bare(server, names))
    for what, found in (("a round of the desk", ours), ("a bare client", theirs)):
        times, trips = [one for one, _ in found], max(two for _, two in found)
        print(f"  {what:<20} {statistics.median(times):6.1f} ms, slowest {max(times):6.1f} ms, {trips} round trips")
    median, trips = statistics.median(one for one, _ in ours), max(two for _, two in ours)
    ratio = median / statistics.median(one for one, _ in theirs)
    print(f"  ratio {ratio:.2f}; aim: under {AIM_MILLISECONDS} ms and under {AIM_TRIPS} round trips")
    if median >= AIM_MILLISECONDS or trips >= AIM_TRIPS:
        raise SystemExit("the aim is missed")


if __name__ == "__main__":
    main()

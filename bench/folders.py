"""A round over watched folders in which nothing is new: `python -m bench.folders [--folders 60] [--mails 5000]`.

Needs Dovecot. The mails are spread over the folders of open cases and the standing ones; with --each, so many lie in
every folder. A round is what the timetable does: connect, sign in, ask what has changed, and find that nothing has.
Printed: the median and the slowest in milliseconds, the round trips after the sign-in, and the ratio to a bare client
on a connection of its own that asks for the STATUS of each folder, one after the other, in the same run.
"""

import argparse
import imaplib
import ssl
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from imapclient import IMAPClient

from mail.filing import file_mailboxes
from mail.poll import poll_mailbox
from mail.reader import Reader
from service.bootstrap import open_desk
from service.desk import Desk
from service.store.schema import migrate
from tests.conftest import council_settings
from tests.integration.dovecot import FOI, Dovecot, running_dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, fill, reading_from

AIM_MILLISECONDS, AIM_TRIPS = 100, 70
STORAGE = "\nmail_location = mdbox:~/mdbox\n"  # sixty times five thousand files would take longer than the measuring


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
        imaplib.IMAP4.send, imaplib.IMAP4.readline = send, readline  # type: ignore[method-assign,assignment]


def prepare(desk: Desk, server: Dovecot, reader: Reader, folders: int, mails: int) -> list[str]:
    """Open a case a folder, have them filed, and fill the folders up; returns their names."""
    cases = folders - 8  # the inbox and the seven standing folders are watched too
    fill(server, {number: a_mail(number) for number in range(cases)}, MON_JUN_3_2024)
    poll_mailbox(desk, reader, begin=SAT_JUN_1_2024)
    file_mailboxes(desk)
    with server.client() as client:
        names = [name for flags, _, name in client.list_folders("", "*") if b"\\Noselect" not in flags]
        opened = [name for name in names if name.startswith("FOI/Open/")]
        for number in range(mails - cases):
            case = number % len(opened)
            answer = a_mail(
                10_000 + number, sender=f"Person {case} <person{case}@example.com>", In_Reply_To=f"<{case}@example.com>"
            )
            client.append(opened[case], answer, (), MON_JUN_3_2024)
    for _ in range(3):
        file_mailboxes(desk)
        poll_mailbox(desk, reader)
    return names


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
    parser.add_argument("--mails", type=int, default=5000, help="in all folders together")
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

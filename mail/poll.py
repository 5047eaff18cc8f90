"""One look into the mailbox: store what is new, take it in, and only then tidy.

The database is the memory and the mailbox only a hint: what is new is what has no row under its place (account, folder,
UIDVALIDITY, UID), whether or not somebody has opened it. A crash at any step is finished by the next look.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from mail.apart import Apart
from mail.errors import MailboxTrouble
from mail.mailbox import Facts, ImapMailbox, open_mailbox
from mail.reader import Reader
from mail.take_in import take_in_all
from service.desk import Desk
from service.errors import DeskError
from service.servers import MailboxSettings
from service.store.arrivals import add_arrivals, note_place
from service.store.correspondence import BEFORE, STORED, known_uids, post_to_move
from service.store.database import DatabaseUnavailable, reading, transaction
from service.store.mailboxes import Look, begin_mailbox, count_astray, mailbox, note_astray, note_read, note_trouble
from service.store.originals import keep_all
from service.store.rows import new_row
from service.store.tables import Mailbox, Post

log = logging.getLogger(__name__)

LOOKED_AT = 500  # mails whose size and time are asked for at once
MAILS_AT_ONCE, BYTES_AT_ONCE = 50, 20_000_000  # stored by one transaction
MOVED_AT_ONCE = 5_000
MOST_GIVEN = 100_000  # UIDs looked after that a server gave since the last look
PATIENCE = timedelta(days=1)  # how long the server may fail to hand a mail over before a person hears of it
PAUSE = timedelta(minutes=1)  # after trouble that is not the mail server's, such as an unreadable password file


class NotBegun(DeskError):
    """Nobody has said yet from when the mail of the mailbox “{account}” counts. Give the moment once: `--from now`
    leaves everything that is in the mailbox alone, `--from 2026-11-01` takes in what came that day or later. What came
    before is never touched or acknowledged."""


@dataclass(frozen=True, slots=True)
class Polled:
    """How many mails were stored for the first time, were read, and were moved to the folder of filed mail."""

    taken: int
    read: int
    moved: int

    def __add__(self, other: "Polled") -> "Polled":
        return Polled(self.taken + other.taken, self.read + other.read, self.moved + other.moved)


@dataclass(frozen=True, slots=True)
class Visit:
    """What we learnt of the folder: how many mails were new, its UIDVALIDITY, and whether we can move mail from it."""

    settings: MailboxSettings
    taken: int
    uidvalidity: int
    can_move: bool


@dataclass(slots=True)
class Listing:
    """The mails of a folder by UID: those that the server lists, and those of them that it does not hand over."""

    listed: list[int]
    withheld: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it goes into the database; `size` exceeds the bytes of `raw` when only the header was fetched, and
    `raw` is None for mail that does not count."""

    uid: int
    received_at: datetime
    size: int
    raw: bytes | Path | None
    state: str = STORED


def poll_mailboxes(desk: Desk, reader: Reader, *, patient: bool = False) -> Polled:
    """Read every mailbox to its end; raises the first trouble, once the others have been read. See poll_mailbox."""
    polled, apart = Polled(0, 0, 0), Apart()
    for settings in desk.settings.every_mailbox:
        with apart.each():
            polled += poll_mailbox(desk, reader, settings, patient=patient)
    apart.tell()
    return polled


def poll_mailbox(
    desk: Desk,
    reader: Reader,
    settings: MailboxSettings | None = None,
    *,
    begin: datetime | None = None,
    patient: bool = False,
) -> Polled:
    """Read a mailbox, or the first, to its end; `begin` says from when mail counts, on the first run only.

    A `patient` poll leaves a server that gave trouble alone until its time has come, and only reads what is stored.
    Raises NotBegun, a MailboxTrouble, or DatabaseUnavailable.
    """
    settings = settings or desk.settings.mailbox
    row = _begun(desk, settings, begin)
    if patient and row.next_try_at is not None and desk.now() < row.next_try_at:
        return Polled(0, take_in_all(desk, reader), 0)
    try:
        with _noting_trouble(desk, settings):
            visit = _visit(desk, settings, row)
    finally:
        read = take_in_all(desk, reader)  # needs no server: what is stored must not wait for it
    _reconcile(desk, visit)
    return Polled(visit.taken, read, _tidy(desk, visit))


def _begun(desk: Desk, settings: MailboxSettings, begin: datetime | None) -> Mailbox:
    with reading(desk.engine) as session:
        row = mailbox(session, settings.account, settings.folder)
    if row is None and begin is not None:
        with transaction(desk.engine) as session:
            row = begin_mailbox(session, settings.account, settings.folder, begin)
    if row is None:
        raise NotBegun(account=settings.account)
    return row


@contextmanager
def _noting_trouble(desk: Desk, settings: MailboxSettings) -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable:
        raise
    except DeskError as error:
        _note_trouble(desk, settings, error)
        raise


def _note_trouble(desk: Desk, settings: MailboxSettings, error: DeskError) -> None:
    now = desk.now()
    with transaction(desk.engine) as session:
        row = mailbox(session, settings.account, settings.folder)
        assert row is not None
        troubled_for = now - (row.trouble_since or now)
        pause = error.retry_after(troubled_for) if isinstance(error, MailboxTrouble) else PAUSE
        note_trouble(session, row, str(error), now, now + pause)


def _visit(desk: Desk, settings: MailboxSettings, row: Mailbox) -> Visit:
    """Store every mail that has no row yet, and note that the folder was read to its end."""
    with open_mailbox(settings) as box:
        box.select(row.folder)
        if row.uidvalidity not in (None, box.uidvalidity):
            log.warning("the mail server has renumbered the folder %s; mail we know is told by its content", row.folder)
        # A day more than needed: SINCE goes by the server's own days.
        listing = Listing(box.uids_since(row.counts_from.date() - timedelta(days=1)))
        visit = Visit(settings, _store_new(desk, settings, row, box, listing), box.uidvalidity, box.can_move)
        look = _look(desk, row, box, listing)
    with transaction(desk.engine) as session:
        fresh = mailbox(session, row.account, row.folder)
        assert fresh is not None
        note_read(session, fresh, look, desk.now())
    return visit


def _look(desk: Desk, row: Mailbox, box: ImapMailbox, listing: Listing) -> Look:
    """Count up what was seen; a UID that the server gave since the last look and that is nowhere came and left."""
    missed: set[int] = set()
    if row.uidvalidity == box.uidvalidity and row.next_uid is not None:
        given = range(row.next_uid, min(box.next_uid, row.next_uid + MOST_GIVEN))
        with reading(desk.engine) as session:
            missed = set(given) - known_uids(session, row.account, row.folder, box.uidvalidity, given.start)
        missed -= box.present(sorted(missed)) if missed else set()
    if missed:
        log.warning("%d mails came into %s and left it before they were read", len(missed), row.folder)
    return Look(box.uidvalidity, box.next_uid or None, len(listing.listed), len(listing.withheld), len(missed))


def _reconcile(desk: Desk, visit: Visit) -> None:
    """Look that every mail we hold of a mailbox is in a case, filed, to be sorted, a copy, or not read yet."""
    with transaction(desk.engine) as session:
        row = mailbox(session, visit.settings.account, visit.settings.folder)
        assert row is not None
        astray = count_astray(session, row.account, row.folder)
        if astray:
            log.error("%d mails of %s are in no list of the desk; report it", astray, row.folder)
        if astray != row.astray:
            note_astray(session, row, astray)


def _store_new(desk: Desk, settings: MailboxSettings, row: Mailbox, box: ImapMailbox, listing: Listing) -> int:
    with reading(desk.engine) as session:
        known = known_uids(session, row.account, row.folder, box.uidvalidity)
    new = [uid for uid in listing.listed if uid not in known]
    taken = 0
    for start in range(0, len(new), LOOKED_AT):
        some = new[start : start + LOOKED_AT]
        facts = box.facts(some)
        untold = [uid for uid in some if uid not in facts]
        listing.withheld |= box.present(untold) if untold else set()  # else a colleague has taken them away
        for group in _grouped(_arrivals(desk, settings, row, box, facts, listing)):
            taken += _store(desk, row, box.uidvalidity, group)
    if taken:
        log.info("stored %d new mails of %s", taken, row.folder)
    return taken


def _arrivals(
    desk: Desk, settings: MailboxSettings, row: Mailbox, box: ImapMailbox, facts: dict[int, Facts], listing: Listing
) -> Iterator[Arrival]:
    wanted: dict[int, Facts] = {}
    for uid, fact in facts.items():
        if fact.received_at < row.counts_from:
            yield Arrival(uid, fact.received_at, fact.size, None, BEFORE)  # noted, so that it is never looked at again
        elif fact.size > settings.largest:
            yield _header_only(box, uid, fact)
        else:
            wanted[uid] = fact
    missing = set(wanted)
    for mail in box.fetch(wanted):
        missing.discard(mail.uid)
        size = len(mail.raw) if isinstance(mail.raw, bytes) else mail.raw.stat().st_size
        yield Arrival(mail.uid, wanted[mail.uid].received_at, size, mail.raw)
    for uid in sorted(missing):
        log.warning("the mail server does not hand over UID %d of %s; asking again later", uid, row.folder)
        if desk.now() - wanted[uid].received_at > PATIENCE:
            yield _header_only(box, uid, wanted[uid])
        else:
            listing.withheld.add(uid)


def _header_only(box: ImapMailbox, uid: int, fact: Facts) -> Arrival:
    raw = box.header(uid)
    return Arrival(uid, fact.received_at, max(fact.size, len(raw) + 1), raw)


def _grouped(arrivals: Iterator[Arrival]) -> Iterator[list[Arrival]]:
    """Groups for one transaction each."""
    group: list[Arrival] = []
    room = BYTES_AT_ONCE
    try:
        for arrival in arrivals:
            group.append(arrival)
            room -= arrival.size if arrival.state == STORED else 0
            if room <= 0 or len(group) == MAILS_AT_ONCE:
                yield group
                group, room = [], BYTES_AT_ONCE
    except MailboxTrouble:
        if group:
            yield group  # what has come need not come again
        raise
    if group:
        yield group


def _store(desk: Desk, row: Mailbox, uidvalidity: int, group: list[Arrival]) -> int:
    """The first transaction: raw bytes and nothing else; returns how many of the mails count and were new."""
    with transaction(desk.engine) as session:
        kept = iter(keep_all(session, [arrival.raw for arrival in group if arrival.raw is not None]))
        digests = [None if arrival.raw is None else next(kept) for arrival in group]
        posts = [_post(desk, row, uidvalidity, arrival, digest) for arrival, digest in zip(group, digests, strict=True)]
        add_arrivals(session, [post for post in posts if post.state != STORED])
        added = add_arrivals(session, [post for post in posts if post.state == STORED])
    for arrival in group:
        if isinstance(arrival.raw, Path):
            arrival.raw.unlink(missing_ok=True)
    return added


def _post(desk: Desk, row: Mailbox, uidvalidity: int, arrival: Arrival, digest: str | None) -> Post:
    return new_row(
        Post,
        account=row.account,
        folder=row.folder,
        uidvalidity=uidvalidity,
        uid=arrival.uid,
        received_at=arrival.received_at,
        size=arrival.size,
        sha256=digest,
        state=arrival.state,
        stored_at=desk.now(),
    )


def _tidy(desk: Desk, visit: Visit) -> int:
    """Move what is settled to the folder of filed mail, on a connection of its own; returns how many mails we moved.

    Advisory: nothing depends on it, and what a colleague has moved meanwhile is noted as gone.
    """
    settings = visit.settings
    if not visit.can_move or settings.filing != "off" or settings.filed_folder in ("", settings.folder):
        return 0
    with reading(desk.engine) as session:
        settled = post_to_move(session, settings.account, settings.folder, visit.uidvalidity, MOVED_AT_ONCE)
    ids = {post.uid: post.id for post in settled}
    if not ids:
        return 0
    with open_mailbox(settings) as box:
        box.select(settings.folder)
        if box.uidvalidity != visit.uidvalidity:
            return 0
        here = box.present(list(ids))
        left = box.move(sorted(here), settings.filed_folder)
    with transaction(desk.engine) as session:
        note_place(session, [ids[uid] for uid in left], "moved")
        note_place(session, [ids[uid] for uid in ids.keys() - here], "gone")
    return len(left)

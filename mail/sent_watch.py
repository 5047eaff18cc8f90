"""One look into each Sent folder: what somebody sent by hand from the mailbox is filed on its case.

As with the mail that comes in, the database is the memory: what is new is what has no row under its place. The header
comes first, and tells whether a mail is of a case; only then are its bytes fetched and stored. Of all other mail, which
in an officer's own Sent folder is most and none of ours, the desk keeps the UID, the time and the size.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from mail.apart import Apart
from mail.errors import MailboxTrouble
from mail.mailbox import Facts
from mail.reader import AHEAD, Reader
from mail.sent_folder import SentFolderMissing, SentMailbox, open_sent
from mail.take_in import take_in_all
from service.casework.file_sent import LATE
from service.casework.sent_match import Fate, Match, match_sent
from service.desk import LONDON, Desk
from service.domain.message import IncomingMessage, Unreadable
from service.errors import DeskError
from service.sent_places import SentPlace
from service.store.arrivals import add_arrivals
from service.store.correspondence import BEFORE, STORED
from service.store.database import DatabaseUnavailable, reading, transaction
from service.store.mailboxes import Look, begin_mailbox, mailbox, note_read, note_trouble
from service.store.originals import keep_all
from service.store.rows import new_row
from service.store.sent import IGNORED, OWN, ignored_to_look_at, note_look, note_taken, uids_with_states
from service.store.tables import Mailbox, Post

log = logging.getLogger(__name__)

ANEW_AT_ONCE = 500  # ignored mails that are looked at again
AT_ONCE = 50  # whose headers are judged together
PAUSE = timedelta(minutes=1)
# A mail may be in Sent before the mail it answers has been taken in, or before its case has been made of it by hand.
AGAIN = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1))
NO_FOLDER = "The server names no Sent folder: say [mailbox] sent_folder, or watch_sent = false where there is none."
_CONTENT = re.compile(rb"(?im)^(?:content-[!-9;-~]+|mime-version)[ \t]*:.*(?:\n[ \t].*)*\n?")


@dataclass(frozen=True, slots=True)
class Watched:
    """How many mails of Sent folders were stored because they may be of a case, and how many were read."""

    taken: int
    read: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """A mail as its header tells: what becomes of it, and the row it has when it was ignored before."""

    uid: int
    facts: Facts
    match: Match
    ignored: Post | None


def watch_sent(desk: Desk, reader: Reader) -> Watched:
    """Look into every Sent folder; raises the first trouble, once the others have been looked into."""
    taken, apart = 0, Apart()
    for place in desk.settings.sent_places:
        with apart.each():
            taken += _watch(desk, reader, place)
    read = take_in_all(desk, reader) if taken else 0
    apart.tell()
    return Watched(taken, read)


def _watch(desk: Desk, reader: Reader, place: SentPlace) -> int:
    row = _row(desk, place)
    if row.next_try_at is not None and desk.now() < row.next_try_at:
        return 0
    try:
        with open_sent(place.server) as box:
            return _look(desk, reader, place, box, row)
    except DatabaseUnavailable:
        raise
    except DeskError as error:
        _note_trouble(desk, place, error)
        raise


def _row(desk: Desk, place: SentPlace) -> Mailbox:
    """What we know of the folder. It counts from the first look on: history is not brought in."""
    with transaction(desk.engine) as session:
        return mailbox(session, *place.key) or begin_mailbox(session, *place.key, desk.now())


def _note_trouble(desk: Desk, place: SentPlace, error: DeskError) -> None:
    now = desk.now()
    with transaction(desk.engine) as session:
        row = mailbox(session, *place.key)
        assert row is not None
        troubled_for = now - (row.trouble_since or now)
        pause = error.retry_after(troubled_for) if isinstance(error, MailboxTrouble) else PAUSE
        note_trouble(session, row, str(error), now, now + pause)


def _look(desk: Desk, reader: Reader, place: SentPlace, box: SentMailbox, row: Mailbox) -> int:
    if box.look_into(place.folder) is None:
        return _without_folder(desk, place)
    same = row.uidvalidity == box.uidvalidity
    since = (row.next_uid or 1) if same else 1
    with reading(desk.engine) as session:
        known = uids_with_states(session, *place.key, box.uidvalidity, since)
        anew = ignored_to_look_at(session, *place.key, box.uidvalidity, desk.now(), ANEW_AT_ONCE)
    new = [uid for uid in _new_uids(box, row, since, same=same) if uid not in known]
    taken, withheld = 0, set[int]()
    both = [*new, *anew]
    for start in range(0, len(both), AT_ONCE):
        taken += _take(desk, reader, place, box, row, both[start : start + AT_ONCE], anew, withheld)
    # Up to here all is known; what was withheld is asked for again.
    next_uid = min(withheld) if withheld else max(box.next_uid, *(uid + 1 for uid in new), since)
    with transaction(desk.engine) as session:
        fresh = mailbox(session, *place.key)
        assert fresh is not None
        look = Look(box.uidvalidity, next_uid, listed=len(new), withheld=len(withheld))
        note_read(session, fresh, look, desk.now())
    if taken:
        log.info("stored %d mails that were sent by hand from %s", taken, place.account)
    return taken


def _new_uids(box: SentMailbox, row: Mailbox, since: int, *, same: bool) -> list[int]:
    if same and box.next_uid and box.next_uid <= since:
        return []  # nothing has come since the last look: that is the whole of most looks
    if same and row.read_at is not None:
        return box.uids_from(since)
    return box.uids_since(row.counts_from.date() - timedelta(days=1))


def _without_folder(desk: Desk, place: SentPlace) -> int:
    """A folder that somebody has named must be there; one that is only looked for may never have been needed."""
    if place.private:
        raise SentFolderMissing(host=place.server.host, folder=place.folder, reason="there is none of that name")
    with transaction(desk.engine) as session:
        row = mailbox(session, *place.key)
        assert row is not None
        row.trouble, row.read_at, row.next_try_at = NO_FOLDER, None, None
        session.add(row)
    return 0


def _take(
    desk: Desk,
    reader: Reader,
    place: SentPlace,
    box: SentMailbox,
    row: Mailbox,
    uids: Sequence[int],
    anew: dict[int, Post],
    withheld: set[int],
) -> int:
    facts = box.facts(uids)
    untold = [uid for uid in uids if uid not in facts and uid not in anew]
    withheld |= box.present(untold) if untold else set()  # else it has been deleted
    counting = {uid: fact for uid, fact in facts.items() if fact.received_at >= row.counts_from}
    before = [uid for uid in facts if uid not in counting]
    headers = box.headers(list(counting))
    withheld |= counting.keys() - headers.keys() - anew.keys()  # however long the server does not hand them over
    seen = _judged(desk, reader, place, headers, counting, anew)
    _note(desk, place, row, box, [*((uid, facts[uid], BEFORE) for uid in before), *_left_alone(seen)])
    # What has been deleted since is none of ours either; it would be looked for, and others not, for ever.
    none_of_ours = [one.ignored for one in seen if one.ignored and one.match.fate in (Fate.NOTHING, Fate.OURS)]
    _look_again_later(desk, [*none_of_ours, *(anew[uid] for uid in uids if uid in anew and uid not in headers)])
    return _store(desk, place, row, box, [one for one in seen if one.match.fate in (Fate.FILE, Fate.ASK)], withheld)


def _judged(
    desk: Desk,
    reader: Reader,
    place: SentPlace,
    headers: dict[int, bytes],
    facts: dict[int, Facts],
    anew: dict[int, Post],
) -> list[_Seen]:
    """What becomes of each mail, by its header alone, which the reading child parses like any mail."""
    uids = list(headers)
    bare = [_bare(headers[uid]) for uid in uids]
    assert len(bare) <= AHEAD
    with reader.ahead(bare) as readings:
        read = readings()
    for one in read:
        reader.discard(one)
    with reading(desk.engine) as session:
        matches = [_match(session, desk, one.message, place) for one in read]
    return [_Seen(uid, facts[uid], match, anew.get(uid)) for uid, match in zip(uids, matches, strict=True)]


def _match(session: Session, desk: Desk, read: IncomingMessage | Unreadable, place: SentPlace) -> Match:
    if isinstance(read, Unreadable):
        return Match(Fate.NOTHING, "its header cannot be read")
    return match_sent(session, desk, read, private=place.private)


def _bare(header: bytes) -> bytes:
    """A header as that of a mail without words, so that it can be read like any other."""
    plain = header.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    return _CONTENT.sub(b"", plain) + b"\nno words\n"


def _left_alone(seen: Sequence[_Seen]) -> list[tuple[int, Facts, str]]:
    states = {Fate.OURS: OWN, Fate.NOTHING: IGNORED}
    return [
        (one.uid, one.facts, states[one.match.fate]) for one in seen if one.match.fate in states and not one.ignored
    ]


def _look_again_later(desk: Desk, ignored: Sequence[Post]) -> None:
    for post in ignored:
        pauses = AGAIN[post.attempts + 1 :]
        with transaction(desk.engine) as session:
            note_look(session, [post.id], desk.now() + pauses[0] if pauses else None)


def _note(
    desk: Desk, place: SentPlace, row: Mailbox, box: SentMailbox, mails: Sequence[tuple[int, Facts, str]]
) -> None:
    """Keep the places of mails that are left alone, and nothing of what they say."""
    if not mails:
        return
    with transaction(desk.engine) as session:
        posts = [_post(desk, place, row, box.uidvalidity, uid, fact, state, None) for uid, fact, state in mails]
        add_arrivals(session, posts)


def _post(
    desk: Desk,
    place: SentPlace,
    row: Mailbox,
    uidvalidity: int,
    uid: int,
    fact: Facts,
    state: str,
    digest: str | None,
    size: int = 0,
) -> Post:
    settled = state in (OWN, BEFORE)
    return new_row(
        Post,
        account=place.account,
        folder=place.folder,
        uidvalidity=uidvalidity,
        uid=uid,
        received_at=fact.received_at,
        size=size or fact.size,
        sha256=digest,
        state=state,
        stored_at=desk.now(),
        acknowledge=False,
        sent=True,
        reason=_late(row, uidvalidity, fact) if state == STORED else "",
        next_try_at=desk.now() + AGAIN[0] if state == IGNORED else None,
        settled_at=desk.now() if settled else None,
    )


def _late(row: Mailbox, uidvalidity: int, fact: Facts) -> str:
    """Whether a mail has appeared only after we had last read the folder that it is said to have been in before.

    Whoever puts a mail into a folder says when it was sent (RFC 3501 6.3.11): a person must see that.
    """
    if row.read_at is None or row.uidvalidity != uidvalidity or fact.received_at >= row.read_at - timedelta(minutes=5):
        return ""
    local = row.read_at.astimezone(LONDON)
    return LATE.format(read_at=f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y}")


def _store(
    desk: Desk, place: SentPlace, row: Mailbox, box: SentMailbox, mails: Sequence[_Seen], withheld: set[int]
) -> int:
    """The first transaction of each: its bytes and nothing else."""
    taken = 0
    by_uid = {one.uid: one for one in mails}
    for one in mails:
        if one.facts.size > place.largest:
            taken += _keep(desk, place, row, box, one, box.header(one.uid), whole=False)
    wanted = {one.uid: one.facts for one in mails if one.facts.size <= place.largest}
    fetched = set[int]()
    for mail in box.fetch(wanted):
        fetched.add(mail.uid)
        taken += _keep(desk, place, row, box, by_uid[mail.uid], mail.raw, whole=True)
    for uid in wanted.keys() - fetched:
        if by_uid[uid].ignored is None:  # else its next look will come
            withheld.add(uid)
    return taken


def _keep(
    desk: Desk, place: SentPlace, row: Mailbox, box: SentMailbox, seen: _Seen, raw: bytes | Path, *, whole: bool
) -> int:
    held = len(raw) if isinstance(raw, bytes) else raw.stat().st_size
    size = held if whole else max(seen.facts.size, held + 1)
    with transaction(desk.engine) as session:
        [digest] = keep_all(session, [raw])
        if seen.ignored is not None:
            note_taken(session, seen.ignored.id, sha256=digest, size=size, state=STORED, next_try_at=None, attempts=0)
            added = 1
        else:
            post = _post(desk, place, row, box.uidvalidity, seen.uid, seen.facts, STORED, digest, size)
            added = add_arrivals(session, [post])
    if isinstance(raw, Path):
        raw.unlink(missing_ok=True)
    return added

"""From stored bytes to a settled mail: parsed outside any transaction, then everything that follows in one."""

import errno
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from mail.reader import Reader, Reading
from service.casework.acknowledge import look_back
from service.casework.receive import receive
from service.desk import Desk
from service.domain.message import Attachment, IncomingMessage, Unreadable
from service.letters import LetterFault
from service.store.arrivals import StoredMail, lock_waiting, stored_mails, take_turn
from service.store.correspondence import QUARANTINED, look_for_copies, waiting_ids
from service.store.database import DatabaseUnavailable, reading, transaction
from service.store.group import grouped
from service.store.originals import CHUNK, keep_all, read_small, write_out
from service.store.sent import UNSURE
from service.store.tables import Post

log = logging.getLogger(__name__)

GROUP = 50  # mails settled by one transaction
FIRST = 10  # in the first group, which nobody settles anything meanwhile
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))  # after the first and the second fault; the third is the last
# A machine in need is not the mail's fault: the mail keeps its attempts and the caller hears of it.
MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
HEADER_ONLY = (
    "Only the beginning of this mail is here: it is too large for the desk, or the mail server does not hand it over. "
    "Open it in the mailbox."
)
UNREAD = "could not be read: {fault}; ask your administrator; retry after an upgrade"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What reading one mail gave; `whole` unless only its header is here."""

    post_id: int
    whole: bool
    reading: Reading


def take_in(desk: Desk, reader: Reader, *, limit: int = 1000, posts: Sequence[int] | None = None) -> int:
    """Read and settle stored mails, at most `limit` of those whose time has come, or just those numbered `posts`.

    Returns how many were settled or tried in vain; 0 when nothing waits. Raises DatabaseUnavailable or OSError when the
    machine is in need, and LetterFault, after all that could be settled, when a template of ours is broken: its mails
    wait without losing an attempt. Whatever one mail causes stays with that mail.
    """
    if posts is None:
        with reading(desk.engine) as session:
            posts = waiting_ids(session, desk.now(), limit)
    edges = [0, *range(FIRST, len(posts), GROUP), len(posts)]
    groups = [posts[start:end] for start, end in pairwise(edges) if end > start]
    faults: list[LetterFault] = []
    done = sum(_settle(desk, attempts, faults) for attempts in _read_ahead(desk, reader, groups))
    if faults:
        raise faults[0]
    return done


def take_in_all(desk: Desk, reader: Reader) -> int:
    """Read and settle all stored mails whose time has come; returns how many. Raises as take_in does."""
    read = 0
    while done := take_in(desk, reader):
        read += done
    return read


def _read_ahead(desk: Desk, reader: Reader, groups: Sequence[Sequence[int]]) -> Iterator[list[Attempt]]:
    """Give the attempts of each group; the reader's own process reads the next group while the caller settles one.

    No thread of ours waits for it: two threads would spend more time on handing each other the interpreter.
    """
    attempts: list[Attempt] = []
    for group in groups:
        with _reading(desk, reader, group) as collect:
            if attempts:
                yield attempts
            _discard(reader, attempts)
            attempts = _collected(desk, group, collect)
    if attempts:
        yield attempts
    _discard(reader, attempts)


def _collected(desk: Desk, post_ids: Sequence[int], collect: Callable[[], list[Attempt]]) -> list[Attempt]:
    try:
        return collect()
    except Exception as error:
        if _is_the_machines(error):
            raise
        # A fault of the reader's own: which of the mails is its cause nobody knows, so all of them wait a while.
        for post_id in post_ids:
            _note_fault(desk, post_id, type(error).__name__)
        return []


@contextmanager
def _reading(desk: Desk, reader: Reader, post_ids: Sequence[int]) -> Iterator[Callable[[], list[Attempt]]]:
    """Have a group read; calling what is given waits for the attempts."""
    with ExitStack() as stack:
        with reading(desk.engine) as session:
            mails = stored_mails(session, post_ids)
            raws = _bytes_of(session, stack, mails)
        readings = stack.enter_context(reader.ahead(raws))
        yield lambda: [_attempt(mail, read) for mail, read in zip(mails, readings(), strict=True)]


def _bytes_of(session: Session, stack: ExitStack, mails: Sequence[StoredMail]) -> list[bytes | Path]:
    small = read_small(session, [mail.sha256 for mail in mails if mail.held <= CHUNK])
    return [small[mail.sha256] if mail.sha256 in small else _file_of(session, stack, mail) for mail in mails]


def _file_of(session: Session, stack: ExitStack, mail: StoredMail) -> Path:
    spool = Path(stack.enter_context(TemporaryDirectory(prefix="foidesk-"))) / "mail"
    write_out(session, mail.sha256, spool)
    return spool


def _attempt(mail: StoredMail, read: Reading) -> Attempt:
    return Attempt(mail.post_id, mail.held >= mail.size, read)


def _discard(reader: Reader, attempts: list[Attempt]) -> None:
    for attempt in attempts:
        reader.discard(attempt.reading)


def _is_the_machines(error: Exception) -> bool:
    return isinstance(error, DatabaseUnavailable) or (isinstance(error, OSError) and error.errno in MACHINE)


def _settle(desk: Desk, attempts: list[Attempt], faults: list[LetterFault]) -> int:
    """Settle a group in one transaction; when one of its mails is the end of that, each in its own."""
    try:
        return _settle_together(desk, attempts)
    except Exception as error:
        if _is_the_machines(error):
            raise
        return sum(_settle_alone(desk, attempt, faults) for attempt in attempts)


def _settle_together(desk: Desk, attempts: list[Attempt]) -> int:
    now = desk.now()
    with transaction(desk.engine) as session:
        take_turn(session)
        waiting = lock_waiting(session, [attempt.post_id for attempt in attempts])
        mails = [attempt for attempt in attempts if attempt.post_id in waiting]
        keep_all(session, [Path(file.spool) for mail in mails for file in _files(mail)])
        with grouped(session, len(mails)):
            look_back(session, now)
            look_for_copies(session, [mail.reading.content_key for mail in mails])
            for mail in mails:
                _receive(session, desk, waiting[mail.post_id], mail, now)
    return len(mails)


def _files(attempt: Attempt) -> tuple[Attachment, ...]:
    message = attempt.reading.message
    return message.attachments if isinstance(message, IncomingMessage) else ()


def _settle_alone(desk: Desk, attempt: Attempt, faults: list[LetterFault]) -> int:
    try:
        return _settle_together(desk, [attempt])
    except LetterFault as fault:
        faults.append(fault)
        return _postpone(desk, attempt.post_id)
    except Exception as error:
        if _is_the_machines(error):
            raise
        return _note_fault(desk, attempt.post_id, type(error.__cause__ or error).__name__)


def _receive(session: Session, desk: Desk, post: Post, attempt: Attempt, at: datetime) -> None:
    message = attempt.reading.message
    if not attempt.whole:
        message = Unreadable(HEADER_ONLY, message.subject, message.sender, message.message_id)
    receive(session, desk, post, message, attempt.reading.content_key, at=at)


def _postpone(desk: Desk, post_id: int) -> int:
    with transaction(desk.engine) as session:
        for post in lock_waiting(session, [post_id]).values():
            post.next_try_at = desk.now() + PAUSES[0]
            session.add(post)
    return 0


def _note_fault(desk: Desk, post_id: int, fault: str) -> int:
    with transaction(desk.engine) as session:
        post = lock_waiting(session, [post_id]).get(post_id)
        if post is None:
            return 0
        # The class only: the text of the exception may hold a requester's words.
        log.error("mail %d could not be taken in: %s (attempt %d)", post.id, fault, post.attempts + 1)
        if post.attempts < len(PAUSES):
            post.next_try_at = desk.now() + PAUSES[post.attempts]
        else:
            post.state, post.reason = UNSURE if post.sent else QUARANTINED, UNREAD.format(fault=fault)
            post.next_try_at = None
        post.attempts += 1
        session.add(post)
    return 1

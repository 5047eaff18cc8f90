"""From stored bytes to a settled mail: parsed outside any transaction, then everything that follows in one."""

import errno
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlmodel import Session

from mail.reader import Reader, Reading
from service.casework.receive import receive
from service.desk import Desk
from service.domain.message import IncomingMessage, Unreadable
from service.store.arrivals import StoredMail, lock_waiting, stored_mails, take_turn
from service.store.correspondence import QUARANTINED, waiting_post
from service.store.database import DatabaseUnavailable, reading, savepoint, transaction
from service.store.originals import keep_all, read_all, write_out
from service.store.tables import Post

log = logging.getLogger(__name__)

GROUP = 25  # mails settled by one transaction
IN_MEMORY = 1 << 20  # bytes; a larger mail is read from a file
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
    """What reading one mail gave: a reading, or the class of the fault; `whole` unless only its header is here."""

    post_id: int
    whole: bool
    reading: Reading | None
    fault: str = ""


def take_in(desk: Desk, reader: Reader, *, limit: int = 200, posts: Sequence[int] | None = None) -> int:
    """Read and settle stored mails, at most `limit` of those whose time has come, or just those numbered `posts`.

    Returns how many were settled or tried in vain; 0 when nothing waits. Raises DatabaseUnavailable or OSError when the
    machine is in need; whatever one mail causes stays with that mail.
    """
    if posts is None:
        with reading(desk.engine) as session:
            posts = [post.id for post in waiting_post(session, desk.now(), limit)]
    done = 0
    for attempts in _read_ahead(desk, reader, [posts[i : i + GROUP] for i in range(0, len(posts), GROUP)]):
        done += _settle(desk, attempts)
    return done


def _read_ahead(desk: Desk, reader: Reader, groups: Sequence[Sequence[int]]) -> Iterator[list[Attempt]]:
    """Read the next group, in the reader's own process, while the caller settles one; then clear up after it."""
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as ahead:
        pending = [ahead.submit(_read_group, desk, reader, group) for group in groups[:1]]
        try:
            for group in (*groups[1:], ()):
                attempts = pending[0].result() if pending else []
                pending.append(ahead.submit(_read_group, desk, reader, group))
                yield attempts
                _discard(reader, pending.pop(0).result())
        finally:
            for unfinished in pending:
                if unfinished.exception() is None:
                    _discard(reader, unfinished.result())


def _discard(reader: Reader, attempts: list[Attempt]) -> None:
    for attempt in attempts:
        if attempt.reading is not None:
            reader.discard(attempt.reading)


def _read_group(desk: Desk, reader: Reader, post_ids: Sequence[int]) -> list[Attempt]:
    attempts: list[Attempt] = []
    try:
        with reading(desk.engine) as session:
            mails = stored_mails(session, post_ids)
        for mail in mails:
            attempts.append(_read(desk, reader, mail))  # noqa: PERF401 - what was read is cleared up after a fault
    except BaseException:
        _discard(reader, attempts)
        raise
    return attempts


def _read(desk: Desk, reader: Reader, mail: StoredMail) -> Attempt:
    whole = mail.held >= mail.size
    try:
        if mail.held <= IN_MEMORY:
            with reading(desk.engine) as session:
                raw = read_all(session, mail.sha256)
            return Attempt(mail.post_id, whole, reader.read(raw))
        with NamedTemporaryFile(prefix="foidesk-") as spool:
            with reading(desk.engine) as session:
                write_out(session, mail.sha256, Path(spool.name))
            return Attempt(mail.post_id, whole, reader.read(Path(spool.name)))
    except Exception as error:
        if _is_the_machines(error):
            raise
        return Attempt(mail.post_id, whole, None, type(error).__name__)


def _is_the_machines(error: Exception) -> bool:
    return isinstance(error, DatabaseUnavailable) or (isinstance(error, OSError) and error.errno in MACHINE)


def _settle(desk: Desk, attempts: list[Attempt]) -> int:
    with transaction(desk.engine) as session:
        take_turn(session)
        waiting = lock_waiting(session, [attempt.post_id for attempt in attempts])
        for attempt in attempts:
            if attempt.post_id in waiting:
                _settle_one(session, desk, waiting[attempt.post_id], attempt)
    return len(waiting)


def _settle_one(session: Session, desk: Desk, post: Post, attempt: Attempt) -> None:
    fault = attempt.fault
    if attempt.reading is not None:
        try:
            with savepoint(session):
                _receive(session, desk, post, attempt.reading, whole=attempt.whole)
            return
        except Exception as error:
            if _is_the_machines(error):
                raise
            fault = type(error).__name__
    _note_fault(session, desk, post, fault)


def _receive(session: Session, desk: Desk, post: Post, read: Reading, *, whole: bool) -> None:
    message = read.message
    if isinstance(message, IncomingMessage):
        keep_all(session, [Path(file.spool) for file in message.attachments])
    if not whole:
        message = Unreadable(HEADER_ONLY, message.subject, message.sender, message.message_id)
    receive(session, desk, post, message, read.content_key, at=desk.now())


def _note_fault(session: Session, desk: Desk, post: Post, fault: str) -> None:
    # The class only: the text of the exception may hold a requester's words.
    log.error("mail %d could not be taken in: %s (attempt %d)", post.id, fault, post.attempts + 1)
    if post.attempts < len(PAUSES):
        post.next_try_at = desk.now() + PAUSES[post.attempts]
    else:
        post.state, post.reason, post.next_try_at = QUARANTINED, UNREAD.format(fault=fault), None
    post.attempts += 1
    session.add(post)
    session.flush()

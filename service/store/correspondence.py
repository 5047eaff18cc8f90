"""Post in, its messages and their files, and the outbox."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, or_, select

from service.domain.message import Attachment
from service.errors import DeskError
from service.store.group import ask, learn, learnt
from service.store.rows import add_row, add_values, new_row
from service.store.tables import AttachedFile, Case, Letter, Message, MessageBody, Post

STORED, FILED, DUPLICATE, QUARANTINED, DISMISSED, BEFORE = (
    "stored",
    "filed",
    "duplicate",
    "quarantined",
    "dismissed",
    "before",
)
SETTLED = (FILED, DUPLICATE, DISMISSED)
QUEUED, SENDING, RETRY, UNCERTAIN, SENT, FAILED = "queued", "sending", "retry", "uncertain", "sent", "failed"
COPIES = "copies"  # what a group has learnt of content it may hold


class NoSuchPost(DeskError):
    """There is no mail number {post_id} on the desk."""


def known_uids(session: Session, account: str, folder: str, uidvalidity: int, since: int = 0) -> set[int]:
    """The UIDs of a folder, from `since`, that we have already taken in."""
    query = select(Post.uid).where(
        col(Post.account) == account,
        col(Post.folder) == folder,
        col(Post.uidvalidity) == uidvalidity,
        col(Post.uid) >= since,
    )
    return set(session.exec(query))


def post_to_move(session: Session, account: str, folder: str, uidvalidity: int, limit: int) -> Sequence[Post]:
    """Settled mails that still lie in the folder they came to."""
    query = (
        select(Post)
        .where(
            col(Post.account) == account,
            col(Post.folder) == folder,
            col(Post.uidvalidity) == uidvalidity,
            col(Post.place) == "here",
            col(Post.state).in_(SETTLED),
        )
        .order_by(col(Post.uid))
        .limit(limit)
    )
    return session.exec(query).all()


def post_by_id(session: Session, post_id: int) -> Post:
    """One mail in; raises NoSuchPost."""
    post = session.get(Post, post_id)
    if post is None:
        raise NoSuchPost(post_id=post_id)
    return post


def have_post(session: Session, post: Post) -> Message | None:
    """Have a mail in to oneself until the transaction ends, and know it as it is now; its message, if it has one.

    Two people, or a person and the desk, may sort the same mail at once.
    """
    session.flush()
    session.get_one(Post, post.id, with_for_update=True, populate_existing=True)
    query = select(Message).where(col(Message.post_id) == post.id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def posts_by_id(session: Session, post_ids: Collection[int]) -> dict[int, Post]:
    """Several mails in by their keys."""
    return {post.id: post for post in session.exec(select(Post).where(col(Post.id).in_(list(post_ids))))}


@dataclass(frozen=True, slots=True)
class Copy:
    """Where an earlier delivery of a mail is."""

    post_id: int
    case_id: int | None


SAME_CONTENT = (
    select(Post.content_key, Post.id, Post.case_id)
    .where(col(Post.content_key).in_(bindparam("keys", expanding=True)), col(Post.state) != STORED)
    .order_by(col(Post.id).desc())
)


def same_content(session: Session, post: Post, content_key: str) -> Copy | None:
    """The earliest mail with the same content, already read."""
    held: dict[str, Copy | None] | None = learnt(session, COPIES)
    if held is None or content_key not in held:
        held = _held(session, [content_key], but=post.id)
    return held[content_key]


def look_for_copies(session: Session, content_keys: Sequence[str]) -> None:
    """Learn at once, for a group of mails not yet read, which of them are held already."""
    learn(session, COPIES, _held(session, content_keys))


def note_content(session: Session, content_key: str, copy: Copy) -> None:
    """A mail has been read: the next of its content is a copy of it."""
    held = learnt(session, COPIES)
    if held is not None and held.get(content_key) is None:
        held[content_key] = copy


def _held(session: Session, content_keys: Sequence[str], but: int | None = None) -> dict[str, Copy | None]:
    found = ask(session, SAME_CONTENT, {"keys": list(content_keys)})
    return dict.fromkeys(content_keys) | {key: Copy(post, case) for key, post, case in found if post != but}


def waiting_ids(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The numbers of stored mails still to be read, oldest first, those whose next try is later left out."""
    query = (
        select(Post.id)
        .where(col(Post.state) == STORED, or_(col(Post.next_try_at).is_(None), col(Post.next_try_at) <= now))
        .order_by(col(Post.received_at), col(Post.id))
        .limit(limit)
    )
    return session.exec(query).all()


def keep_message(session: Session, message: Message, text: str, html: str, files: Sequence[Attachment]) -> Message:
    """Add a message with its words and its files, whose bytes must be held already."""
    message.files = len(files)
    add_row(session, message)
    add_values(session, MessageBody, message_id=message.id, text=text, html=html)
    rows = [_file_row(message.id, position, file) for position, file in enumerate(files)]
    for row in rows:
        add_values(session, AttachedFile, **row)
    learn(session, (AttachedFile, message.id), [new_row(AttachedFile, **row) for row in rows])
    return message


def _file_row(message_id: int, position: int, file: Attachment) -> dict[str, object]:
    return {
        "message_id": message_id,
        "position": position,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }


def messages_of_case(session: Session, case_id: int) -> Sequence[Message]:
    """A case's messages, oldest first."""
    return session.exec(
        select(Message).where(col(Message.case_id) == case_id).order_by(col(Message.at), col(Message.id))
    ).all()


@dataclass(frozen=True, slots=True)
class Piece:
    """A mail or a letter of a case, by its key, and when it was; `came_in` for a mail that others sent."""

    id: int
    at: datetime
    is_letter: bool = False
    came_in: bool = False


def mail_times(session: Session, case_id: int) -> list[Piece]:
    """When each mail of a case was, oldest first."""
    query = select(Message.id, Message.at, Message.direction).where(col(Message.case_id) == case_id)
    rows = session.exec(query.order_by(col(Message.at), col(Message.id)))
    return [Piece(key, at, came_in=direction == "in") for key, at, direction in rows]


def letter_times(session: Session, case_id: int, *, but: Collection[str]) -> list[Piece]:
    """When each letter of a case was written, oldest first, `but` for some kinds."""
    query = select(Letter.id, Letter.created_at).where(col(Letter.case_id) == case_id, col(Letter.kind).not_in(but))
    rows = session.exec(query.order_by(col(Letter.created_at), col(Letter.id)))
    return [Piece(key, at, is_letter=True) for key, at in rows]


def has_letters(session: Session) -> bool:
    """Whether the desk has ever written a letter."""
    return session.exec(select(Letter.id).limit(1)).first() is not None


def was_written_to(session: Session, case: Case, *, but: Collection[str]) -> bool:
    """Whether a letter, `but` for some kinds, or a mail sent by hand went to a case's requester."""
    letter = select(Letter.id).where(
        col(Letter.case_id) == case.id,
        col(Letter.recipient_key) == case.requester_key,
        col(Letter.kind).not_in(but),
        col(Letter.bounced_at).is_(None),
    )
    mail = select(Message.id).where(col(Message.case_id) == case.id, col(Message.direction) == "out")
    return session.exec(letter.limit(1)).first() is not None or session.exec(mail.limit(1)).first() is not None


def messages_by_id(session: Session, message_ids: Collection[int]) -> Sequence[tuple[Message, MessageBody]]:
    """Some messages with their words, oldest first."""
    if not message_ids:
        return []
    # Were a mail's words not there, the page must fail: an inner join would leave the mail out in silence.
    query = select(Message, MessageBody).join(MessageBody, col(MessageBody.message_id) == col(Message.id), isouter=True)
    query = query.where(col(Message.id).in_(message_ids))
    return session.exec(query.order_by(col(Message.at), col(Message.id))).all()


def letters_by_id(session: Session, letter_ids: Collection[int]) -> Sequence[Letter]:
    """Some letters of ours, oldest first."""
    if not letter_ids:
        return []
    query = select(Letter).where(col(Letter.id).in_(letter_ids))
    return session.exec(query.order_by(col(Letter.created_at), col(Letter.id))).all()


def message_of_post(session: Session, post_id: int) -> Message | None:
    """What a mail was read as, when it could be."""
    return session.exec(select(Message).where(col(Message.post_id) == post_id)).first()


def body_of(session: Session, message_id: int) -> MessageBody:
    """A message's words."""
    return session.get_one(MessageBody, message_id)


def files_of(session: Session, message_ids: Iterable[int]) -> Sequence[AttachedFile]:
    """The files of some messages, in their order."""
    keys = list(message_ids)
    if not keys:
        return []
    query = select(AttachedFile).where(col(AttachedFile.message_id).in_(keys))
    return session.exec(query.order_by(col(AttachedFile.message_id), col(AttachedFile.position))).all()


def files_of_new(session: Session, message_id: int) -> Sequence[AttachedFile]:
    """The files of one message, which a group has just kept, for reading only."""
    kept: Sequence[AttachedFile] | None = learnt(session, (AttachedFile, message_id))
    return kept if kept is not None else files_of(session, [message_id])


def attached_file(session: Session, message_id: int, position: int) -> AttachedFile | None:
    """One file of a message."""
    return session.get(AttachedFile, (message_id, position))


def letters_named(session: Session, message_ids: Sequence[str]) -> Sequence[Letter]:
    """Letters of ours with one of these Message-IDs."""
    names = list(message_ids)
    return session.exec(select(Letter).where(col(Letter.message_id).in_(names))).all() if names else []


def messages_named(session: Session, message_ids: Sequence[str]) -> Sequence[Message]:
    """Messages on a case with one of these Message-IDs."""
    if not message_ids:
        return ()
    names = list(message_ids)
    query = select(Message).where(col(Message.message_id).in_(names), col(Message.case_id).is_not(None))
    return session.exec(query).all() if names else []


def parties(session: Session, case_id: int) -> set[str]:
    """Of a case, case-folded: its requester's address, those that mail on it came from, those its letters went to."""
    asked = session.exec(select(Case.requester_key).where(col(Case.id) == case_id))
    wrote = session.exec(select(Message.sender_address).where(col(Message.case_id) == case_id))
    got = session.exec(select(Letter.recipient_key).where(col(Letter.case_id) == case_id))
    return {address.casefold() for address in (*asked, *wrote, *got) if address}


def add_letter(session: Session, letter: Letter) -> Letter:
    """Put a letter into the outbox."""
    written: Written | None = learnt(session, (Letter, letter.kind))
    if written is not None:
        written.to_one[letter.recipient_key] += 1
        written.in_all += 1
    return add_row(session, letter)


def letter_by_id(session: Session, letter_id: int) -> Letter | None:
    """A letter of ours."""
    return session.get(Letter, letter_id)


def letters_of_case(session: Session, case_id: int) -> Sequence[Letter]:
    """A case's letters, oldest first."""
    return session.exec(
        select(Letter).where(col(Letter.case_id) == case_id).order_by(col(Letter.created_at), col(Letter.id))
    ).all()


LETTERS_SINCE = (
    select(Letter.recipient_key, func.count(), func.count().filter(col(Letter.created_at) >= bindparam("hour")))
    .where(col(Letter.kind) == bindparam("kind"), col(Letter.created_at) >= bindparam("day"))
    .group_by(col(Letter.recipient_key))
)


@dataclass(slots=True)
class Written:
    """How many letters of a kind were written: to each address since `day`, and in all since `hour`."""

    hour: datetime
    day: datetime
    to_one: Counter[str]
    in_all: int


def letters_on(session: Session, case_id: int, kind: str, *, since: datetime) -> int:
    """How many letters of a kind were written on a case after an instant."""
    wanted = (col(Letter.case_id) == case_id, col(Letter.kind) == kind, col(Letter.created_at) > since)
    return session.exec(select(func.count()).select_from(Letter).where(*wanted)).one()


def letters_since(session: Session, kind: str, hour: datetime, day: datetime, recipient_key: str) -> tuple[int, int]:
    """How many letters of a kind were written since `day` to one address, and how many in all since `hour`."""
    written: Written | None = learnt(session, (Letter, kind))
    if written is None or (written.hour, written.day) != (hour, day):
        written = learn(session, (Letter, kind), _written(session, kind, hour, day))
    return written.to_one[recipient_key], written.in_all


def _written(session: Session, kind: str, hour: datetime, day: datetime) -> Written:
    found = ask(session, LETTERS_SINCE, {"kind": kind, "hour": hour, "day": day}).all()
    return Written(hour, day, Counter({row[0]: row[1] for row in found}), sum(row[2] for row in found))


def letters_in(session: Session, state: str) -> Sequence[Letter]:
    """All letters in a state, oldest first."""
    return session.exec(select(Letter).where(col(Letter.state) == state).order_by(col(Letter.id))).all()


def oldest_waiting(session: Session) -> datetime | None:
    """When the oldest mail that is stored but not read came in."""
    return session.exec(select(func.min(col(Post.received_at))).where(col(Post.state) == STORED)).one()


def post_by_place(session: Session, account: str, folder: str, uidvalidity: int, uid: int) -> Post | None:
    """The mail that was taken in from a place, if it was."""
    query = select(Post).where(
        col(Post.account) == account,
        col(Post.folder) == folder,
        col(Post.uidvalidity) == uidvalidity,
        col(Post.uid) == uid,
    )
    return session.exec(query).first()

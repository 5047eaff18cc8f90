"""Post in, its messages and their files, and the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, or_, select

from service.domain.message import Attachment
from service.errors import DeskError
from service.store.rows import add_row, add_values
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
UNSENT = (QUEUED, RETRY, SENDING, UNCERTAIN)


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


def waiting_post(session: Session, now: datetime, limit: int) -> Sequence[Post]:
    """Stored mails still to be read, oldest first, those whose next try is later left out."""
    query = (
        select(Post)
        .where(col(Post.state) == STORED, or_(col(Post.next_try_at).is_(None), col(Post.next_try_at) <= now))
        .order_by(col(Post.received_at), col(Post.id))
        .limit(limit)
    )
    return session.exec(query).all()


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


@dataclass(frozen=True, slots=True)
class Copy:
    """Where an earlier delivery of a mail is."""

    post_id: int
    case_id: int | None


SAME_CONTENT = (
    select(Post.id, Post.case_id)
    .where(col(Post.content_key) == bindparam("key"), col(Post.id) != bindparam("post"), col(Post.state) != STORED)
    .order_by(col(Post.id))
    .limit(1)
)


def same_content(session: Session, post: Post, content_key: str) -> Copy | None:
    """An earlier mail with the same content, already read."""
    row = session.connection().execute(SAME_CONTENT, {"key": content_key, "post": post.id}).first()
    return Copy(*row) if row else None


def count_post(session: Session, state: str) -> int:
    """How many mails in are in a state."""
    return session.exec(select(func.count()).select_from(Post).where(col(Post.state) == state)).one()


def keep_message(session: Session, message: Message, text: str, html: str, files: Sequence[Attachment]) -> Message:
    """Add a message with its words and its files, whose bytes must be held already."""
    message.files = len(files)
    add_row(session, message)
    add_values(session, MessageBody, message_id=message.id, text=text, html=html)
    for position, file in enumerate(files):
        add_values(
            session,
            AttachedFile,
            message_id=message.id,
            position=position,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
        )
    return message


def messages_of_case(session: Session, case_id: int) -> Sequence[Message]:
    """A case's messages, oldest first."""
    return session.exec(
        select(Message).where(col(Message.case_id) == case_id).order_by(col(Message.at), col(Message.id))
    ).all()


def message_of_post(session: Session, post_id: int) -> Message | None:
    """What a mail was read as, when it could be."""
    return session.exec(select(Message).where(col(Message.post_id) == post_id)).first()


def body_of(session: Session, message_id: int) -> MessageBody:
    """A message's words."""
    return session.get_one(MessageBody, message_id)


def files_of(session: Session, message_ids: Iterable[int]) -> Sequence[AttachedFile]:
    """The files of some messages, in their order."""
    query = select(AttachedFile).where(col(AttachedFile.message_id).in_(list(message_ids)))
    return session.exec(query.order_by(col(AttachedFile.message_id), col(AttachedFile.position))).all()


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
    select(
        func.count().filter(col(Letter.recipient_key) == bindparam("recipient")),
        func.count().filter(col(Letter.created_at) >= bindparam("hour")),
    )
    .select_from(Letter)
    .where(col(Letter.kind) == bindparam("kind"), col(Letter.created_at) >= bindparam("day"))
)


def letters_since(session: Session, kind: str, hour: datetime, day: datetime, recipient_key: str) -> tuple[int, int]:
    """How many letters of a kind were written since `day` to one address, and how many in all since `hour`."""
    given = {"kind": kind, "hour": hour, "day": day, "recipient": recipient_key}
    to_one, in_all = session.connection().execute(LETTERS_SINCE, given).one()
    return to_one, in_all


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

"""Mail that was sent by hand: copies of it, the questions whether it was our answer, and letters we never saw."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from service.domain.sent_answer import AnswerState
from service.errors import DeskError
from service.store.cases import is_open
from service.store.correspondence import BEFORE, QUARANTINED, Copy
from service.store.rows import add_row, add_values
from service.store.tables import Case, Letter, Message, Post, SentAnswer, UnseenLetter

OWN, IGNORED, UNSURE = "sent by the desk", "sent to others", "sent, which case"  # states of mail in a Sent folder
SENT_BY_HAND = ("out", "internal")  # directions of a message


class NoSuchSentMail(DeskError):
    """There is no such mail on this case that was sent by hand."""


def messages_by_id(session: Session, message_id: str, sender: str) -> Sequence[Message]:
    """Messages of one sender with a Message-ID, on a case or not, oldest first."""
    if not message_id or message_id.endswith("@no-message-id.invalid>"):
        return ()
    query = select(Message).where(
        col(Message.message_id) == message_id, func.lower(col(Message.sender_address)) == sender
    )
    return session.exec(query.order_by(col(Message.id))).all()


def sent_copy(session: Session, message_id: str, sender: str) -> Copy | None:
    """Where a mail is that lies in a Sent folder and was filed from there."""
    for message in messages_by_id(session, message_id, sender):
        if message.direction in SENT_BY_HAND and message.post_id is not None:
            return Copy(message.post_id, message.case_id)
    return None


def open_cases_of(session: Session, addresses: Iterable[str]) -> Sequence[Case]:
    """The open cases of requesters with one of these addresses, case-folded, the newest first."""
    keys = list(addresses)
    if not keys:
        return ()
    query = select(Case).where(col(Case.requester_key).in_(keys), is_open())
    return session.exec(query.order_by(col(Case.id).desc())).all()


def cases_with_keys(session: Session, case_ids: Iterable[int]) -> list[Case]:
    """Cases by their keys, in that order, each once."""
    wanted = list(dict.fromkeys(case_ids))
    found = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(wanted)))} if wanted else {}
    return [found[key] for key in wanted if key in found]


def uids_with_states(session: Session, account: str, folder: str, uidvalidity: int, since: int) -> set[int]:
    """The UIDs of a folder, from `since`, of which we know what they are; not those to be looked at again."""
    query = select(Post.uid).where(
        col(Post.account) == account,
        col(Post.folder) == folder,
        col(Post.uidvalidity) == uidvalidity,
        col(Post.uid) >= since,
    )
    return set(session.exec(query))


def ignored_to_look_at(
    session: Session, account: str, folder: str, uidvalidity: int, now: datetime, limit: int
) -> dict[int, Post]:
    """Mails that matched no case when they were looked at, and whose next look is due, by UID."""
    query = select(Post).where(
        col(Post.state) == IGNORED,
        col(Post.next_try_at) <= now,
        col(Post.account) == account,
        col(Post.folder) == folder,
        col(Post.uidvalidity) == uidvalidity,
    )
    return {post.uid: post for post in session.exec(query.order_by(col(Post.uid)).limit(limit))}


def note_look(session: Session, post_ids: Sequence[int], next_try_at: datetime | None) -> None:
    """Mails still match no case: when to look again, if at all."""
    looked = update(Post).where(col(Post.id).in_(list(post_ids)), col(Post.state) == IGNORED)
    session.execute(looked.values(next_try_at=next_try_at, attempts=col(Post.attempts) + 1))


def note_taken(session: Session, post_id: int, **values: object) -> None:
    """A mail that was ignored matches a case after all: its bytes are here now."""
    session.execute(update(Post).where(col(Post.id) == post_id, col(Post.state) == IGNORED).values(**values))


def count_sent(session: Session, account: str, folder: str, since: datetime | None = None) -> dict[str, int]:
    """How many mails of a Sent folder are in each state; those from before it was watched are left out."""
    query = select(Post.state, func.count()).where(
        col(Post.account) == account, col(Post.folder) == folder, col(Post.sent), col(Post.state) != BEFORE
    )
    if since is not None:
        query = query.where(col(Post.received_at) >= since)
    return dict(session.exec(query.group_by(col(Post.state))).all())


def unsure_post(session: Session, limit: int = 200) -> Sequence[Post]:
    """Sent mails of which a person must say to which case they belong, oldest first."""
    waits = col(Post.state).in_((UNSURE, QUARANTINED))
    return session.exec(
        select(Post).where(col(Post.sent), waits).order_by(col(Post.received_at), col(Post.id)).limit(limit)
    ).all()


def add_answer(session: Session, answer: SentAnswer) -> SentAnswer:
    """Raise the question whether a mail was our answer."""
    return add_row(session, answer)


def answers_of(session: Session, case_id: int) -> Mapping[int, SentAnswer]:
    """The mails sent by hand to a case's requester, by their message."""
    found = session.exec(select(SentAnswer).where(col(SentAnswer.case_id) == case_id))
    return {answer.message_id: answer for answer in found}


def lock_answer(session: Session, case_id: int, message_id: int) -> SentAnswer:
    """One of them, locked until the transaction ends; raises NoSuchSentMail."""
    query = select(SentAnswer).where(col(SentAnswer.message_id) == message_id, col(SentAnswer.case_id) == case_id)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchSentMail
    return found


def asked_answers(
    session: Session, limit: int = 200, *, owner_id: int | None = None
) -> list[tuple[SentAnswer, Message, Case]]:
    """The questions that wait for a decision, of open cases or of those of an owner, the longest sent first."""
    query = (
        select(SentAnswer, Message, Case)
        .join(Message, col(Message.id) == col(SentAnswer.message_id))
        .join(Case, col(Case.id) == col(SentAnswer.case_id))
        .where(col(SentAnswer.state) == AnswerState.ASKED.value, is_open())
    )
    if owner_id is not None:
        query = query.where(col(Case.owner_id) == owner_id)
    rows = session.exec(query.order_by(col(SentAnswer.sent_at), col(SentAnswer.message_id)).limit(limit))
    return [(answer, message, case) for answer, message, case in rows]


def unchecked_answers(session: Session, limit: int) -> Sequence[SentAnswer]:
    """Mails that the letter checker has not read yet, oldest first."""
    query = select(SentAnswer).where(col(SentAnswer.checked_at).is_(None)).order_by(col(SentAnswer.message_id))
    return session.exec(query.limit(limit)).all()


def known_ids(session: Session, message_ids: Sequence[str]) -> set[str]:
    """Those of some Message-IDs that a mail or letter we hold has."""
    if not message_ids:
        return set()
    names = list(message_ids)
    held = session.exec(select(Message.message_id).where(col(Message.message_id).in_(names)))
    ours = session.exec(select(Letter.message_id).where(col(Letter.message_id).in_(names)))
    return {*held, *ours}


def note_unseen(session: Session, message_id: str, case_id: int, answered_at: datetime) -> None:
    """A mail on a case answers a letter that we have never seen."""
    if session.get(UnseenLetter, message_id) is None:
        add_values(session, UnseenLetter, message_id=message_id, case_id=case_id, answered_at=answered_at)


def count_unseen(session: Session, since: datetime) -> int:
    """How many letters answered since some instant we have still not seen."""
    query = select(UnseenLetter.message_id).where(col(UnseenLetter.answered_at) >= since)
    names = session.exec(query.limit(1000)).all()
    return len(set(names) - known_ids(session, names))

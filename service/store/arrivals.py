"""Post as it comes in: a place in the mailbox is noted once, its mail is read by one process at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from service.store.correspondence import STORED
from service.store.rows import table_of
from service.store.tables import Post, StoredBytes

NOTED = [column.key for column in table_of(Post).c if column.key != "id"]
TURN = 0x464F49_0002  # any number will do, as long as nothing else of ours locks it


@dataclass(frozen=True, slots=True)
class StoredMail:
    """Where a mail's bytes lie: `held` of its `size` are here, fewer where only the header was fetched."""

    post_id: int
    sha256: str
    size: int
    held: int


def add_arrivals(session: Session, posts: Sequence[Post]) -> int:
    """Note mails of one folder by their places; returns how many of the places were not noted already."""
    if not posts:
        return 0
    # Row by row: in one statement a thousand values would take longer to number than to store.
    places = [{name: post.__dict__[name] for name in NOTED} for post in posts]
    return session.connection().execute(_note_place(session.get_bind().dialect.name), places).rowcount


@cache
def _note_place(dialect: str) -> Executable:
    kind: Any = postgresql if dialect == "postgresql" else sqlite
    new: Executable = kind.insert(table_of(Post)).on_conflict_do_nothing().inline()
    return new.execution_options(preserve_rowcount=True)


def stored_mails(session: Session, post_ids: Sequence[int]) -> list[StoredMail]:
    """Where the bytes of mails lie, in the same order."""
    query = select(Post.id, StoredBytes.sha256, Post.size, StoredBytes.size)
    held = query.join(StoredBytes, col(StoredBytes.sha256) == col(Post.sha256)).where(col(Post.id).in_(post_ids))
    found = {row[0]: StoredMail(*row) for row in session.exec(held)}
    return [found[post_id] for post_id in post_ids if post_id in found]


def take_turn(session: Session) -> None:
    """Wait until no other transaction is reading post, until the end of this one.

    Two processes reading two copies of one mail at the same time would not see each other's, and open two cases.
    """
    if session.get_bind().dialect.name == "postgresql":  # an SQLite transaction has the whole database to itself
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def lock_waiting(session: Session, post_ids: Sequence[int]) -> dict[int, Post]:
    """Stored mails by their number, locked until the transaction's end; not those that have been read meanwhile."""
    query = select(Post).where(col(Post.id).in_(post_ids), col(Post.state) == STORED).order_by(col(Post.id))
    return {post.id: post for post in session.exec(query.with_for_update().execution_options(populate_existing=True))}


def note_place(session: Session, post_ids: Iterable[int], place: str) -> None:
    """Note that mails have left the folder they came to: "moved" by us or "gone" by another's hand."""
    session.execute(update(Post).where(col(Post.id).in_(list(post_ids))).values(place=place))

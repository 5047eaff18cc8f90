"""Post as it comes in: a place in the mailbox is noted once, its mail is read by one process at a time."""

from collections.abc import Iterable

from sqlalchemy import text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from service.store.correspondence import STORED
from service.store.tables import Post

TURN = 0x464F49_0002  # any number will do, as long as nothing else of ours locks it


def add_arrival(session: Session, post: Post) -> bool:
    """Note a mail by its place (account, folder, uidvalidity, uid); False when the place is noted already."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Post).values(**post.model_dump(exclude={"id"})).on_conflict_do_nothing()
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def take_turn(session: Session) -> None:
    """Wait until no other transaction is reading post, until the end of this one.

    Two processes reading two copies of one mail at the same time would not see each other's, and open two cases.
    """
    if session.get_bind().dialect.name == "postgresql":  # an SQLite transaction has the whole database to itself
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def lock_waiting(session: Session, post_id: int) -> Post | None:
    """A stored mail, locked until the transaction's end; None when somebody has read it in the meantime."""
    query = select(Post).where(col(Post.id) == post_id, col(Post.state) == STORED).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def note_place(session: Session, post_ids: Iterable[int], place: str) -> None:
    """Note that mails have left the folder they came to: "moved" by us or "gone" by another's hand."""
    session.execute(update(Post).where(col(Post.id).in_(list(post_ids))).values(place=place))

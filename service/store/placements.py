"""Where mail lies in the shared mailbox: the folders, each mail's place, and what people moved."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, delete, or_, text, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from service.domain.kind import CHANGING, Kind
from service.domain.whereabouts import Copy, Held, Place, State
from service.store.correspondence import BEFORE, DUPLICATE, QUARANTINED, SETTLED, STORED
from service.store.tables import Event, FilingState, MailboxMove, PlacedCopy, Placement, Post, WatchedFolder

# The very words of the partial indexes, which no parameter would match.
_NOT_PLACED = text("place = 'here' AND state <> 'before'")
_UNSETTLED = text("(state IN ('moving', 'missing') OR (state = 'here' AND uid IS NULL))")
HERE, WATCHED, MOVED, GONE = "here", "watched", "moved", "gone"  # Post.place
PLACED = (*SETTLED, QUARANTINED)
_UNJUDGED = text("NOT judged")
Value = TypeVar("Value")
AT_ONCE = 500  # numbers in one question; SQLite takes no more than some thousands


def filing_state(session: Session, account: str) -> FilingState:
    """How the filing of a mailbox stands; a new row, not yet written, when it was never filed."""
    return session.get(FilingState, account) or FilingState(account=account)


def watched_folders(session: Session, account: str) -> dict[str, WatchedFolder]:
    """The folders of a mailbox by their path, as they last showed themselves."""
    rows = session.exec(select(WatchedFolder).where(col(WatchedFolder.account) == account))
    return {row.path: row for row in rows}


def replace_folders(session: Session, account: str, rows: Sequence[WatchedFolder]) -> None:
    """The folders of a mailbox are now these."""
    known = watched_folders(session, account)
    kept = {row.path for row in rows}
    for path in known.keys() - kept:
        session.delete(known[path])
    for row in rows:
        session.merge(row)
    session.flush()


def rename_folder(session: Session, account: str, before: str, now: str) -> None:
    """What was remembered of a folder under one path is now remembered under another, which is its name too."""
    lying, copied = col(Placement.account) == account, col(PlacedCopy.account) == account
    session.execute(update(Placement).where(lying, col(Placement.folder) == before).values(folder=now))
    session.execute(update(Placement).where(lying, col(Placement.to_folder) == before).values(to_folder=now))
    session.execute(update(PlacedCopy).where(copied, col(PlacedCopy.folder) == before).values(folder=now))
    row = session.get_one(WatchedFolder, (account, before))
    session.add(WatchedFolder(**row.model_dump() | {"path": now, "name": now}))
    session.delete(row)
    session.flush()


def unplaced_posts(session: Session, account: str, root: str, limit: int) -> Sequence[Post]:
    """Settled mails, and those that need a person, of which no place is remembered yet.

    Of mail that was sent by hand, that in a folder below the desk's `root`: a Sent folder is nobody's to file into.
    """
    filed = and_(col(Post.folder).startswith(f"{root}/", autoescape=True), col(Post.state).in_(SETTLED))
    query = select(Post).where(_NOT_PLACED, or_(~col(Post.sent), filed), col(Post.account) == account)
    return session.exec(query.where(col(Post.state).in_(PLACED)).order_by(col(Post.id)).limit(limit)).all()


def placements(session: Session, post_ids: Iterable[int]) -> dict[int, Placement]:
    """What is remembered of the places of some mails."""
    found: dict[int, Placement] = {}
    for some in _some(post_ids):
        rows = session.exec(select(Placement).where(col(Placement.post_id).in_(some)))
        found.update({row.post_id: row for row in rows})
    return found


def placements_in(session: Session, account: str, folders: Iterable[str]) -> list[Placement]:
    """The mails that are remembered to lie in some folders, those among them that are gone left out."""
    query = select(Placement).where(col(Placement.account) == account, col(Placement.folder).in_(list(folders)))
    return list(session.exec(query.where(col(Placement.state) != State.GONE.value)))


def unsettled(session: Session, account: str) -> list[Placement]:
    """The mails that we are moving, that are missing, or of which only the folder is known."""
    return list(session.exec(select(Placement).where(_UNSETTLED, col(Placement.account) == account)))


def copies(session: Session, account: str, folders: Iterable[str], post_ids: Iterable[int]) -> list[Copy]:
    """The copies that people made in some folders, and those of some mails."""
    found: set[Copy] = set()
    for some in _some(post_ids):
        found |= _copies(session, account, col(PlacedCopy.post_id).in_(some))
    for names in _some(folders):
        found |= _copies(session, account, col(PlacedCopy.folder).in_(names))
    return sorted(found, key=lambda copy: (copy.place.folder, copy.place.uid or 0))


def _copies(session: Session, account: str, which: ColumnElement[bool]) -> set[Copy]:
    rows = session.exec(select(PlacedCopy).where(col(PlacedCopy.account) == account, which))
    return {Copy(row.post_id, Place(row.folder, row.uidvalidity, row.uid)) for row in rows}


def held(row: Placement) -> Held:
    """A placement as the domain reads it."""
    return Held(row.post_id, Place(row.folder, row.uidvalidity, row.uid), State(row.state), row.to_folder)


def remember(session: Session, account: str, found: Iterable[Held]) -> None:
    """Write down where mails now lie."""
    news = list(found)
    known = placements(session, [one.post_id for one in news])
    for one in news:
        row = known.get(one.post_id) or Placement(post_id=one.post_id, account=account, folder=one.place.folder)
        row.folder, row.uidvalidity, row.uid = one.place.folder, one.place.uidvalidity, one.place.uid
        row.state, row.to_folder, row.judged = one.state.value, one.to, False
        session.add(row)
    session.flush()


def replace_copies(session: Session, account: str, before: Iterable[Copy], after: Iterable[Copy]) -> None:
    """Of the copies that were looked at, these are left."""
    old, new = set(before), set(after)
    for copy in old - new:
        place = (col(PlacedCopy.uidvalidity) == copy.place.uidvalidity, col(PlacedCopy.uid) == copy.place.uid)
        here = (col(PlacedCopy.account) == account, col(PlacedCopy.folder) == copy.place.folder)
        session.execute(delete(PlacedCopy).where(*here, *place))
    for copy in new - old:
        at = copy.place
        session.add(
            PlacedCopy(
                account=account, folder=at.folder, uidvalidity=at.uidvalidity, uid=at.uid or 0, post_id=copy.post_id
            )
        )
    session.flush()


def note_watched(session: Session, post_ids: Iterable[int], place: str = WATCHED) -> None:
    """From now on a mail's placement tells where it is; or it is `moved`, as one that another mail stands for."""
    for some in _some(post_ids):
        session.execute(update(Post).where(col(Post.id).in_(some)).values(place=place))


@dataclass(frozen=True, slots=True)
class Same:
    """A mail that another may be: its bytes and its key tell."""

    post_id: int
    message_id: str
    content_key: str
    size: int


def posts_named(session: Session, account: str, message_ids: Iterable[str]) -> list[Same]:
    """The mails of an account with one of these Message-IDs that have been read, oldest first."""
    return _same(session, account, Post.message_id, message_ids)


def posts_of_content(session: Session, account: str, content_keys: Iterable[str]) -> list[Same]:
    """The mails of an account with one of these content keys, oldest first."""
    return _same(session, account, Post.content_key, content_keys)


def _same(session: Session, account: str, column: str, values: Iterable[str]) -> list[Same]:
    found: list[Same] = []
    for some in _some(value for value in values if value):
        query = select(Post.id, Post.message_id, Post.content_key, Post.size).where(
            col(column).in_(some),
            col(Post.account) == account,
            or_(~col(Post.sent), col(Post.place) != HERE),  # else it lies in a Sent folder, nobody's to file into
            col(Post.state).not_in((STORED, BEFORE)),
            # One delivery that turned out to be an older mail come back: the older one stands for it ever after.
            ~and_(col(Post.place) == MOVED, col(Post.duplicate_of).is_not(None)),
        )
        found += [Same(*row) for row in session.exec(query.order_by(col(Post.id)))]
    return found


def twins_of(session: Session, post: Post) -> list[int]:
    """The other mails with the content of one that is a copy, oldest first; none for one that is not."""
    if post.state != DUPLICATE or not post.content_key:
        return []
    same = posts_of_content(session, post.account, [post.content_key])
    return [one.post_id for one in same if one.post_id != post.id]


def to_judge(session: Session, account: str, since: datetime | None) -> list[tuple[Placement, Post]]:
    """The mails in their places that nobody has judged to be right there, and those that something happened to since:
    to their case, or by an officer's hand."""
    new = session.exec(_settled_places(account).where(_UNJUDGED)).all()
    touched = _touched_since(session, account, since) if since is not None else []
    return [*{row.post_id: (row, post) for row, post in (*new, *touched)}.values()]


def note_judged(session: Session, rows: Iterable[Placement], right: Collection[int]) -> None:
    """Of some placements, those of the mails `right` are as they should be."""
    for row in rows:
        if row.judged != (row.post_id in right):
            row.judged = not row.judged
            session.add(row)
    session.flush()


def _touched_since(session: Session, account: str, since: datetime) -> list[tuple[Placement, Post]]:
    # One step after the other: joined, SQLite begins with all that lies in the mailbox, at every round.
    kinds = [kind.value for kind in (*CHANGING, Kind.POST_FILED)]
    cases = session.exec(select(Event.case_id).where(col(Event.recorded_at) >= since, col(Event.kind).in_(kinds)))
    posts = list(session.exec(select(Post.id).where(col(Post.settled_at) >= since)))
    for some in _some(cases):
        posts += session.exec(select(Post.id).where(col(Post.case_id).in_(some)))
    found: list[tuple[Placement, Post]] = []
    for some in _some(posts):
        found += session.exec(_settled_places(account).where(col(Placement.post_id).in_(some)))
    return found


def _settled_places(account: str) -> Select[Placement, Post]:
    here = (col(Placement.state) == State.HERE.value, col(Placement.uid).is_not(None))
    joined = select(Placement, Post).join(Post, col(Post.id) == col(Placement.post_id))
    return joined.where(col(Placement.account) == account, *here)


def add_move(session: Session, move: MailboxMove) -> MailboxMove:
    """Note what a person did in the mailbox."""
    session.add(move)
    session.flush()
    return move


def last_done(session: Session, post_id: int) -> MailboxMove | None:
    """The last of a mail's moves by which something was done, unless that was undone."""
    query = select(MailboxMove).where(
        col(MailboxMove.post_id) == post_id, col(MailboxMove.done), col(MailboxMove.act).not_in(("gone", "nothing"))
    )
    move = session.exec(query.order_by(col(MailboxMove.id).desc()).limit(1)).first()
    return None if move is None or move.undone else move


def last_move(session: Session, post_id: int) -> MailboxMove | None:
    """The last of a mail's moves, whatever came of it."""
    query = select(MailboxMove).where(col(MailboxMove.post_id) == post_id).order_by(col(MailboxMove.id).desc())
    return session.exec(query.limit(1)).first()


def undone_with_another(session: Session, case_id: int, post_id: int, since: datetime) -> bool:
    """Whether a move of another mail of a case was made and undone since an instant."""
    query = select(MailboxMove.id).where(col(MailboxMove.case_id) == case_id, col(MailboxMove.post_id) != post_id)
    found = query.where(col(MailboxMove.undone), col(MailboxMove.noticed_at) >= since).limit(1)
    return session.exec(found).first() is not None


def moves_since(session: Session, since: datetime, limit: int = 200) -> Sequence[MailboxMove]:
    """What people did in the shared mailboxes since an instant, newest first."""
    query = select(MailboxMove).where(col(MailboxMove.noticed_at) >= since)
    return session.exec(query.order_by(col(MailboxMove.id).desc()).limit(limit)).all()


def _some(values: Iterable[Value]) -> Iterable[list[Value]]:
    every = list(dict.fromkeys(values))
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))

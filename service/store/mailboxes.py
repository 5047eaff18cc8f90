"""What we know of each mail folder: from when its mail counts, and when it was last read."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, and_, case, col, func, select

from service.errors import DeskError
from service.store.correspondence import BEFORE, DISMISSED, DUPLICATE, FILED, QUARANTINED, STORED
from service.store.tables import IN_NO_LIST, Mailbox, Post

_EVERY = select(Mailbox)  # few: a row for each folder that is read


class NoSuchMailbox(DeskError):
    """The desk reads no mailbox of that name."""


def mailbox(session: Session, account: str, folder: str) -> Mailbox | None:
    """A folder we have read before, or been told to read."""
    return session.get(Mailbox, (account, folder))


def mailboxes(session: Session, places: Iterable[tuple[str, str]]) -> list[Mailbox]:
    """Those of some folders, told by account and name, whose reading has begun."""
    found = {(row.account, row.folder): row for row in session.exec(_EVERY)}
    return [found[place] for place in places if place in found]


@dataclass(frozen=True, slots=True)
class Look:
    """One look into a folder: how many mails the server listed, did not hand over, and had moved before we came."""

    uidvalidity: int
    next_uid: int | None
    listed: int
    withheld: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Where all mails are that ever came into a folder: `astray` are those in none of the other lists, which must not
    be; `before` are those from before mail counted."""

    cased: int = 0
    filed: int = 0
    quarantined: int = 0
    duplicates: int = 0
    waiting: int = 0
    before: int = 0
    astray: int = 0

    @property
    def seen(self) -> int:
        """All of them."""
        return sum(astuple(self))


_CASED = col(Post.case_id).is_not(None)
_FATE = case(
    (col(Post.state) == STORED, "waiting"),
    (col(Post.state) == BEFORE, "before"),
    (col(Post.state) == QUARANTINED, "quarantined"),
    (and_(col(Post.state) == DUPLICATE, col(Post.duplicate_of).is_not(None)), "duplicates"),
    (and_(col(Post.state) == FILED, _CASED), "cased"),
    # A request must have a case: filed without one, nobody would ever see it.
    (and_(col(Post.state) == FILED, col(Post.action).not_in(("new-case", "reply"))), "filed"),
    (col(Post.state) == DISMISSED, "filed"),
    else_="astray",
)


def tally(session: Session, account: str, folder: str) -> Tally:
    """Count up every mail of a folder, each by its UID once."""
    fate = _FATE.label("fate")
    query = select(fate, func.count()).where(col(Post.account) == account, col(Post.folder) == folder).group_by(fate)
    return Tally(**dict(session.exec(query).all()))


def count_astray(session: Session, account: str, folder: str) -> int:
    """How many mails of a folder are in no list, which must not be; the tally's last figure, without its count."""
    query = select(func.count()).select_from(Post).where(text(IN_NO_LIST))
    return session.exec(query.where(col(Post.account) == account, col(Post.folder) == folder)).one()


def note_astray(session: Session, row: Mailbox, astray: int) -> None:
    """Note how many mails of a folder are in no list."""
    row.astray = astray
    session.add(row)
    session.flush()


def note_found(session: Session, account: str, folder: str, number: int) -> None:
    """So many mails that a folder may be missing were found where somebody had filed them."""
    row = session.get_one(Mailbox, (account, folder), with_for_update=True)
    row.found += number
    session.add(row)
    session.flush()


def note_looked_for(session: Session, row: Mailbox) -> None:
    """Somebody has looked for the mails that came and left."""
    row.missed = row.found = 0
    session.add(row)
    session.flush()


def begin_mailbox(session: Session, account: str, folder: str, counts_from: datetime) -> Mailbox:
    """Begin to read a folder: mail that came before the second of `counts_from` is none of ours."""
    # A mail server tells the time of arrival in whole seconds (RFC 3501 2.3.3): the first second's mail counts too.
    row = Mailbox(account=account, folder=folder, counts_from=counts_from.replace(microsecond=0))
    session.add(row)
    session.flush()
    return row


def note_read(session: Session, row: Mailbox, look: Look, at: datetime) -> None:
    """The folder was read to its end."""
    row.uidvalidity, row.next_uid, row.read_at = look.uidvalidity, look.next_uid, at
    row.listed, row.withheld, row.missed = look.listed, look.withheld, row.missed + look.missed
    row.found = min(row.found, row.missed)  # what a rule laid into a folder by itself was never here to be missed
    row.trouble, row.trouble_since, row.next_try_at = "", None, None
    session.add(row)
    session.flush()


def note_trouble(
    session: Session, row: Mailbox, trouble: str, at: datetime, next_try_at: datetime | None = None
) -> None:
    """The folder could not be read; the first such moment is kept until it can be again."""
    row.trouble, row.trouble_since, row.next_try_at = trouble, row.trouble_since or at, next_try_at
    session.add(row)
    session.flush()

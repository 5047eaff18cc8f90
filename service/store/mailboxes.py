"""What we know of each mail folder: from when its mail counts, and when it was last read."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from service.store.tables import Mailbox


def mailbox(session: Session, account: str, folder: str) -> Mailbox | None:
    """A folder we have read before, or been told to read."""
    return session.get(Mailbox, (account, folder))


def mailboxes(session: Session) -> Sequence[Mailbox]:
    """Every folder we read."""
    return session.exec(select(Mailbox)).all()


def begin_mailbox(session: Session, account: str, folder: str, counts_from: datetime) -> Mailbox:
    """Begin to read a folder: mail that came before the second of `counts_from` is none of ours."""
    # A mail server tells the time of arrival in whole seconds (RFC 3501 2.3.3): the first second's mail counts too.
    row = Mailbox(account=account, folder=folder, counts_from=counts_from.replace(microsecond=0))
    session.add(row)
    session.flush()
    return row


def note_read(session: Session, row: Mailbox, uidvalidity: int, at: datetime) -> None:
    """The folder was read to its end."""
    row.uidvalidity, row.read_at = uidvalidity, at
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

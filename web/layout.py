"""What every page shows around its subject: counts beside the lists, when mail was last read, and trouble."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlmodel import Session

from service.desk import Desk
from service.health import troubles
from service.store.correspondence import QUARANTINED, count_post
from service.store.database import DatabaseUnavailable, reading
from service.store.forwards import count_undecided_forwards
from service.store.mailboxes import mailboxes
from service.store.sent import count_asked, count_unsure
from service.store.tables import Officer
from service.store.worklist import Selection, View, count_letters_in_trouble, count_views
from web.current import desk, officer_or_none
from web.standings import not_soon

NAMES = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.TO_CLEAR: "To clear",
    View.DUE_SOON: "Due soon",
    View.OVERDUE: "Overdue",
    View.STOPPED: "Stopped",
    View.OPEN: "All open",
    View.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The counts by view, mails to sort, forwards to confirm, sent mails of an unsure case or asked about, the
    oldest of the last reads, and sentences of trouble.

    `troubled_letters` and `uncounted_mail` say whether one of those sentences is about letters, or about such mail.
    """

    counts: dict[View, int]
    to_sort: int
    forwards: int
    unsure: int
    asked: int
    last_read: datetime | None
    troubles: tuple[str, ...]
    troubled_letters: bool
    uncounted_mail: bool

    @property
    def waiting(self) -> int:
        """How many mails wait for a person to say what they are."""
        return self.to_sort + self.forwards + self.unsure + self.asked


def surroundings(session: Session, served: Desk, officer: Officer) -> Surroundings:
    """Read what surrounds every page that this officer sees."""
    selection = Selection(View.OPEN, served.today(), not_soon(served), officer.id)
    read = mailboxes(session, served.settings.places)
    return Surroundings(
        counts=count_views(session, selection),
        to_sort=count_post(session, QUARANTINED),
        forwards=count_undecided_forwards(session),
        unsure=count_unsure(session),
        asked=count_asked(session),
        last_read=min((row.read_at for row in read if row.read_at), default=None),
        troubles=tuple(troubles(session, served, served.now())),
        troubled_letters=count_letters_in_trouble(session).total > 0,
        uncounted_mail=any(row.astray or row.withheld or row.missed for row in read),
    )


def page_words() -> dict[str, object]:
    """What every template may name."""
    served, officer = desk(), officer_or_none()
    return {
        "authority": served.settings.authority,
        "officer": officer,
        "views": NAMES,
        "around": _around(served, officer),
        "now": served.now(),
        "today": served.today(),
        "endpoint": request.endpoint or "",
    }


def _around(served: Desk, officer: Officer | None) -> Surroundings | None:
    if officer is None:
        return None
    try:
        with reading(served.engine) as session:
            return surroundings(session, served, officer)
    except DatabaseUnavailable:
        return None  # the page being made is the one that says so

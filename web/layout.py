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
from service.store.tables import Officer
from service.store.worklist import Selection, View, count_letters_in_trouble, count_views
from web.current import desk, officer_or_none
from web.navigation import NAMES, navigation
from web.standings import not_soon


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The counts by view, mails to sort, forwards to confirm, the oldest of the last reads, and sentences of trouble.

    `troubled_letters` and `uncounted_mail` say whether one of those sentences is about letters, or about such mail.
    """

    counts: dict[View, int]
    to_sort: int
    forwards: int
    last_read: datetime | None
    troubles: tuple[str, ...]
    troubled_letters: bool
    uncounted_mail: bool


def surroundings(session: Session, served: Desk, officer: Officer) -> Surroundings:
    """Read what surrounds every page that this officer sees."""
    selection = Selection(View.OPEN, served.today(), not_soon(served), officer.id)
    read = mailboxes(session, served.settings.places)
    return Surroundings(
        counts=count_views(session, selection),
        to_sort=count_post(session, QUARANTINED),
        forwards=count_undecided_forwards(session),
        last_read=min((row.read_at for row in read if row.read_at), default=None),
        troubles=tuple(troubles(session, served, served.now())),
        troubled_letters=count_letters_in_trouble(session).total > 0,
        uncounted_mail=any(row.astray or row.withheld or row.missed for row in read),
    )


def page_words() -> dict[str, object]:
    """What every template may name."""
    served, officer = desk(), officer_or_none()
    around = _around(served, officer)
    return {
        "authority": served.settings.authority,
        "officer": officer,
        "views": NAMES,
        "around": around,
        "navigation": navigation(_numbers(around)) if around else None,
        "now": served.now(),
        "today": served.today(),
        "endpoint": request.endpoint or "",
    }


def _numbers(around: Surroundings) -> dict[str, int]:
    """What is counted beside the entries of the navigation, by name."""
    by_view = {view.value: number for view, number in around.counts.items()}
    post = around.to_sort + around.forwards
    return by_view | {"to-sort": around.to_sort, "forwards": around.forwards, "post": post}


def _around(served: Desk, officer: Officer | None) -> Surroundings | None:
    if officer is None:
        return None
    try:
        with reading(served.engine) as session:
            return surroundings(session, served, officer)
    except DatabaseUnavailable:
        return None  # the page being made is the one that says so

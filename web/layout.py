"""What every page shows around its subject: counts beside the lists, when mail was last read, and trouble."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import g, request
from sqlmodel import Session

from service.desk import Desk
from service.domain.distance import from_today
from service.health import desk_troubles, letter_troubles, mailbox_overdue, read_folders
from service.store.database import DatabaseUnavailable, reading
from service.store.officers import Role
from service.store.page_counts import LetterTrouble, counts_around
from service.store.saved_lists import saved_lists
from service.store.tables import Mailbox, Officer
from service.store.worklist import Selection, View, count_each
from web.current import desk, officer_or_none
from web.filters import moment
from web.list_query import Query
from web.navigation import NAMES, navigation
from web.standings import not_soon

SHOWN = 12  # saved lists above every page; the page of saved lists has them all
UNCOUNTED = (View.CLOSED, View.EVERY)  # what grows for ever is counted on the page of saved lists only


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A saved list as it stands above every page; `count` is None for lists of closed cases."""

    id: int
    name: str
    url: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The counts by view, mails to sort, forwards to confirm, sent mails of an unsure case or asked about, letters in
    trouble, the mailboxes that are read and whether each has been unread for too long, and sentences of trouble."""

    counts: dict[View, int]
    to_sort: int
    forwards: int
    unsure: int
    asked: int
    letters: LetterTrouble
    read: Sequence[tuple[Mailbox, bool]]
    saved: Sequence[SavedLink]
    troubles: tuple[str, ...]

    @property
    def waiting(self) -> int:
        """How many mails wait for a person to say what they are."""
        return self.to_sort + self.forwards + self.unsure + self.asked

    @property
    def last_read(self) -> datetime | None:
        """The oldest of the last reads."""
        return min((row.read_at for row, _ in self.read if row.read_at), default=None)

    @property
    def read_late(self) -> bool:
        """Whether a mailbox has not been read for longer than it should."""
        return any(late for _, late in self.read)

    @property
    def uncounted_mail(self) -> bool:
        """Whether one of the sentences of trouble is about mail that the last look could not account for."""
        return any(row.astray or row.withheld or row.missing for row, _ in self.read)


def surroundings(session: Session, served: Desk, officer: Officer) -> Surroundings:
    """Read what surrounds every page that this officer sees."""
    selection = Selection(View.OPEN, served.today(), not_soon(served), officer.id)
    folders, now = read_folders(session, served), served.now()
    counted, counts = counts_around(session, selection)
    read = [
        (row, mailbox_overdue(served, row, now))
        for row in folders
        if (row.account, row.folder) in served.settings.places
    ]
    troubles = [
        *desk_troubles(session, served, folders, now, failing=counted.webhooks > 0),
        *letter_troubles(counted.letters),
    ]
    return Surroundings(
        counts=counts,
        to_sort=counted.to_sort,
        forwards=counted.forwards,
        unsure=counted.unsure,
        asked=counted.asked,
        letters=counted.letters,
        read=read,
        saved=_saved(session, served, officer),
        troubles=tuple(troubles),
    )


def _saved(session: Session, served: Desk, officer: Officer) -> list[SavedLink]:
    """The saved lists that this officer has, counted in one statement."""
    kept = saved_lists(session, officer.id)[:SHOWN]
    queries = [Query.kept(row.view, row.query, served) for row in kept]
    counted = [query for query in queries if query.view not in UNCOUNTED]
    counts = count_each(session, [query.selection(served, officer.id) for query in counted])
    numbers = dict(zip(map(id, counted), counts, strict=True))
    return [
        SavedLink(row.id, row.name, query.url(), numbers.get(id(query)))
        for row, query in zip(kept, queries, strict=True)
    ]


def mail_read(around: Surroundings) -> str:
    """When mail was last read, as the foot of every page says it."""
    if around.last_read is None:
        return "No mail has been read yet"
    return f"Mail last read {moment(around.last_read)}" + (", which is too long ago" if around.read_late else "")


def _from_today(served: Desk) -> Callable[[date, str], str]:
    """How far a day lies from today in the working days of a law, by its name."""
    return lambda day, regime: from_today(day, served.today(), served.calendars.of(regime))


def _here(served: Desk) -> str:
    """The address of the list that this page shows, written as saved lists are; empty for any other page."""
    if request.endpoint != "worklist.show":
        return ""
    return Query.read(View((request.view_args or {})["view"]), request.args, served).on_page(1).url()


def page_words() -> dict[str, object]:
    """What every template may name."""
    served, officer = desk(), officer_or_none()
    around = _around(served, officer)
    return {
        "authority": served.settings.authority,
        "officer": officer,
        "views": NAMES,
        "around": around,
        "navigation": navigation(numbers(around), Role(officer.role)) if around and officer else None,
        "now": served.now(),
        "today": served.today(),
        "endpoint": request.endpoint or "",
        "here": _here(served),
        "mail_read": mail_read,
        "from_today": _from_today(served),
        "case_mark": g.get("case_mark", ("", 0)),
    }


def numbers(around: Surroundings) -> dict[str, int]:
    """What is counted beside the entries of the navigation, by name."""
    by_view = {view.value: number for view, number in around.counts.items()}
    return by_view | {
        "to-sort": around.to_sort,
        "forwards": around.forwards,
        "asked": around.asked,
        "unsure": around.unsure,
        "post": around.waiting,
    }


def _around(served: Desk, officer: Officer | None) -> Surroundings | None:
    if officer is None:
        return None
    try:
        with reading(served.engine) as session:
            return surroundings(session, served, officer)
    except DatabaseUnavailable:
        return None  # the page being made is the one that says so

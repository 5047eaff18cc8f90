"""The addresses at which calendar programs read deadlines, and the open cases that a feed tells of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from service.domain.kind import CLOCK_KINDS, Kind
from service.errors import DeskError
from service.store.cases import is_open
from service.store.tables import CalendarFeed, Case, Event, Officer

_MOVING = [kind.value for kind in (*sorted(CLOCK_KINDS), Kind.RECOUNTED, Kind.STRUCK_OUT)]


class NoSuchFeed(DeskError):
    """There is no calendar at this address. It may have been revoked: make a new one on the desk's page Calendar and
    API access."""


@dataclass(frozen=True, slots=True)
class Revised:
    """A case with the number of its last event that could move its deadline, and when that was recorded."""

    case: Case
    seq: int
    at: datetime


def add_feed(session: Session, feed: CalendarFeed) -> None:
    """Keep a new address."""
    session.add(feed)
    session.flush()


def feeds_of(session: Session, officer_id: int) -> Sequence[CalendarFeed]:
    """An officer's addresses, oldest first."""
    query = select(CalendarFeed).where(col(CalendarFeed.officer_id) == officer_id)
    return session.exec(query.order_by(col(CalendarFeed.id))).all()


def feed_by_hash(session: Session, token_hash: str) -> CalendarFeed:
    """The feed of a token, while its officer works here; raises NoSuchFeed."""
    query = select(CalendarFeed).join(Officer, col(Officer.id) == col(CalendarFeed.officer_id))
    found = session.exec(query.where(col(CalendarFeed.token_hash) == token_hash, col(Officer.active))).first()
    if found is None:
        raise NoSuchFeed
    return found


def note_feed_used(session: Session, feed_id: int, at: datetime) -> None:
    """Remember when an address was last read."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is not None:  # else it was revoked in the meantime
        feed.used_at = at
        session.add(feed)
        session.flush()


def revoke_feed(session: Session, feed_id: int, officer_id: int) -> None:
    """End an address of an officer's; raises NoSuchFeed."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.officer_id != officer_id:
        raise NoSuchFeed
    session.delete(feed)
    session.flush()


def end_feeds_of(session: Session, officer_id: int) -> None:
    """End every address of an officer who leaves."""
    session.exec(delete(CalendarFeed).where(col(CalendarFeed.officer_id) == officer_id))


def cases_of_feed(session: Session, feed: CalendarFeed) -> list[Revised]:
    """The open cases with a deadline that a feed tells of, the most urgent first, in one query."""
    wanted = [is_open(), col(Case.due_on).is_not(None)]
    if not feed.whole_team:
        wanted.append(col(Case.owner_id) == feed.officer_id)
    return _revised(session, *wanted)


def revision_of(session: Session, case: Case) -> Revised:
    """One case with its last event that could move its deadline."""
    (found,) = _revised(session, col(Case.id) == case.id)
    return found


def _revised(session: Session, *wanted: object) -> list[Revised]:
    last, at = func.max(col(Event.seq)), func.max(col(Event.recorded_at))
    query = select(Case, last, at).join(Event, col(Event.case_id) == col(Case.id)).where(*wanted)  # type: ignore[arg-type]
    query = query.where(col(Event.kind).in_(_MOVING)).group_by(col(Case.id))
    rows = session.exec(query.order_by(col(Case.due_on), col(Case.id))).all()
    return [Revised(case, seq, moment) for case, seq, moment in rows]

"""The statutory statistics of a quarter as at a day: the same for ever, whatever is recorded later."""

from collections.abc import Callable, Generator
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlmodel import Session

from service.desk import LONDON, Desk
from service.domain.calendars import Calendars
from service.domain.counted import Counted, count_case
from service.domain.quarter import Quarter
from service.domain.statistics import Statistics, statistics
from service.errors import DeskError
from service.store.statistics import cases_received, histories_until


class AsAtImpossible(DeskError):
    """Statistics of {quarter} can be taken as at {first:%A %-d %B %Y}, when it began, or later, and not past today."""


class NoSuchAuthority(DeskError):
    """This desk answers for no authority of the name {name!r}. It answers for: {names}."""


def authority_named(desk: Desk, name: str) -> str:
    """The name of an authority that the desk answers for, its own for no name; raises NoSuchAuthority."""
    known = [one.name for one in desk.settings.authorities]
    if name and name not in known:
        raise NoSuchAuthority(name=name[:80], names=", ".join(known))
    return name or known[0]


def quarterly(
    session: Session,
    desk: Desk,
    quarter: Quarter,
    as_at: date,
    *,
    today: date,
    authority: str = "",
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Statistics:
    """The tables of what an authority, the desk's own unless told, received in a quarter, as recorded until the end of
    a Europe/London day.

    `progress` hears how many cases have been read of how many. Raises AsAtImpossible.
    """
    steps = count_quarter(session, desk, quarter, as_at, today=today, authority=authority)
    while True:
        try:
            progress(*next(steps))
        except StopIteration as ended:
            found: Statistics = ended.value
            return found


def count_quarter(
    session: Session, desk: Desk, quarter: Quarter, as_at: date, *, today: date, authority: str = ""
) -> Generator[tuple[int, int], None, Statistics]:
    """The same step by step, for who shows how far it is: yields how many cases have been read of how many."""
    if not quarter.first <= as_at <= today:
        raise AsAtImpossible(quarter=quarter, first=quarter.first)
    calendars = desk.almanac.refresh(session)

    @cache
    def calendars_at(version: str) -> Calendars:
        return calendars.at(version) if version else calendars

    until = datetime.combine(as_at + timedelta(days=1), time(0), LONDON)
    received = cases_received(session, quarter.first, quarter.last)
    settings, name = desk.settings, authority_named(desk, authority)
    cases = [(key, reference) for key, reference, account in received if settings.authority_of(account).name == name]
    counted: list[Counted] = []
    done = 0
    for batch in histories_until(session, cases, until):
        counted += filter(None, (count_case(reference, told, calendars_at) for reference, told in batch))
        done += len(batch)
        yield done, len(cases)
    return statistics(quarter, as_at, counted)

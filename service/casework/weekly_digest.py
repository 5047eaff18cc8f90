"""What supervisors read at the beginning of a week: what the last one brought, and what has stood too long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.desk_links import list_link
from service.casework.digest_sections import Section, line_of, section_of_list, short
from service.casework.overview import Overview, course, overview
from service.casework.standing_of import not_soon
from service.casework.supervisors_digest import NOBODY
from service.desk import LONDON, Desk
from service.domain.forecast import THRESHOLD
from service.domain.load import LIMIT
from service.domain.mornings import week_before
from service.domain.quarter import Quarter
from service.store.dashboard import answered_by_owner, received_by_day
from service.store.digests import stopped_since
from service.store.officers import officers
from service.store.worklist import ALL, Days, Narrowing, Selection, View

OLDEST, STOPPED_LONG, MOST_OFFICERS = 5, 5, 40


@dataclass(frozen=True, slots=True)
class Done:
    """What an officer answered in the week, and what they have open now."""

    name: str
    in_time: int
    late: int
    opened: int
    overdue: int
    link: str


def weekly_words(session: Session, desk: Desk, *, at: datetime) -> dict[str, object]:
    """The words of the summary of the week before an instant's."""
    today = at.astimezone(LONDON).date()
    first, last = week_before(today)
    week = Days(first, last)
    selection = Selection(View.OPEN, today, not_soon(desk, today), NOBODY)
    found, quarter = overview(session, desk, selection), course(session, desk, selection, Quarter.of(today))
    answered = answered_by_owner(session, ALL, week, today)
    done = [*_done(session, desk, found, answered)]
    return {
        "first": first,
        "last": last,
        "received": sum(number for _, number in received_by_day(session, ALL, week, today)),
        "in_time": sum(in_time for _, in_time, _late in answered),
        "late": sum(late for _, _in_time, late in answered),
        "links": {
            "received": list_link(desk, View.EVERY, Narrowing(received=week)),
            "answered": list_link(desk, View.EVERY, Narrowing(answered=week)),
            "late": list_link(desk, View.EVERY, Narrowing(answered=week, late=True)),
        },
        "opened": found.opened,
        "sections": [section for section in _sections(session, desk, today) if section.total],
        "officers": done[:MOST_OFFICERS],
        "more_officers": max(len(done) - MOST_OFFICERS, 0),
        "quarter": quarter.quarter,
        "decided": quarter.decided,
        "forecast": quarter.forecast,
        "threshold": THRESHOLD,
        "link": desk.settings.web.url.rstrip("/"),
    }


def _sections(session: Session, desk: Desk, today: date) -> Iterator[Section]:
    yield section_of_list(session, desk, today, "oldest", "The oldest open", View.OPEN, sort="received", most=OLDEST)
    # The home calendar: to say what has stood for long, a day more or less for another law makes no difference.
    home, day = desk.calendars.of(desk.settings.regime), today - timedelta(days=LIMIT)
    while home.count(day, today) <= LIMIT:
        day -= timedelta(days=1)
    rows, total = stopped_since(session, day, STOPPED_LONG)
    names = {member.id: member.name for member in officers(session, active_only=False)}
    lines = [line_of(desk, case, today, owner=names.get(case.owner_id or 0, "nobody yet")) for case in rows]
    yield Section(
        "stopped",
        f"Clock stopped for more than {LIMIT} working days",
        lines,
        total,
        list_link(desk, View.STOPPED, ALL),
    )


def _done(
    session: Session, desk: Desk, found: Overview, answered: Iterable[tuple[int | None, int, int]]
) -> Iterator[Done]:
    """By name: whoever works here or has cases, when they answered any or have any open."""
    sums = {owner_id: (in_time, late) for owner_id, in_time, late in answered}
    loads = {load.owner_id: load for load in found.loads}
    for member in officers(session, active_only=False):
        load = loads.get(member.id)
        in_time, late = sums.get(member.id, (0, 0))
        if load or in_time or late:
            yield Done(
                name=short(member.name, 60),
                in_time=in_time,
                late=late,
                opened=load.cases if load else 0,
                overdue=load.overdue if load else 0,
                link=list_link(desk, View.OPEN, Narrowing(owner_id=member.id)),
            )

"""Deadlines for calendar programs. Calendars are shared and synchronised widely, so they tell as little as they can."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from service.casework.standing_of import standing_of
from service.desk import Desk
from service.domain.icalendar import Day, write_calendar
from service.errors import DeskError
from service.store.feeds import Revised
from service.store.tables import Case


class NoDeadline(DeskError):
    """Case {reference} has no deadline to put into a calendar: its clock is stopped."""


def calendar_of(desk: Desk, name: str, cases: Iterable[Revised], *, today: date) -> bytes:
    """The deadlines of some cases as an iCalendar object; those without one are left out."""
    return write_calendar(
        f"{name} – {desk.settings.authority.name}",
        [_day(desk, one, one.case.due_on, today) for one in cases if one.case.due_on is not None],
    )


def calendar_of_case(desk: Desk, revised: Revised, *, today: date) -> bytes:
    """The deadline of one case, cancelled when the case is closed; raises NoDeadline."""
    if revised.case.due_on is None:
        raise NoDeadline(reference=revised.case.reference)
    return calendar_of(desk, "FOI deadline", [revised], today=today)


def link_of(desk: Desk, case: Case) -> str:
    """Where officers open a case."""
    return f"{desk.settings.web.url.rstrip('/')}/cases/{case.reference}"


def _day(desk: Desk, revised: Revised, due_on: date, today: date) -> Day:
    case, standing = revised.case, standing_of(desk, revised.case, today)
    subject = f": {case.subject}" if desk.settings.web.calendar_subjects else ""
    link = link_of(desk, case)
    provisional = "\nProvisional: bank holidays of that time are not announced yet." if case.provisional else ""
    return Day(
        uid=f"{case.reference}@{urlsplit(desk.settings.web.url).hostname}",
        on=due_on,
        # Not how many days are left, which would be another text each day.
        summary=f"{case.reference}: answer due ({standing.kind}){subject}",
        description=f"{link}{provisional}",
        link=link,
        sequence=revised.seq,
        revised_at=revised.at,
        cancelled=case.stage == "closed",
    )

"""The explanation of a case's deadline, now or as it stood after any entry of its record."""

from collections.abc import Sequence

from sqlmodel import Session

from service.desk import Desk
from service.domain.calendars import Calendars
from service.domain.explanation import Explanation, explain
from service.domain.history import CaseEvent, replay, up_to
from service.domain.kind import CLOCK_KINDS
from service.domain.stage import Stage
from service.errors import ClockError, DeskError
from service.store.cases import history
from service.store.tables import Case


class NoSuchEntry(DeskError):
    """The record of case {reference} has no entry {seq} about its clock."""


def explain_case(
    session: Session, desk: Desk, case: Case, after: int | None = None, *, told: Sequence[CaseEvent] | None = None
) -> Explanation:
    """Each day from the receipt, whether it counts and why, by a replay of the case's events: `told`, when at hand.

    `after` names an entry of the record: the explanation is then the one that stood once it was made, by the calendar
    of its day. Raises NoSuchEntry.
    """
    told = history(session, case.id) if told is None else told
    if after is None:
        return _as_it_stands(told, desk, case)
    entry = next((event for event in told if event.seq == after and _about_the_clock(event)), None)
    if entry is None:
        raise NoSuchEntry(reference=case.reference, seq=after)
    return _explained(up_to(told, after), desk.calendars.at(entry.data.get("calendar", desk.calendars.shipped_version)))


def _about_the_clock(event: CaseEvent) -> bool:
    """A fact that the clock hears, or what was then made of the facts: a recount, one struck out."""
    return event.kind in CLOCK_KINDS or "calendar" in event.data


def _as_it_stands(told: Sequence[CaseEvent], desk: Desk, case: Case) -> Explanation:
    own = desk.calendars.at(case.calendar_version)
    if case.stage == Stage.CLOSED:
        return _explained(told, own)  # answered by the calendar of its time
    try:
        return _explained(told, desk.calendars)
    except ClockError:  # a newer calendar that its history does not fit, before the recount has come by
        return _explained(told, own)


def _explained(told: Sequence[CaseEvent], calendars: Calendars) -> Explanation:
    return explain(replay(told, calendars).clock, calendars)

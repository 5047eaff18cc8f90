"""Adding a fact to a case, and what the facts then come to: the only writer of a case's cached columns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session

from service.casework.announce import announce
from service.desk import LONDON, Desk
from service.domain.announcement import Announcement
from service.domain.calendars import Calendars
from service.domain.history import CaseEvent, CaseState, replay
from service.domain.kind import CHANGING, PROGRESS_KINDS, Kind
from service.domain.outcome import Outcome
from service.errors import ClockError
from service.store.cases import append_event, history
from service.store.rows import change_row
from service.store.tables import Case

DESK, REQUESTER = "desk", "requester"
MAILBOX = "mailbox"  # somebody of the team, who moved a mail there


def officer_actor(officer_id: int) -> str:
    """How an officer is named as the actor of an event."""
    return f"officer:{officer_id}"


def record(
    session: Session,
    desk: Desk,
    case: Case,
    kind: Kind,
    /,
    *,
    at: datetime,
    by: str,
    happened_at: datetime | None = None,
    **data: object,
) -> None:
    """Append an event, recorded `at`, that happened then or at `happened_at`; then refresh the case's caches.

    Raises ClockError when the law does not allow the event where the case now stands.
    """
    event = CaseEvent(kind, happened_at or at, by, {name: str(value) for name, value in data.items()})
    if kind not in CHANGING:
        append_event(session, case.id, event, at)
        return
    state = after(session, desk, case, event)
    append_event(session, case.id, event if kind in PROGRESS_KINDS else with_dates(event, state), at)
    answered = case.answered_on is None and state.clock.answered_on is not None
    columns = caches(state)
    if kind in PROGRESS_KINDS:  # a newer calendar is for the recount, which says so on the record and to the owner
        columns = {name: columns[name] for name in ("stage", "owner_id", "outcome")}
    change_row(session, case, **columns)
    if answered and case.outcome != Outcome.NOT_FOI:  # of what was no request nobody waits for an answer
        announce(session, desk, case, Announcement.ANSWERED, at=at)


def after(session: Session, desk: Desk, case: Case, *events: CaseEvent) -> CaseState:
    """What the case comes to after events not recorded yet; raises ClockError when the law does not allow them.

    Where a newer calendar makes no sense of the history as it is, and the events do not mend that, the case is counted
    by its own. A closed case was answered by the calendar of its time; whatever is recorded on it later counts it anew.
    """
    calendars, told = desk.almanac.refresh(session), history(session, case.id)
    try:
        return replay([*told, *events], calendars)
    except ClockError:
        if _fits(told, calendars):
            raise
    return replay([*told, *events], calendars.at(case.calendar_version))


def _fits(told: Sequence[CaseEvent], calendars: Calendars) -> bool:
    try:
        replay(told, calendars)
    except ClockError:
        return False
    return True


def with_dates(event: CaseEvent, state: CaseState) -> CaseEvent:
    """The event with what the clock said once it had happened, and by which calendar."""
    clock = state.clock
    due_on = clock.due_on.isoformat() if clock.due_on else ""
    return replace(event, data={**event.data, "due_on": due_on, "calendar": clock.calendar_version})


def instant_of(day: date, at: datetime) -> datetime:
    """The instant of something dated by its Europe/London day alone: now when that is today, else its noon."""
    return at if day == at.astimezone(LONDON).date() else datetime.combine(day, time(12), LONDON)


def caches(state: CaseState) -> dict[str, Any]:
    """The cached columns of a case, by name, as its events have them."""
    return {
        "regime": state.clock.regime.name,
        "matter": state.clock.timeline.matter.value,
        "received_on": state.clock.received_on,
        "due_on": state.clock.due_on,
        "prudent_due_on": state.clock.prudent_due_on,
        "provisional": state.clock.provisional,
        "calendar_version": state.clock.calendar_version,
        "clock_state": state.clock.state.value,
        "stopped_on": state.clock.stopped_on,
        "answered_on": state.clock.answered_on,
        "stage": state.stage.value,
        "owner_id": state.owner_id,
        "outcome": state.outcome,
    }

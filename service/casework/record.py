"""Adding a fact to a case, and what the facts then come to: the only writer of a case's cached columns."""

from datetime import datetime

from sqlmodel import Session

from service.desk import Desk
from service.domain.history import CaseEvent, Kind, replay
from service.store.cases import append_event, history
from service.store.tables import Case

DESK, REQUESTER = "desk", "requester"


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
    append_event(session, case.id, event, at)
    refresh(session, desk, case)


def refresh(session: Session, desk: Desk, case: Case) -> None:
    """Set the cached columns to what a replay of the events gives."""
    state = replay(history(session, case.id), desk.calendars)
    case.regime = state.clock.regime.name
    case.received_on = state.clock.received_on
    case.due_on = state.clock.due_on
    case.prudent_due_on = state.clock.prudent_due_on
    case.provisional = state.clock.provisional
    case.calendar_version = state.clock.calendar_version
    case.answered_on = state.clock.answered_on
    case.stage = state.stage.value
    case.owner_id = state.owner_id
    case.outcome = state.outcome
    session.add(case)
    session.flush()

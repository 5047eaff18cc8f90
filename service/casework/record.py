"""Adding a fact to a case, and what the facts then come to: the only writer of a case's cached columns."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from service.desk import Desk
from service.domain.history import CHANGING, CaseEvent, CaseState, Kind, replay
from service.store.cases import append_event, history
from service.store.rows import change_row
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
    if kind in CHANGING:
        change_row(session, case, **caches(replay(history(session, case.id), desk.calendars)))


def caches(state: CaseState) -> dict[str, Any]:
    """The cached columns of a case, by name, as its events have them."""
    return {
        "regime": state.clock.regime.name,
        "received_on": state.clock.received_on,
        "due_on": state.clock.due_on,
        "prudent_due_on": state.clock.prudent_due_on,
        "provisional": state.clock.provisional,
        "calendar_version": state.clock.calendar_version,
        "answered_on": state.clock.answered_on,
        "stage": state.stage.value,
        "owner_id": state.owner_id,
        "outcome": state.outcome,
    }

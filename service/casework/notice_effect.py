"""What a letter does to its case's clock at the instant it is sent, and what becomes of that when it comes back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.casework.clock_facts import strike_out
from service.casework.record import record
from service.desk import Desk
from service.domain.history import CaseEvent, standing_events
from service.domain.kind import Kind
from service.errors import ClockError
from service.store.cases import history
from service.store.tables import Case, Letter

RETURNED = "The letter could not be delivered, so the requester was not told."


def take_effect(session: Session, desk: Desk, case: Case, letter: Letter, *, at: datetime, by: str) -> None:
    """Record the fact that a letter tells, as of the instant it is sent.

    Where the record has meanwhile become such that the law no longer allows it, the case gets a note instead.
    """
    told = history(session, case.id)
    fact = _fact_of(told, letter)
    if not fact or _recorded(told, letter) is not None:
        return
    kind = Kind(fact.pop("tells"))
    try:
        record(session, desk, case, kind, at=at, happened_at=at, by=by, letter=letter.id, **fact)
    except ClockError as error:
        record(session, desk, case, Kind.NOTED, at=at, by=by, text=f"The letter was sent, but: {error}")


def undo_effect(session: Session, desk: Desk, case: Case, letter: Letter, *, at: datetime, by: str) -> None:
    """Strike out the fact that a letter told, because it came back; what was built on it is left to a person."""
    entry = _recorded(history(session, case.id), letter)
    if entry is None:
        return
    try:
        strike_out(session, desk, case, entry.seq, RETURNED, at=at, by=by)
    except ClockError as error:
        record(session, desk, case, Kind.NOTED, at=at, by=by, text=f"{RETURNED} Its entry stands all the same: {error}")


def _fact_of(told: Sequence[CaseEvent], letter: Letter) -> dict[str, str]:
    """What the entry of the letter says it will tell."""
    written = (
        event for event in told if event.kind is Kind.LETTER_WRITTEN and event.data.get("letter") == str(letter.id)
    )
    event = next((event for event in written if "tells" in event.data), None)
    return {name: value for name, value in event.data.items() if name not in ("letter", "kind")} if event else {}


def _recorded(told: Sequence[CaseEvent], letter: Letter) -> CaseEvent | None:
    """The standing entry of the fact that the letter told."""
    fact = _fact_of(told, letter)
    return next(
        (
            event
            for event in standing_events(told)
            if fact and event.kind == fact["tells"] and event.data.get("letter") == str(letter.id)
        ),
        None,
    )

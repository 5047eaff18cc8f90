"""Cases and their events: the only place that writes either."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from service.domain.history import CaseEvent, Kind
from service.domain.reference import Reference
from service.errors import DeskError
from service.store.tables import Case, Event


class NoSuchCase(DeskError):
    """There is no case {reference}."""


def case_by_reference(session: Session, reference: str) -> Case:
    """The case of a canonical reference; raises NoSuchCase."""
    case = session.exec(select(Case).where(col(Case.reference) == reference)).first()
    if case is None:
        raise NoSuchCase(reference=reference)
    return case


def case_by_id(session: Session, case_id: int) -> Case:
    """The case of a key; raises NoSuchCase."""
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCase(reference=case_id)
    return case


def cases_named(session: Session, found: Sequence[Reference]) -> list[Case]:
    """The cases that loosely written references may mean, in the order found."""
    cases = [case for reference in found for case in _by_number(session, reference)]
    return list({case.id: case for case in cases}.values())


def _by_number(session: Session, reference: Reference) -> Sequence[Case]:
    same_number = select(Case).where(col(Case.number) == reference.number, col(Case.kind) == reference.kind)
    return [case for case in session.exec(same_number) if case.year % 100 == reference.year % 100]


def add_case(session: Session, case: Case) -> Case:
    """Add a case and give it its key."""
    session.add(case)
    session.flush()
    return case


def append_event(session: Session, case_id: int, event: CaseEvent, recorded_at: datetime) -> None:
    """Add one event at the end of a case's history."""
    last = session.exec(select(func.max(col(Event.seq))).where(col(Event.case_id) == case_id)).one()
    session.add(
        Event(
            case_id=case_id,
            seq=(last or 0) + 1,
            kind=event.kind.value,
            at=event.at,
            recorded_at=recorded_at,
            actor=event.actor,
            data=json.dumps(dict(event.data), ensure_ascii=False),
        )
    )
    session.flush()


def history(session: Session, case_id: int) -> list[CaseEvent]:
    """A case's events in the order they were recorded."""
    rows = session.exec(select(Event).where(col(Event.case_id) == case_id).order_by(col(Event.seq)))
    return [CaseEvent(Kind(row.kind), row.at, row.actor, json.loads(row.data or "{}")) for row in rows]

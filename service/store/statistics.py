"""The cases that a period's statistics are computed from, with their events as they stood at an instant."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, col, or_, select

from service.domain.history import CaseEvent
from service.domain.kind import Kind
from service.store.cases import histories
from service.store.tables import Case, Event

BATCH = 1000
_CORRECTED: ColumnElement[str] = literal_column(f"'{Kind.RECEIPT_CORRECTED.value}'")  # as its index names it


def cases_received(session: Session, first: date, last: date) -> Sequence[tuple[int, str, str]]:
    """Key, reference and account of every case that was, or was once taken to be, received from `first` to `last`, by
    key."""
    corrected = select(Event.case_id).where(col(Event.kind) == _CORRECTED)
    within = col(Case.received_on).between(first, last)
    query = select(Case.id, Case.reference, Case.account).where(or_(within, col(Case.id).in_(corrected)))
    return session.exec(query.order_by(col(Case.id))).all()


def histories_until(
    session: Session, cases: Sequence[tuple[int, str]], until: datetime
) -> Iterator[list[tuple[str, list[CaseEvent]]]]:
    """Of each case its reference and the events recorded before an instant, a thousand cases at a time."""
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        told = histories(session, [key for key, _ in batch], until)
        yield [(reference, told.get(key, [])) for key, reference in batch]

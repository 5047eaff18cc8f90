"""Which chasers have been written."""

from datetime import date

from sqlmodel import Session

from service.store.tables import Milestone


def reached(session: Session, case_id: int, due_on: date, name: str) -> bool:
    """Whether the chaser of a milestone has been written for this deadline of a case."""
    return session.get(Milestone, (case_id, due_on, name)) is not None


def mark_reached(session: Session, case_id: int, due_on: date, name: str, on: date) -> None:
    """Remember that a chaser is written, in the transaction that writes it."""
    session.add(Milestone(case_id=case_id, due_on=due_on, name=name, reached_on=on))
    session.flush()

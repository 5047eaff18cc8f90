"""Whose turn it is to clear a response, and which finishing of it they clear."""

from sqlmodel import Session

from service.domain.kind import Kind
from service.domain.stage import Stage
from service.store.cases import history
from service.store.drafts import newest_draft, next_approval
from service.store.tables import Case


def approver_in_turn(session: Session, case: Case) -> int | None:
    """Who is to clear the response next, by key; None while nobody is."""
    draft = newest_draft(session, case.id) if case.stage == Stage.CLEARANCE else None
    step = next_approval(session, draft.id) if draft else None
    return step.officer_id if step else None


def last_finished(session: Session, case: Case) -> int:
    """The number of the event by which the response was last finished; 0 when it never was."""
    return max((event.seq for event in history(session, case.id) if event.kind is Kind.SUBMITTED), default=0)

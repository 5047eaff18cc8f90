"""The versions of a response, the rules overridden for one, and the steps of its clearance."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from sqlmodel import Session, col, func, select

from service.errors import DeskError
from service.store.tables import Approval, Draft, Override

APPROVED, RETURNED, TAKEN_BACK = "approved", "returned", "taken back"


class NoSuchDraft(DeskError):
    """There is no version {version} of the response to {reference}."""


def add_draft(session: Session, draft: Draft) -> Draft:
    """Keep the next version of a case's response; gives it its number."""
    last = session.exec(select(func.max(Draft.version)).where(col(Draft.case_id) == draft.case_id)).one()
    draft.version = (last or 0) + 1
    session.add(draft)
    session.flush()
    return draft


def drafts_of(session: Session, case_id: int) -> Sequence[Draft]:
    """Every version, the newest first."""
    query = select(Draft).where(col(Draft.case_id) == case_id)
    return session.exec(query.order_by(col(Draft.version).desc())).all()


def newest_draft(session: Session, case_id: int) -> Draft | None:
    """The version that is worked on."""
    query = select(Draft).where(col(Draft.case_id) == case_id).order_by(col(Draft.version).desc())
    return session.exec(query.limit(1)).first()


def overrides_of(session: Session, draft_id: int) -> Sequence[Override]:
    """The rules that were overridden for a draft."""
    query = select(Override).where(col(Override.draft_id) == draft_id)
    return session.exec(query.order_by(col(Override.rule))).all()


def keep_override(session: Session, override: Override) -> None:
    """Record it, in the place of an earlier one of the same rule."""
    session.merge(override)
    session.flush()


def last_judged(session: Session, draft: Draft, officer_id: int) -> int | None:
    """The newest version before a draft that an officer approved or returned; None when there is none."""
    query = select(func.max(Draft.version)).join(Approval, col(Approval.draft_id) == col(Draft.id))
    before = (col(Draft.case_id) == draft.case_id, col(Draft.version) < draft.version)
    theirs = (col(Approval.officer_id) == officer_id, col(Approval.verdict) != "")
    return session.exec(query.where(*before, *theirs)).one()


def approvals_of(session: Session, draft_id: int) -> Sequence[Approval]:
    """The steps of a draft's clearance in their order."""
    query = select(Approval).where(col(Approval.draft_id) == draft_id)
    return session.exec(query.order_by(col(Approval.rank))).all()


def add_approvals(session: Session, draft_id: int, officers: Sequence[int]) -> None:
    """Ask these officers, one after the other, to approve a draft; earlier rounds of it stay on the record."""
    ranks = count(len(approvals_of(session, draft_id)) + 1)
    session.add_all(
        Approval(draft_id=draft_id, rank=rank, officer_id=officer)
        for rank, officer in zip(ranks, officers, strict=False)
    )
    session.flush()


def forget_undecided(session: Session, draft_id: int, at: datetime) -> None:
    """Nobody need approve this draft any more."""
    for approval in approvals_of(session, draft_id):
        if not approval.verdict:
            approval.verdict, approval.decided_at = TAKEN_BACK, at
            session.add(approval)
    session.flush()


def next_approval(session: Session, draft_id: int) -> Approval | None:
    """The step whose turn it is; None when nothing is left to approve."""
    return next((step for step in approvals_of(session, draft_id) if not step.verdict), None)

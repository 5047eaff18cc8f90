"""Clearing a draft: its approvers in their order, each of whom approves it or returns it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.casework.approver import last_finished
from service.casework.draft import check_draft, draft_in_hand
from service.casework.record import officer_actor, record
from service.casework.review import require_independent
from service.casework.tell_officers import tell_approver, tell_cleared, tell_returned
from service.desk import LONDON, Desk
from service.domain.exemptions import Need, law_of
from service.domain.kind import Kind
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.drafts import APPROVED, RETURNED, add_approvals, forget_undecided, next_approval
from service.store.officers import active_officer
from service.store.questions import questions_of
from service.store.tables import Approval, Case, Draft

_OF_THE_OPINION = frozenset({Need.QUALIFIED_PERSON, Need.OPINION, Need.OPINION_ON})


class NotCleared(DeskError):
    """The checker stands against this letter ({rules}). Correct it, or give a reason for each rule you override."""


class ApproverUnfit(DeskError):
    """{why}"""


class OpinionMissing(DeskError):
    """{cited} rests on the opinion of a qualified person: record who gave it, when, and what it is, with {question}."""


class NotYourTurn(DeskError):
    """It is not your turn to clear the response to {reference}."""


class FinishedAnew(DeskError):
    """The response to {reference} was taken back and finished anew after you opened this page: read it as it is now."""


class ReturnUnexplained(DeskError):
    """Say what is to be changed: the officer who drafts it cannot know otherwise."""


def submit(session: Session, desk: Desk, case: Case, approvers: Sequence[int], *, at: datetime, by: str) -> Draft:
    """Send the newest draft to its approvers, in this order; with none it is ready to send.

    Raises NotAllowedNow, NotIndependent, NoDraft, OpinionMissing, NotCleared, ApproverUnfit or NoSuchOfficer.
    """
    require(case.stage, Act.SUBMIT)
    require_independent(session, case, by)
    draft = draft_in_hand(session, case)
    _refuse_without_opinion(session, case)
    refuse_unmet(session, desk, case, draft, at.astimezone(LONDON).date())
    _check_approvers(session, case, approvers, by)
    forget_undecided(session, draft.id, at)
    add_approvals(session, draft.id, approvers)
    asked = ",".join(map(str, approvers))
    record(session, desk, case, Kind.SUBMITTED, at=at, by=by, version=draft.version, approvers=asked)
    tell_approver(session, desk, case, draft, at=at)
    return draft


def require_as_read(session: Session, case: Case, finished: str) -> None:
    """Raise FinishedAnew unless the response is the one that was read, by the number of its finishing.

    A draft that was taken back may come again with other words, or in the same version with other files.
    """
    if finished != str(last_finished(session, case)):
        raise FinishedAnew(reference=case.reference)


def refuse_unmet(session: Session, desk: Desk, case: Case, draft: Draft, today: date) -> None:
    """Raise NotCleared while a rule that would block the draft, sent today, is neither met nor overridden."""
    blocking = check_draft(session, desk, case, draft, today).blocking
    if blocking:
        raise NotCleared(rules=", ".join(sorted({result.rule for result in blocking}, key=_number)))


def _refuse_without_opinion(session: Session, case: Case) -> None:
    """No override reaches this: without the opinion the exemption is not engaged at all (s.36(2))."""
    law = law_of(case.regime)
    for question in questions_of(session, case.id):
        for ground in question.grounds:
            limb = law.provision(ground.citation)
            if not all(ground.particulars.get(need) for need in _OF_THE_OPINION & limb.needs):
                raise OpinionMissing(cited=limb.cited.capitalize(), question=question.name)


def approve(session: Session, desk: Desk, case: Case, officer_id: int, *, at: datetime) -> None:
    """The approver whose turn it is agrees; after the last one it is ready to send, and the owner is told.

    Raises NotYourTurn or NotIndependent.
    """
    draft, step = _turn(session, case, officer_id)
    require_independent(session, case, officer_actor(officer_id))
    step.verdict, step.decided_at = APPROVED, at
    session.add(step)
    session.flush()
    following = next_approval(session, draft.id)
    then = following.officer_id if following else ""
    record(session, desk, case, Kind.APPROVED, at=at, by=officer_actor(officer_id), version=draft.version, next=then)
    if following:
        tell_approver(session, desk, case, draft, at=at)
    else:
        tell_cleared(session, desk, case, draft, at=at, by=officer_id)


def send_back(session: Session, desk: Desk, case: Case, officer_id: int, reason: str, *, at: datetime) -> None:
    """The approver whose turn it is wants it redrafted, and the owner is told why.

    Raises NotYourTurn or ReturnUnexplained.
    """
    draft, step = _turn(session, case, officer_id)
    if not reason:
        raise ReturnUnexplained
    step.verdict, step.reason, step.decided_at = RETURNED, reason, at
    session.add(step)
    session.flush()
    forget_undecided(session, draft.id, at)
    by = officer_actor(officer_id)
    record(session, desk, case, Kind.RETURNED, at=at, by=by, version=draft.version, reason=reason)
    tell_returned(session, desk, case, draft, reason, at=at, by=officer_id)


def recall(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> None:
    """Take the draft back to go on writing; whatever was approved must be approved anew. Raises NotAllowedNow."""
    require(case.stage, Act.RECALL)
    draft = draft_in_hand(session, case)
    forget_undecided(session, draft.id, at)
    record(session, desk, case, Kind.RECALLED, at=at, by=by, version=draft.version)


def _turn(session: Session, case: Case, officer_id: int) -> tuple[Draft, Approval]:
    require(case.stage, Act.CLEAR)
    draft = draft_in_hand(session, case)
    step = next_approval(session, draft.id)
    if step is None or step.officer_id != officer_id:
        raise NotYourTurn(reference=case.reference)
    return draft, step


def _check_approvers(session: Session, case: Case, approvers: Sequence[int], by: str) -> None:
    if len(set(approvers)) < len(approvers):
        raise ApproverUnfit(why="Name each approver once.")
    for approver in approvers:
        officer = active_officer(session, approver)
        if officer_actor(approver) == by:
            raise ApproverUnfit(why=f"{officer.name} wrote it; another person clears it.")
        require_independent(session, case, officer_actor(approver))


def _number(rule: str) -> int:
    return int(rule.removeprefix("R"))

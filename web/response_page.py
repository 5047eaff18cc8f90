"""The page of a response: the newest draft, what the checker says of it, its clearance and its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from sqlmodel import Session

from service.casework.approver import approver_in_turn, last_finished
from service.casework.draft import Checked, check_draft
from service.casework.permission import may
from service.casework.reply import NoAddress, reply_recipient
from service.casework.respond import UndecidedQuestions, decided_outcome
from service.casework.review import FindingMissing, original_of
from service.casework.write_letter import Recipient
from service.domain.notice_check import Verdict
from service.domain.outcome import OF_REVIEWS
from service.domain.stage import Act, Stage, allowed
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.database import reading
from service.store.drafts import approvals_of, drafts_of, last_judged
from service.store.officers import officers
from service.store.tables import Approval, Case, Draft, Officer
from web.casework_forms import MOST_APPROVERS
from web.current import desk, officer
from web.fields import choices


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page of a response shows; `words` are what stands in its form."""

    case: Case
    draft: Draft | None
    words: Words
    checked: Checked | None
    steps: Sequence[Approval]
    turn: int | None
    finished: int  # by which what is cleared or sent is told from what was taken back and finished anew
    versions: Sequence[Draft]
    read: int  # the version that whoever looks has read last, as far as anyone knows
    recipient: Recipient | None
    outcome: str
    reviews: bool  # whether it is an internal review, which finds for or against the first decision
    team: Sequence[Officer]
    names: Mapping[int, str]


def response_page(reference: str, faults: Mapping[str, str]) -> str:
    """The page as it stands, or with what was typed and the faults of that."""
    with reading(desk().engine) as session:
        shown = _read(session, reference)
    can = {act for act in allowed(shown.case.stage) if may(officer(), shown.case, act, shown.turn)}
    return render_template(
        "web/response.html",
        case=shown.case,
        shown=shown,
        can=can,
        acts=Act,
        stages=Stage,
        verdicts=Verdict,
        approvers=[(one.id, one.name) for one in shown.team if one.id != officer().id],
        steps_asked=MOST_APPROVERS,
        findings=choices(OF_REVIEWS),
        typed=request.form,
        faults=faults,
    )


def _read(session: Session, reference: str) -> Shown:
    served = desk()
    case = case_by_reference(session, reference)
    versions, everyone = drafts_of(session, case.id), officers(session, active_only=False)
    draft = versions[0] if versions else None
    open_now = case.stage != Stage.CLOSED
    return Shown(
        case=case,
        draft=draft,
        words=_typed_or(draft),
        checked=check_draft(session, served, case, draft, served.today()) if draft and open_now else None,
        steps=approvals_of(session, draft.id) if draft else (),
        turn=approver_in_turn(session, case),
        finished=last_finished(session, case),
        versions=versions,
        read=(last_judged(session, draft, officer().id) or draft.version - 1) if draft else 0,
        recipient=_recipient(session, case),
        outcome=_outcome(session, case),
        reviews=original_of(session, case) is not None,
        team=[one for one in everyone if one.active],
        names={one.id: one.name for one in everyone},
    )


def _typed_or(draft: Draft | None) -> Words:
    if "body" in request.form:
        return Words(request.form.get("subject", ""), request.form["body"])
    return Words(draft.subject, draft.body) if draft else Words("", "")


def _recipient(session: Session, case: Case) -> Recipient | None:
    try:
        return reply_recipient(session, case)
    except NoAddress:
        return None


def _outcome(session: Session, case: Case) -> str:
    try:
        return decided_outcome(session, case).value
    except (UndecidedQuestions, FindingMissing):
        return ""

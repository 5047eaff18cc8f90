"""The response on its way: draft and check, clearance, sending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.clear import (
    ApproverUnfit,
    NotCleared,
    OpinionMissing,
    approve,
    approver_in_turn,
    recall,
    send_back,
    submit,
)
from service.casework.compose_letter import compose_response
from service.casework.draft import Checked, check_draft, draft_in_hand, override, write_draft
from service.casework.reply import NoAddress, reply_recipient
from service.casework.respond import UndecidedQuestions, decided_outcome, send_response
from service.casework.review import FindingMissing, original_of
from service.casework.write_letter import Recipient
from service.domain.notice_check import Verdict
from service.domain.outcome import OF_REVIEWS
from service.domain.stage import Act, Stage, allowed, require
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.drafts import NoSuchDraft, approvals_of, drafts_of, newest_draft
from service.store.officers import officers
from service.store.questions import questions_of
from service.store.tables import Approval, Case, Draft, Officer
from web.casework_forms import MOST_APPROVERS, ApproversForm, DraftForm, ReasonForm
from web.current import actor, desk, officer
from web.differences import differences
from web.forms import FormFaults
from web.guard import may, require_may
from web.timeline import who

pages = Blueprint("response", __name__, url_prefix="/cases/<path:reference>/response")


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page of a response shows; `words` are what stands in its form."""

    case: Case
    draft: Draft | None
    words: Words
    checked: Checked | None
    steps: Sequence[Approval]
    turn: int | None
    versions: Sequence[Draft]
    recipient: Recipient | None
    outcome: str
    reviews: bool  # whether it is an internal review, which finds for or against the first decision
    team: Sequence[Officer]
    names: Mapping[int, str]


@pages.get("")
def show(reference: str) -> ResponseReturnValue:
    return _page(reference, {})


@pages.post("")
def write(reference: str) -> ResponseReturnValue:
    """Keep what was typed as the next version."""
    try:
        form = DraftForm.read(request.form)
    except FormFaults as error:
        return _page(reference, error.faults), 422
    words = Words(form.subject, form.body)
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.DRAFT)
        kind = _kind(session, case)
        draft = write_draft(session, served, case, kind, words, composed=False, at=served.now(), by=actor())
    flash(f"Version {draft.version} is kept and checked.")
    return _back(reference)


@pages.post("/compose")
def compose(reference: str) -> ResponseReturnValue:
    """Compose the response from the decisions as they are now."""
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.DRAFT)
        decided_outcome(session, case)
        questions = questions_of(session, case.id)
        made = compose_response(session, served, case, questions, officer().name, today=served.today())
        draft = write_draft(session, served, case, made.kind, made.words, composed=True, at=served.now(), by=actor())
    flash(f"Version {draft.version} is composed from the decisions and checked.")
    return _back(reference)


@pages.post("/override/<rule>")
def overrule(reference: str, rule: str) -> ResponseReturnValue:
    try:
        form = ReasonForm.read(request.form, f"Give the reason why the letter may go out against {rule}")
    except FormFaults as error:
        return _page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.DRAFT)
        draft = draft_in_hand(session, case)
        override(session, served, case, draft, rule, form.reason, at=served.now(), by=actor())
    flash(f"{rule} is overridden for this version, with your reason.")
    return _back(reference)


@pages.post("/clearance")
def ask_clearance(reference: str) -> ResponseReturnValue:
    served = desk()
    try:
        form = ApproversForm.read(request.form)
        with transaction(served.engine) as session:
            case = _mine(session, reference, Act.SUBMIT)
            submit(session, served, case, form.officers, at=served.now(), by=actor())
    except FormFaults as error:
        return _page(reference, error.faults), 422
    except (ApproverUnfit, NotCleared, OpinionMissing) as error:
        return _page(reference, {"approver-1": str(error)}), 422
    flash("The draft waits for its approvers." if form.officers else "The response is ready to send.")
    return _back(reference)


@pages.post("/approve")
def agree(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.CLEAR)
        approve(session, served, case, officer().id, at=served.now())
    flash("You have approved the response.")
    return _back(reference)


@pages.post("/return")
def disagree(reference: str) -> ResponseReturnValue:
    try:
        form = ReasonForm.read(request.form, "Say what is to be changed")
    except FormFaults as error:
        return _page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.CLEAR)
        send_back(session, served, case, officer().id, form.reason, at=served.now())
    flash("The draft is returned to its officer.")
    return _back(reference)


@pages.post("/recall")
def take_back(reference: str) -> ResponseReturnValue:
    return _act(reference, Act.RECALL, recall, "The draft is yours again; clearance begins anew when you are done.")


@pages.post("/send")
def send(reference: str) -> ResponseReturnValue:
    return _act(
        reference, Act.SEND, send_response, "The response goes out within a minute; the case closes when it is sent."
    )


@pages.get("/versions/<key:version>")
def compare(reference: str, version: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        versions = {draft.version: draft for draft in drafts_of(session, case.id)}
        names = {one.id: one.name for one in officers(session, active_only=False)}
    if version not in versions:
        raise NoSuchDraft(reference=reference, version=version)
    draft, before = versions[version], versions.get(version - 1)
    return render_template(
        "web/response_version.html",
        case=case,
        draft=draft,
        before=before,
        by=who(draft.written_by, names),
        lines=differences(before.body, draft.body) if before else (),
        subject_changed=before is not None and before.subject != draft.subject,
    )


def _act(reference: str, act: Act, do: Callable[..., object], said: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, act)
        do(session, served, case, at=served.now(), by=actor())
    flash(said)
    return _back(reference)


def _mine(session: Session, reference: str, act: Act) -> Case:
    """The case, if this officer may do the act in the stage it is in; raises NotAllowedNow or NotYours."""
    case = case_by_reference(session, reference)
    require(case.stage, act)
    require_may(officer(), case, act, approver_in_turn(session, case))
    return case


def _kind(session: Session, case: Case) -> str:
    """The template of the draft in hand, or that of an answer written freely."""
    newest = newest_draft(session, case.id)
    return newest.kind if newest else "response"


def _page(reference: str, faults: Mapping[str, str]) -> str:
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
        findings=[(choice.value, choice.value[0].upper() + choice.value[1:]) for choice in OF_REVIEWS],
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
        versions=versions,
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


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("response.show", reference=reference))

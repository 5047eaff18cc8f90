"""The response on its way: draft and check, clearance, sending."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.approver import approver_in_turn
from service.casework.clear import (
    ApproverUnfit,
    NotCleared,
    OpinionMissing,
    approve,
    recall,
    require_as_read,
    send_back,
    submit,
)
from service.casework.compose_letter import compose_response
from service.casework.draft import draft_in_hand, override, write_draft
from service.casework.permission import require_may
from service.casework.respond import decided_outcome, send_response
from service.domain.stage import Act, require
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.drafts import NoSuchDraft, drafts_of, newest_draft
from service.store.officers import officers
from service.store.questions import questions_of
from service.store.tables import Case
from web.casework_forms import ApproversForm, DraftForm, ReasonForm
from web.current import actor, desk, officer
from web.differences import differences
from web.forms import LONGEST_LETTER, LONGEST_SUBJECT, FormFaults, Reader
from web.response_page import response_page
from web.timeline import who

pages = Blueprint("response", __name__, url_prefix="/cases/<path:reference>/response")


@pages.get("")
def show(reference: str) -> ResponseReturnValue:
    return response_page(reference, {})


@pages.post("")
def write(reference: str) -> ResponseReturnValue:
    """Keep what was typed as the next version."""
    try:
        form = DraftForm.read(request.form)
    except FormFaults as error:
        return response_page(reference, error.faults), 422
    words = Words(form.subject, form.body)
    served = desk()
    with transaction(served.engine) as session:
        case = _mine(session, reference, Act.DRAFT)
        kind, since = _kind(session, case), _kept_since(session, case)
        draft = write_draft(session, served, case, kind, words, composed=False, at=served.now(), by=actor())
    flash(f"Version {draft.version} is kept and checked.")
    if since:
        flash(f"It is without the changes of version {since}, kept while you wrote: compare them under Versions.")
    return _back(reference)


@pages.post("/compose")
def compose(reference: str) -> ResponseReturnValue:
    """Compose the response from the decisions as they are now."""
    served, by = desk(), actor()
    try:
        with transaction(served.engine) as session:
            case = _mine(session, reference, Act.DRAFT)
            decided_outcome(session, case)
            if typed := _not_kept(session, case):
                write_draft(session, served, case, _kind(session, case), typed, composed=False, at=served.now(), by=by)
            questions = questions_of(session, case.id)
            made = compose_response(session, served, case, questions, officer().name, today=served.today())
            draft = write_draft(session, served, case, made.kind, made.words, composed=True, at=served.now(), by=by)
    except FormFaults as error:
        return response_page(reference, error.faults), 422
    flash(f"Version {draft.version} is composed from the decisions and checked.")
    return _back(reference)


@pages.post("/override/<rule>")
def overrule(reference: str, rule: str) -> ResponseReturnValue:
    missing = f"Give the reason why the letter may go out against {rule}"
    served = desk()
    try:
        form = ReasonForm.read(request.form, missing, f"reason-{rule}")
        with transaction(served.engine) as session:
            case = _mine(session, reference, Act.DRAFT)
            _require_kept(session, case)
            draft = draft_in_hand(session, case)
            override(session, served, case, draft, rule, form.reason, at=served.now(), by=actor())
    except FormFaults as error:
        return response_page(reference, error.faults), 422
    flash(f"{rule} is overridden for this version, with your reason.")
    return _back(reference)


@pages.post("/clearance")
def ask_clearance(reference: str) -> ResponseReturnValue:
    served = desk()
    try:
        form = ApproversForm.read(request.form)
        with transaction(served.engine) as session:
            case = _mine(session, reference, Act.SUBMIT)
            _require_kept(session, case)
            submit(session, served, case, form.officers, at=served.now(), by=actor())
    except FormFaults as error:
        return response_page(reference, error.faults), 422
    except (ApproverUnfit, NotCleared, OpinionMissing) as error:
        return response_page(reference, {"approver-1": str(error)}), 422
    flash("The draft waits for its approvers." if form.officers else "The response is ready to send.")
    return _back(reference)


@pages.post("/approve")
def agree(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _as_read(session, _mine(session, reference, Act.CLEAR))
        approve(session, served, case, officer().id, at=served.now())
    flash("You have approved the response.")
    return _back(reference)


@pages.post("/return")
def disagree(reference: str) -> ResponseReturnValue:
    try:
        form = ReasonForm.read(request.form, "Say what is to be changed")
    except FormFaults as error:
        return response_page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = _as_read(session, _mine(session, reference, Act.CLEAR))
        send_back(session, served, case, officer().id, form.reason, at=served.now())
    flash("The draft is returned to its officer.")
    return _back(reference)


@pages.post("/recall")
def take_back(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        recall(session, served, _mine(session, reference, Act.RECALL), at=served.now(), by=actor())
    flash("The draft is yours again; clearance begins anew when you are done.")
    return _back(reference)


@pages.post("/send")
def send(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _as_read(session, _mine(session, reference, Act.SEND))
        send_response(session, served, case, at=served.now(), by=actor())
    flash("The response goes out within a minute; the case closes when it is sent.")
    return _back(reference)


@pages.get("/versions/<key:version>")
def compare(reference: str, version: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        versions = {draft.version: draft for draft in drafts_of(session, case.id)}
        names = {one.id: one.name for one in officers(session, active_only=False)}
    if version not in versions:
        raise NoSuchDraft(reference=reference, version=version)
    since = {str(one): one for one in versions if one < version}.get(request.args.get("since", ""), version - 1)
    draft, before = versions[version], versions.get(since)
    return render_template(
        "web/response_version.html",
        case=case,
        draft=draft,
        before=before,
        by=who(draft.written_by, names),
        lines=differences(before.body, draft.body) if before else (),
        subject_changed=before is not None and before.subject != draft.subject,
    )


def _mine(session: Session, reference: str, act: Act) -> Case:
    """The case, if this officer may do the act in the stage it is in; raises NotAllowedNow or NotYours."""
    case = case_by_reference(session, reference)
    require(case.stage, act)
    require_may(officer(), case, act, approver_in_turn(session, case))
    return case


def _as_read(session: Session, case: Case) -> Case:
    """The case, if its response still is the one that the page showed; raises FinishedAnew."""
    if "finished" in request.form:
        require_as_read(session, case, request.form["finished"])
    return case


def _kind(session: Session, case: Case) -> str:
    """The template of the draft in hand, or that of an answer written freely."""
    newest = newest_draft(session, case.id)
    return newest.kind if newest else "response"


def _not_kept(session: Session, case: Case) -> Words | None:
    """The letter as it was typed, when it was sent along and is not the one in hand; raises FormFaults."""
    draft, sent = newest_draft(session, case.id), Reader(request.form)
    typed = _letter(sent)
    if draft is None or not typed.body.strip():
        return None
    if typed == _letter(Reader({"subject": draft.subject, "body": draft.body})):
        return None
    sent.finish()
    return typed


def _letter(reader: Reader) -> Words:
    subject = reader.line("subject", longest=LONGEST_SUBJECT)
    return Words(subject, reader.text("body", longest=LONGEST_LETTER) + "\n")


def _require_kept(session: Session, case: Case) -> None:
    """What is finished or overridden is what was checked; raises FormFaults, and the page keeps what was typed."""
    if not _not_kept(session, case):
        return
    if since := _kept_since(session, case):
        told = f"Version {since} was kept while this page was open: compare it under Versions before you keep yours"
        raise FormFaults({"body": told})
    raise FormFaults({"body": "This is not the letter that was checked: keep and check it first"})


def _kept_since(session: Session, case: Case) -> int:
    """The version that was kept after the page showed the one it was written from; 0 when it is still the newest."""
    draft, written_from = newest_draft(session, case.id), request.form.get("version", "")
    return draft.version if draft and written_from and written_from != str(draft.version) else 0


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("response.show", reference=reference))

"""Writing to the requester in three steps (choose, write, preview), and letters of which nobody knows the fate."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.notices import offered
from service.casework.permission import require_may_act
from service.casework.reply import TEMPLATES, draft_reply, reply_recipient, send_reply
from service.casework.uncertain_letter import mark_sent, resend
from service.desk import Desk
from service.domain.stage import Act, require
from service.letters import Words
from service.store.cases import case_by_reference
from service.store.correspondence import letters_of_case
from service.store.database import reading, transaction
from service.store.tables import Case, Letter
from web.casefile import letter_on_case
from web.current import actor, desk, officer
from web.forms import AlreadyWritten, FormFaults, LetterForm

pages = Blueprint("letters", __name__, url_prefix="/cases/<path:reference>")
SAME = 600  # seconds within which the very same letter is a form sent twice


@pages.get("/reply")
def draft(reference: str) -> ResponseReturnValue:
    kind, served = request.args.get("kind", ""), desk()
    with reading(served.engine) as session:
        case = _case(session, reference)
        others = {notice.kind: notice.name for notice in offered(session, served, case)}
        if kind in others:
            return redirect(url_for("notices.ask", reference=reference, kind=kind))
        if kind not in TEMPLATES:
            return render_template("web/choose_letter.html", case=case, templates=TEMPLATES | others)
        words = draft_reply(session, served, case, kind, officer().name, today=served.today())
    return _draft_page(case, kind, words.subject, words.body, {})


@pages.post("/reply")
def write(reference: str) -> ResponseReturnValue:
    try:
        form = LetterForm.read(request.form, TEMPLATES)
    except FormFaults as error:
        return _typed_again(reference, error.faults), 422
    if request.form.get("step") == "edit":
        return _typed_again(reference, {})
    if request.form.get("step") == "send":
        return _send(reference, form)
    with reading(desk().engine) as session:
        case = _case(session, reference)
        recipient = reply_recipient(session, case)
    return render_template(
        "web/preview_letter.html", case=case, form=form, name=TEMPLATES[form.kind], recipient=recipient
    )


@pages.post("/letters/<key:letter_id>/again")
def send_again(reference: str, letter_id: int) -> ResponseReturnValue:
    return _decide(reference, letter_id, resend, "The letter goes out again.")


@pages.post("/letters/<key:letter_id>/arrived")
def arrived(reference: str, letter_id: int) -> ResponseReturnValue:
    return _decide(reference, letter_id, mark_sent, "The letter is marked as sent.")


def _decide(
    reference: str, letter_id: int, act: Callable[[Session, Desk, Letter, datetime, str], None], said: str
) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        letter = letter_on_case(session, _case(session, reference), letter_id)
        act(session, served, letter, served.now(), actor())
    flash(said)
    return redirect(url_for("cases.show", reference=reference))


def _case(session: Session, reference: str) -> Case:
    case = case_by_reference(session, reference)
    require(case.stage, Act.REPLY)
    require_may_act(officer(), case)
    return case


def _send(reference: str, form: LetterForm) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = _case(session, reference)
        refuse_twice(session, case, form)
        words = Words(form.subject, form.body)
        send_reply(session, served, case, form.kind, words, at=served.now(), by=actor())
    flash("The letter is queued and goes out within a minute.")
    return redirect(url_for("cases.show", reference=reference))


def refuse_twice(session: Session, case: Case, form: LetterForm) -> None:
    """A double click or a reloaded page must not write to the requester twice; raises AlreadyWritten."""
    for letter in letters_of_case(session, case.id):
        fresh = (desk().now() - letter.created_at).total_seconds() < SAME
        if fresh and (letter.kind, letter.subject, letter.body) == (form.kind, form.subject, form.body):
            raise AlreadyWritten(reference=case.reference)


def _typed_again(reference: str, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = _case(session, reference)
    typed = request.form
    return _draft_page(case, typed.get("kind", "reply"), typed.get("subject", ""), typed.get("body", ""), faults)


def _draft_page(case: Case, kind: str, subject: str, body: str, faults: dict[str, str]) -> str:
    name = TEMPLATES.get(kind, TEMPLATES["reply"])
    return render_template(
        "web/write_letter.html", case=case, kind=kind, name=name, subject=subject, body=body, faults=faults
    )

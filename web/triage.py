"""What a mail turned out to be, and whether the officer it was given to takes it on."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.accept import accept, hand_back
from service.casework.decide import request_text
from service.casework.permission import require_may
from service.casework.triage import confirm_triage, decline_triage, triage
from service.casework.undo import undoable_on
from service.domain.progress import Triage
from service.domain.quotations import fold
from service.domain.regime import RULES
from service.domain.stage import Act, require
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from web.casework_forms import ReasonForm, TriageForm
from web.current import actor, desk, officer
from web.forms import FormFaults
from web.radar import radar_words
from web.told import tell

pages = Blueprint("triage", __name__, url_prefix="/cases/<path:reference>")
WORDS = {
    Triage.REQUEST: "A request for information: the law below applies",
    Triage.INVALID: "Not a valid request yet: a name, an address or a description is missing (s.8)",
    Triage.BUSINESS: "Business as usual: better answered by the service itself",
    Triage.SUBJECT_ACCESS: "A subject access request: they ask for data about themselves",
    Triage.COMPLAINT: "A complaint",
}


@pages.get("/triage")
def ask(reference: str) -> ResponseReturnValue:
    return _page(reference, {}, {})


@pages.post("/triage")
def say_what_it_is(reference: str) -> ResponseReturnValue:
    try:
        form = TriageForm.read(request.form)
    except FormFaults as error:
        return _page(reference, error.faults, request.form), 422
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.TRIAGE)
        found, regime = form.found, form.regime
        triage(session, served, case, found, regime=regime, reason=form.reason, at=served.now(), by=actor())
    flash(f"{reference} is triaged: {form.found.value}.")
    return _back(reference)


@pages.get("/triage/confirm")
def ask_supervisor(reference: str) -> ResponseReturnValue:
    return _confirm_page(reference, {})


@pages.post("/triage/confirm")
def confirm(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.CONFIRM)
        confirm_triage(session, served, case, at=served.now(), by=actor())
    flash(f"{reference} is closed: not a request under the Act.")
    return _back(reference)


@pages.post("/triage/decline")
def decline(reference: str) -> ResponseReturnValue:
    try:
        form = ReasonForm.read(request.form, "Say why it is a request after all")
    except FormFaults as error:
        return _confirm_page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.CONFIRM)
        decline_triage(session, served, case, form.reason, at=served.now(), by=actor())
    flash(f"{reference} is dealt with as a request.")
    return _back(reference)


@pages.post("/accept")
def take_on(reference: str) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.ACCEPT)
        with undoable_on(session, officer(), case, at=served.now()) as done:
            accept(session, served, case, at=served.now(), by=actor())
    tell(f"You have accepted {reference}.", undo=done.key)
    return _back(reference)


@pages.get("/hand-back")
def ask_why(reference: str) -> ResponseReturnValue:
    return _hand_back_page(reference, {})


@pages.post("/hand-back")
def give_up(reference: str) -> ResponseReturnValue:
    try:
        form = ReasonForm.read(request.form, "Say why: whoever allocates it next needs to know")
    except FormFaults as error:
        return _hand_back_page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.HAND_BACK)
        with undoable_on(session, officer(), case, at=served.now()) as done:
            hand_back(session, served, case, form.reason, at=served.now(), by=actor())
    tell(f"{reference} is handed back and waits for a new owner.", undo=done.key)
    return _back(reference)


def _page(reference: str, faults: dict[str, str], typed: object) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        require(case.stage, Act.TRIAGE)
        require_may(officer(), case, Act.TRIAGE)
        words = fold(request_text(session, case), case.subject, opening=True)
        radar = radar_words(session, desk(), case)
    regimes = [(regime.value, f"{rules.title} ({regime.value})") for regime, rules in RULES.items()]
    found = [(choice.value, words) for choice, words in WORDS.items()]
    return render_template(
        "web/triage.html", case=case, words=words, found=found, regimes=regimes, typed=typed, faults=faults, **radar
    )


def _confirm_page(reference: str, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        require(case.stage, Act.CONFIRM)
        require_may(officer(), case, Act.CONFIRM)
        words = fold(request_text(session, case), case.subject, opening=True)
    return render_template("web/triage_confirm.html", case=case, words=words, faults=faults)


def _hand_back_page(reference: str, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
    require(case.stage, Act.HAND_BACK)
    require_may(officer(), case, Act.HAND_BACK)
    return render_template("web/hand_back.html", case=case, faults=faults)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("cases.show", reference=reference))

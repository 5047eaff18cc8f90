"""A case's page, and what an officer can do with the case there."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.acknowledge import ACKNOWLEDGEMENT, REVIEW_ACKNOWLEDGEMENT
from service.casework.assign import assign
from service.casework.close import AnswerDateImpossible, close
from service.casework.complaint import conclude_complaint
from service.casework.explain_case import explain_case
from service.casework.note import add_note
from service.casework.permission import may, may_act, may_assign, require_may_act, require_may_assign
from service.casework.review import not_independent, original_of, waiver
from service.casework.undo import undoable_on
from service.domain.outcome import outcomes_of
from service.domain.regime import Matter
from service.domain.stage import Act, Stage, allowed, require
from service.errors import ClockError
from service.store.cases import case_by_reference
from service.store.correspondence import was_written_to
from service.store.database import reading, transaction
from service.store.forwards import undecided_forward
from service.store.officers import Role
from service.store.tables import Case
from web import originals
from web.casefile import TO_THE_TEAM, letter_state, letter_tag, message_on_case, read_casefile
from web.clock import drawn
from web.current import actor, desk, officer
from web.fields import choices, day_parts, typed_day
from web.forms import AssignForm, CloseForm, FormFaults, NoteForm
from web.review_forms import read_ruling
from web.standings import REGIMES, standing_tag
from web.told import tell

NO_ANSWER = (*TO_THE_TEAM, ACKNOWLEDGEMENT, REVIEW_ACKNOWLEDGEMENT, "deadline", "holding")
pages = Blueprint("cases", __name__, url_prefix="/cases/<path:reference>")


@pages.get("")
def show(reference: str) -> ResponseReturnValue:
    return _page(reference)


@pages.post("/owner")
def give(reference: str) -> ResponseReturnValue:
    try:
        form = AssignForm.read(request.form)
    except FormFaults as error:
        return _page(reference, error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may_assign(officer(), case, form.owner_id)
        if _has_it(case, form.owner_id):
            flash(f"{reference} has that owner already.")
            return _back(reference)
        with undoable_on(session, officer(), case, at=served.now()) as done:
            assign(session, served, case, form.owner_id, at=served.now(), by=actor())
    mine = form.owner_id == officer().id
    tell(f"{reference} is now yours." if mine else f"{reference} has a new owner.", undo=done.key)
    return _back(reference)


def _has_it(case: Case, owner_id: int) -> bool:
    """Whether giving would change nothing, as with a double click; to take what one was given is to accept it."""
    return case.owner_id == owner_id and (case.stage != Stage.ALLOCATED or owner_id != officer().id)


@pages.post("/notes")
def write_note(reference: str) -> ResponseReturnValue:
    try:
        form = NoteForm.read(request.form)
    except FormFaults as error:
        return _page(reference, error.faults, request.form.get("note", "")), 422
    served = desk()
    with transaction(served.engine) as session:
        add_note(session, served, case_by_reference(session, reference), form.text, at=served.now(), by=actor())
    flash("The note is on the case.")
    return _back(reference)


@pages.get("/close")
def ask_outcome(reference: str) -> ResponseReturnValue:
    return _closing_page(reference, "", desk().today(), {})


@pages.post("/close")
def shut(reference: str) -> ResponseReturnValue:
    served = desk()
    try:
        form = CloseForm.read(request.form)
        with transaction(served.engine) as session:
            case = case_by_reference(session, reference)
            require_may_act(officer(), case)
            _close(session, case, form)
    except FormFaults as error:
        return _closing_page(reference, request.form.get("outcome", ""), None, error.faults), 422
    except (AnswerDateImpossible, ClockError) as error:
        field = "answered_on" if isinstance(error, AnswerDateImpossible) else "outcome"
        return _closing_page(reference, request.form.get("outcome", ""), None, {field: str(error)}), 422
    flash(f"{reference} is closed: {form.outcome.value}.")
    return _back(reference)


def _close(session: Session, case: Case, form: CloseForm) -> None:
    served, day = desk(), form.answered_on
    if case.matter == Matter.REGULATOR:
        ruling = read_ruling(request.form)
        conclude_complaint(session, served, case, form.outcome, ruling, answered_on=day, at=served.now(), by=actor())
    else:
        close(session, served, case, form.outcome, answered_on=day, at=served.now(), by=actor())


@pages.get("/messages/<key:message_id>/as-sent")
def as_sent(reference: str, message_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.as_sent(session, message_on_case(session, reference, message_id))


@pages.get("/messages/<key:message_id>/original")
def original(reference: str, message_id: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.original_of(session, desk(), message_on_case(session, reference, message_id))


@pages.get("/messages/<key:message_id>/files/<key:position>")
def file(reference: str, message_id: int, position: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        return originals.file_of(session, desk(), message_on_case(session, reference, message_id), position)


def _page(reference: str, faults: dict[str, str] | None = None, note: str = "") -> str:
    served = desk()
    with reading(served.engine) as session:
        found = read_casefile(session, reference, everything=request.args.get("show") == "all")
        explained = explain_case(session, served, found.case, told=found.told)
        forward = undecided_forward(session, found.case.id)
        barred = not_independent(session, found.case)
        waived = waiver(session, found.case) if original_of(session, found.case) else ""
    receivers = [
        member for member in found.team if may_assign(officer(), found.case, member.id) and member.id not in barred
    ]
    return render_template(
        "web/case.html",
        file=found,
        case=found.case,
        forward=forward,
        tag=standing_tag(served, found.case),
        explained=explained,
        **drawn(explained),
        allowed=allowed(found.case.stage),
        can={act for act in allowed(found.case.stage) if may(officer(), found.case, act, found.turn)},
        acts=Act,
        may_act=may_act(officer(), found.case),
        may_give=receivers,
        barred=[(member.name, barred[member.id]) for member in found.team if member.id in barred],
        waived=waived,
        oversees=Role(officer().role).covers(Role.SUPERVISOR),
        give_to=[(member.id, member.name) for member in receivers],
        regime_name=REGIMES[found.case.regime],
        letter_state=letter_state,
        letter_tag=letter_tag,
        faults=faults or {},
        note=note,
    )


def _closing_page(reference: str, outcome: str, day: date | None, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        written = was_written_to(session, case, but=NO_ANSWER)
    _require_open_to(case, Act.CLOSE)
    return render_template(
        "web/close.html",
        case=case,
        written=written,
        outcome=outcome,
        typed=day_parts(day) if day else typed_day(request.form, "answered_on"),
        comply_by=typed_day(request.form, "comply_by"),
        ruling=request.form,
        faults=faults,
        outcomes=choices(outcomes_of(case.matter)),
    )


def _require_open_to(case: Case, act: Act) -> None:
    require(case.stage, act)
    require_may_act(officer(), case)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("cases.show", reference=reference))

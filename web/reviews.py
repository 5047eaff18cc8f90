"""What follows on an answer: an internal review, and a complaint to the regulator."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.complaint import LetterDayImpossible, complaint_under_way, open_complaint
from service.casework.permission import NotYours, require_may
from service.casework.record import instant_of
from service.casework.review import (
    ReviewDayImpossible,
    asked_late,
    find,
    open_review,
    require_reviewable,
    waive_independence,
)
from service.domain.regulator import regulator
from service.domain.stage import Act
from service.errors import ClockError
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.officers import Role
from web.casework_forms import ReasonForm
from web.current import actor, desk, officer
from web.fields import day_parts, typed_day
from web.forms import FormFaults
from web.review_forms import FindingForm, ReviewForm, read_complaint

pages = Blueprint("reviews", __name__, url_prefix="/cases/<path:reference>")


@pages.get("/review")
def ask(reference: str) -> ResponseReturnValue:
    return _review_page(reference, {}, desk().today())


@pages.post("/review")
def begin(reference: str) -> ResponseReturnValue:
    """Open a review that was not asked for by email."""
    served = desk()
    try:
        form = ReviewForm.read(request.form)
        at = served.now()
        asked_at = instant_of(form.asked_on, at)
        with transaction(served.engine) as session:
            original = case_by_reference(session, reference)
            late = asked_late(served, original, asked_at)
            case = open_review(session, served, original, form.words, asked_at=asked_at, at=at, by=actor())
            opened = case.reference
    except FormFaults as error:
        return _review_page(reference, error.faults, None), 422
    except ReviewDayImpossible as error:
        return _review_page(reference, {"asked_on": str(error)}, None), 422
    flash(
        f"{opened} is open. It was asked for late: you need not take it up, but say so."
        if late
        else f"{opened} is open."
    )
    return redirect(url_for("cases.show", reference=opened))


@pages.post("/finding")
def tell(reference: str) -> ResponseReturnValue:
    """The reviewer says whether the first decision stands."""
    form = FindingForm.read(request.form)
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        require_may(officer(), case, Act.DECIDE)
        find(session, served, case, form.found, form.reason, at=served.now(), by=actor())
    flash(f"The review finds: {form.found.value}. Compose the letter anew.")
    return redirect(url_for("response.show", reference=reference))


@pages.post("/independence")
def waive(reference: str) -> ResponseReturnValue:
    """A supervisor records why nobody independent can review."""
    form = ReasonForm.read(request.form, "Say why nobody else can review this")
    if not Role(officer().role).covers(Role.SUPERVISOR):
        raise NotYours(why="That nobody independent can review is for a supervisor to say.")
    served = desk()
    with transaction(served.engine) as session:
        case = case_by_reference(session, reference)
        waive_independence(session, served, case, form.reason, at=served.now(), by=actor())
    flash("It is recorded why nobody independent can review this.")
    return redirect(url_for("cases.show", reference=reference))


@pages.get("/complaint")
def ask_complaint(reference: str) -> ResponseReturnValue:
    return _complaint_page(reference, {})


@pages.post("/complaint")
def begin_complaint(reference: str) -> ResponseReturnValue:
    """Open the case of a complaint that the regulator has written about."""
    served = desk()
    try:
        told = read_complaint(request.form)
        with transaction(served.engine) as session:
            original = case_by_reference(session, reference)
            case = open_complaint(session, served, original, told, at=served.now(), by=actor())
            opened = case.reference
    except FormFaults as error:
        return _complaint_page(reference, error.faults), 422
    except LetterDayImpossible as error:
        return _complaint_page(reference, {"received_on": str(error)}), 422
    except ClockError as error:
        return _complaint_page(reference, {"answer_by": str(error)}), 422
    flash(f"{opened} is open.")
    return redirect(url_for("cases.show", reference=opened))


def _review_page(reference: str, faults: Mapping[str, str], day: date | None) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        require_reviewable(session, case)
    asked_on = day_parts(day) if day else typed_day(request.form, "asked_on")
    typed = {"asked_on": asked_on, "words": request.form.get("words", "")}
    return render_template("web/review.html", case=case, typed=typed, faults=faults)


def _complaint_page(reference: str, faults: Mapping[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        under_way = complaint_under_way(session, case)
    days = {name: typed_day(request.form, name) for name in ("received_on", "answer_by")}
    return render_template(
        "web/complaint.html",
        case=case,
        under_way=under_way,
        regulator=regulator(case.regime, desk().today()),
        days=days,
        typed=request.form,
        faults=faults,
    )

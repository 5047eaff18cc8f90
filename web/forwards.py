"""Who asked, when a colleague passed a request on: what the mail tells, for an officer to confirm or decline."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.clock_facts import ClockFact, consider
from service.casework.forwards import Asker, PassedOnBefore, confirm, decline
from service.casework.permission import may_assign, require_may_assign
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.timeline import say
from service.errors import ClockError
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.forwards import cases_of_address, undecided_forward, undecided_forwards
from service.store.tables import Case, Forward, Message
from web.casefile import one_mail
from web.clock_forms import LONGEST_REASON
from web.current import actor, desk, officer
from web.forms import FormFaults, Reader

pages = Blueprint("forwards", __name__)
FIELDS = ("name", "address", "reason", "received_on-day", "received_on-month", "received_on-year")


@pages.get("/post/forwarded")
def waiting() -> ResponseReturnValue:
    with reading(desk().engine) as session:
        rows = undecided_forwards(session)
    return render_template("web/forwards.html", rows=rows)


@pages.get("/cases/<path:reference>/who-asked")
def ask(reference: str) -> ResponseReturnValue:
    return _page(reference, {})


@pages.post("/cases/<path:reference>/who-asked")
def settle(reference: str) -> ResponseReturnValue:
    """Record what the officer decided: that the mail inside is the request, or that the colleague asks."""
    served = desk()
    try:
        with transaction(served.engine) as session:
            case = case_by_reference(session, reference)
            require_may_assign(officer(), case, officer().id)
            _decide(session, served, case)
            said = f"{case.requester_name or case.requester_address} is the requester of {reference}."
            due = f" The answer is due on {say(case.due_on)}." if case.due_on else ""
    except FormFaults as error:
        return _page(reference, error.faults), 422
    except (PassedOnBefore, ClockError) as error:
        return _page(reference, {"received_on": str(error)}), 422
    flash(said + due)
    return redirect(url_for("cases.show", reference=reference))


def _decide(session: Session, served: Desk, case: Case) -> None:
    if request.form.get("decision") == "decline":
        decline(session, served, case, at=served.now(), by=actor())
    else:
        confirm(session, served, case, _asker(case), at=served.now(), by=actor())


def _asker(case: Case) -> Asker:
    """What the form tells; a reason is needed where the day of receipt changes. Raises FormFaults."""
    reader = Reader(request.form)
    name, address = reader.line("name"), reader.address("address")
    if not (name or address):
        reader.faults.setdefault("name", "Enter the name or the address of the one who asked")
    received_on = reader.day("received_on", "The day of receipt")
    missing = "Say how the authority had it earlier; the regulator may ask" if received_on != case.received_on else ""
    asker = Asker(name, address, received_on, reader.text("reason", missing, LONGEST_REASON))
    reader.finish()
    return asker


def _page(reference: str, faults: dict[str, str]) -> str:
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        forward = undecided_forward(session, case.id)
        if forward is None:
            return render_template("web/forward_decided.html", case=case)
        mail = one_mail(session, session.get_one(Message, forward.message_id))
        would_be_due = _would_be_due(session, served, case, forward)
        theirs = cases_of_address(session, forward.sender_address)
    return render_template(
        "web/forward.html",
        case=case,
        forward=forward,
        mail=mail,
        proposed_on=_day(forward),
        would_be_due=would_be_due,
        theirs=theirs,
        typed=_typed(case, forward),
        faults=faults,
        may_decide=may_assign(officer(), case, officer().id),
    )


def _typed(case: Case, forward: Forward) -> dict[str, str]:
    """What the form stands at: what was typed, else what the mail tells."""
    day = _day(forward) or case.received_on
    passed_on_by = case.requester_name or case.requester_address
    proposed = {
        "name": forward.sender_name,
        "address": forward.sender_address,
        "reason": f"{passed_on_by} passed it on: another part of the authority had it first.",
        "received_on-day": str(day.day),
        "received_on-month": str(day.month),
        "received_on-year": str(day.year),
    }
    return proposed | {name: request.form[name] for name in FIELDS if name in request.form}


def _day(forward: Forward) -> date | None:
    """The Europe/London day on which the mail inside came, as it tells."""
    return forward.received_at.astimezone(LONDON).date() if forward.received_at else None


def _would_be_due(session: Session, served: Desk, case: Case, forward: Forward) -> date | None:
    """When the answer would be due by the proposed day; None when that is unknown, or no earlier."""
    day = _day(forward)
    if day is None or day >= case.received_on:
        return None
    told = {"received_on": day.isoformat(), "reason": "passed on"}
    fact = ClockFact(Kind.RECEIPT_CORRECTED, served.today(), told)
    try:
        return consider(session, served, case, fact, at=served.now(), by=actor()).clock.due_on
    except ClockError:
        return None  # something was done before that day; confirming it will say so

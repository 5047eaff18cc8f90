"""A case's clock: how its deadline came about, and what officers tell it, looked at before it is recorded."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.clock_facts import (
    ClockFact,
    FactDateImpossible,
    consider,
    consider_striking,
    establish,
    possible,
    strike_out,
)
from service.casework.explain_case import NoSuchEntry, explain_case
from service.casework.permission import may_act, require_may_act
from service.domain.explanation import Explanation
from service.domain.history import CaseState
from service.domain.kind import CLOCK_KINDS, Kind
from service.errors import ClockError
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.tables import Case
from web import month_picture
from web.casefile import clock_entries, clock_entry
from web.clock_forms import ASKED, MATTERS, Asked, asked_for, read_fact, read_reason
from web.current import actor, desk, officer
from web.fields import typed_day
from web.forms import MOST_DIGITS, FormFaults
from web.standings import REGIMES, standing_tag

pages = Blueprint("clock", __name__, url_prefix="/cases/<path:reference>")
DAY_FIELDS = ("on", "until", "received_on")


@pages.get("/clock")
def show(reference: str) -> ResponseReturnValue:
    served = desk()
    with reading(served.engine) as session:
        case = case_by_reference(session, reference)
        after = _after(reference)
        explained = explain_case(session, served, case, after)
        entries = clock_entries(session, case)
        facts = _possible(session, case)
    return render_template(
        "web/case_clock.html",
        case=case,
        after=next((entry for entry in entries if entry.seq == after), None),
        tag=standing_tag(served, case),
        explained=explained,
        regime_name=REGIMES[explained.clock.regime.value],
        entries=entries,
        struck_kinds=CLOCK_KINDS - {Kind.RECEIVED},
        facts=facts,
        **drawn(explained),
    )


@pages.get("/clock.txt")
def as_text(reference: str) -> ResponseReturnValue:
    return Response(f"{reference}\n{_explained(reference).full_text()}\n", mimetype="text/plain")


@pages.get("/clock.json")
def as_json(reference: str) -> ResponseReturnValue:
    return jsonify({"reference": reference, **_explained(reference).as_dict()})


@pages.get("/clock/<slug>")
def ask(reference: str, slug: str) -> ResponseReturnValue:
    asked, today = asked_for(slug), desk().today()
    with reading(desk().engine) as session:
        case = _case(session, reference)
    typed = {"on-day": str(today.day), "on-month": str(today.month), "on-year": str(today.year)}
    return _form(case, asked, typed | {"regime": case.regime, "matter": case.matter}, {})


@pages.post("/clock/<slug>")
def tell(reference: str, slug: str) -> ResponseReturnValue:
    """Check what was filled in, show what it would come to, and record it once that has been seen."""
    asked, served = asked_for(slug), desk()
    typed = {name: value for name, value in request.form.items() if name not in ("csrf_token", "step")}
    with transaction(served.engine) as session:
        case = _case(session, reference)
        if typed and request.form.get("step") == "change":
            return _form(case, asked, typed, {})
        try:
            fact = read_fact(asked, request.form, served.today())
            before = explain_case(session, served, case)
            state = _told(session, case, fact)
        except FormFaults as error:
            return _form(case, asked, typed, error.faults), 422
        except (ClockError, FactDateImpossible) as error:
            return _form(case, asked, typed, {_first_field(asked): str(error)}), 422
        if request.form.get("step") != "record":
            return _preview(case, asked.heading, typed, fact.on if asked.day else None, before, state)
    flash(_recorded(state))
    return _back(reference)


@pages.get("/clock/entries/<key:seq>/strike-out")
def ask_to_strike(reference: str, seq: int) -> ResponseReturnValue:
    with reading(desk().engine) as session:
        case = _case(session, reference)
        return _strike_form(session, case, seq, "", {})


@pages.post("/clock/entries/<key:seq>/strike-out")
def strike(reference: str, seq: int) -> ResponseReturnValue:
    served, reason = desk(), request.form.get("reason", "")
    with transaction(served.engine) as session:
        case = _case(session, reference)
        if request.form.get("step") == "change":
            return _strike_form(session, case, seq, reason, {})
        try:
            told = read_reason(request.form)
            before = explain_case(session, served, case)
            act = strike_out if request.form.get("step") == "record" else consider_striking
            state = act(session, served, case, seq, told, at=served.now(), by=actor())
        except FormFaults as error:
            return _strike_form(session, case, seq, reason, error.faults), 422
        except ClockError as error:
            return _strike_form(session, case, seq, reason, {"reason": str(error)}), 422
        if request.form.get("step") != "record":
            return _preview(case, "Strike out an entry", {"reason": told}, None, before, state)
    flash(_recorded(state))
    return _back(reference)


def drawn(explained: Explanation) -> dict[str, object]:
    """The words that month_picture.html wants."""
    return {"drawn": month_picture.picture(explained), "drawn_in_words": month_picture.in_words(explained)}


def _case(session: Session, reference: str) -> Case:
    case = case_by_reference(session, reference)
    require_may_act(officer(), case)
    return case


def _after(reference: str) -> int | None:
    """The entry that the address names with ?after=; raises NoSuchEntry for what is no number."""
    text = request.args.get("after", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NoSuchEntry(reference=reference, seq="of that number")
    return int(text) if text else None


def _explained(reference: str) -> Explanation:
    with reading(desk().engine) as session:
        return explain_case(session, desk(), case_by_reference(session, reference), _after(reference))


def _possible(session: Session, case: Case) -> list[Asked]:
    if not may_act(officer(), case):
        return []
    kinds = possible(explain_case(session, desk(), case).clock)
    return [asked for asked in ASKED.values() if asked.kind in kinds]


def _told(session: Session, case: Case, fact: ClockFact) -> CaseState:
    act: Callable[..., CaseState] = establish if request.form.get("step") == "record" else consider
    return act(session, desk(), case, fact, at=desk().now(), by=actor())


def _first_field(asked: Asked) -> str:
    return {Kind.EXTENDED: "until", Kind.RECEIPT_CORRECTED: "received_on", Kind.REGIME_CHANGED: "regime"}.get(
        asked.kind, "on"
    )


def _form(case: Case, asked: Asked, typed: dict[str, str], faults: dict[str, str]) -> str:
    days = {name: typed_day(typed, name) for name in DAY_FIELDS}
    return render_template(
        "web/clock_fact.html",
        case=case,
        asked=asked,
        kinds=Kind,
        typed={name: typed.get(name, "") for name in ("reason", "amount", "regime", "matter")},
        days=days,
        faults=faults,
        regimes=list(REGIMES.items()),
        matters=[(matter.value, words) for matter, words in MATTERS.items()],
    )


def _strike_form(session: Session, case: Case, seq: int, reason: str, faults: dict[str, str]) -> str:
    entry = clock_entry(session, case, seq)
    return render_template("web/clock_strike.html", case=case, entry=entry, reason=reason, faults=faults)


def _preview(
    case: Case, heading: str, typed: dict[str, str], on: date | None, before: Explanation, state: CaseState
) -> str:
    clock = state.clock
    return render_template(
        "web/clock_check.html",
        case=case,
        heading=heading,
        typed=typed,
        on=on,
        before=before.clock,
        after=clock,
        reopened=case.stage == "closed" and state.stage != "closed",
        warnings=[warning for warning in clock.warnings if warning not in before.clock.warnings],
    )


def _recorded(state: CaseState) -> str:
    due_on = state.clock.due_on
    then = f"The answer is due on {due_on:%A %-d %B %Y}." if due_on else f"The clock is {state.clock.state}."
    return f"Recorded. {then}"


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("clock.show", reference=reference))

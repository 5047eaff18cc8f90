"""The public deadline calculator: a date of receipt and a law give the deadline, explained day by day."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.clock import Received, read_clock
from service.domain.explanation import Explanation, explain
from service.domain.regime import RULES, Regime
from web.current import desk

pages = Blueprint("calculator", __name__)
EARLIEST, LATEST = date(2005, 1, 1), date(2100, 1, 1)  # the Acts came into force on the first of January 2005
LAWS = {regime.value: rules.title for regime, rules in RULES.items()}


@pages.get("/deadline")
def show() -> ResponseReturnValue:
    typed = {
        "received": request.args.get("received", desk().today().isoformat()),
        "regime": request.args.get("regime", desk().settings.regime),
    }
    faults = _faults(typed)
    explained = None if faults else _explained(typed)
    page = render_template("web/calculator.html", typed=typed, laws=LAWS, faults=faults, explained=explained)
    return page, 422 if faults else 200


def _faults(typed: dict[str, str]) -> dict[str, str]:
    faults = {}
    if typed["regime"] not in LAWS:
        faults["regime"] = "Choose a law"
    received = _date(typed["received"])
    if received is None:
        faults["received"] = "Enter the day it was received, like 2024-03-04"
    elif not EARLIEST <= received < LATEST:
        faults["received"] = f"Enter a day from {EARLIEST.year} to {LATEST.year - 1}"
    return faults


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _explained(typed: dict[str, str]) -> Explanation:
    calendars = desk().calendars
    received = Received(date.fromisoformat(typed["received"].strip()))
    return explain(read_clock([received], Regime(typed["regime"]), calendars), calendars)

"""What programs sign in with: an officer's calendar feeds, and the tokens of the API, which administrators make."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.grant import MOST_DAYS, USUAL_DAYS, make_feed, make_token
from service.casework.permission import NotYours
from service.desk import Desk
from service.domain.token import Scope
from service.store.api_tokens import revoke_token, tokens
from service.store.database import reading, transaction
from service.store.feeds import feeds_of, revoke_feed
from service.store.officers import Role
from web.current import actor, desk, officer, role
from web.feeds import NAMES
from web.filters import day
from web.forms import FormFaults, Reader
from web.told import made, show_once

log = logging.getLogger(__name__)
pages = Blueprint("grants", __name__, url_prefix="/calendar-and-api")
WHOSE = {"mine": "My cases", "team": "Every open case of the team"}
SCOPES = {
    Scope.CASES: "Cases: reference, law, stage, dates, owner, decisions",
    Scope.DEADLINES: "Deadlines of open cases",
    Scope.STATISTICS: "The statutory statistics",
    Scope.REQUESTERS: "Requesters too: their names and addresses, and the subject in their words (personal data)",
}
DAYS = {"30": "30 days", "90": "90 days", str(USUAL_DAYS): "A year", str(MOST_DAYS): "Two years"}


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A token as an administrator asks for it."""

    name: str
    scopes: tuple[Scope, ...]
    days: int

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        reader = Reader(values)
        name = reader.line("name", "Say which program will use the token")
        days = reader.choice("days", DAYS, "Choose how long the token is good for")
        scopes = tuple(scope for scope in Scope if scope.value in values.getlist("scope"))
        if not set(scopes) - {Scope.REQUESTERS}:
            reader.faults["scope"] = "Choose at least one of cases, deadlines and statistics"
        reader.finish()
        return cls(name, scopes, int(days))

    def expires_on(self, today: date) -> date:
        """The last day it is good for."""
        return today + timedelta(days=self.days)


@pages.get("")
def show() -> ResponseReturnValue:
    return _page(address=made("calendar"), token=made("token"))


@pages.post("/feeds")
def add_feed() -> ResponseReturnValue:
    """Make a calendar feed and show its address this once."""
    reader = Reader(request.form)
    whose = reader.choice("whose", WHOSE, "Choose whose deadlines the calendar shows")
    try:
        reader.finish()
    except FormFaults as error:
        return _page(faults=error.faults), 422
    served = desk()
    with transaction(served.engine) as session:
        token = make_feed(session, officer().id, whole_team=whose == "team", at=served.now())
    log.info("%s made a calendar feed (%s)", actor(), whose)
    show_once("calendar", _address(served, token))
    return redirect(url_for("grants.show"))


def _address(served: Desk, token: str) -> str:
    return served.settings.web.url.rstrip("/") + url_for("feeds.show", token=token)


@pages.get("/feeds/<key:feed_id>/revoke")
def ask_end_feed(feed_id: int) -> ResponseReturnValue:
    """Revoking cannot be undone, so it is asked about first."""
    with reading(desk().engine) as session:
        feed = next((one for one in feeds_of(session, officer().id) if one.id == feed_id), None)
    if feed is None:
        return redirect(url_for("grants.show"))
    what = f"the calendar “{NAMES[feed.whole_team]}” of {day(feed.created_at)}"
    return render_template("web/revoke.html", what=what, address=url_for("grants.end_feed", feed_id=feed_id))


@pages.post("/feeds/<key:feed_id>/revoke")
def end_feed(feed_id: int) -> ResponseReturnValue:
    with transaction(desk().engine) as session:
        revoke_feed(session, feed_id, officer().id)
    log.info("%s revoked calendar feed %d", actor(), feed_id)
    flash("The calendar’s address no longer works.")
    return redirect(url_for("grants.show"))


@pages.post("/tokens")
def add_token() -> ResponseReturnValue:
    """Make a token of the API and show it this once."""
    _require_administrator()
    served, today = desk(), desk().today()
    try:
        form = TokenForm.read(request.form)
    except FormFaults as error:
        return _page(faults=error.faults), 422
    with transaction(served.engine) as session:
        token = make_token(
            session,
            form.name,
            form.scopes,
            expires_on=form.expires_on(today),
            today=today,
            at=served.now(),
            by=actor(),
        )
    log.info("%s made an API token with the scopes %s", actor(), " ".join(form.scopes))
    show_once("token", token)
    return redirect(url_for("grants.show"))


@pages.get("/tokens/<key:token_id>/revoke")
def ask_end_token(token_id: int) -> ResponseReturnValue:
    """Revoking cannot be undone, so it is asked about first."""
    _require_administrator()
    with reading(desk().engine) as session:
        token = next((one for one in tokens(session) if one.id == token_id), None)
    if token is None:
        return redirect(url_for("grants.show"))
    what = f"the token of {token.name}"
    return render_template("web/revoke.html", what=what, address=url_for("grants.end_token", token_id=token_id))


@pages.post("/tokens/<key:token_id>/revoke")
def end_token(token_id: int) -> ResponseReturnValue:
    _require_administrator()
    with transaction(desk().engine) as session:
        revoke_token(session, token_id, desk().now())
    log.info("%s revoked API token %d", actor(), token_id)
    flash("The token no longer works.")
    return redirect(url_for("grants.show"))


def _require_administrator() -> None:
    if not role().covers(Role.ADMINISTRATOR):
        raise NotYours(why="Tokens of the API are made and revoked by administrators.")


def _page(faults: dict[str, str] | None = None, *, address: str = "", token: str = "") -> str:
    administers = role().covers(Role.ADMINISTRATOR)
    with reading(desk().engine) as session:
        feeds = feeds_of(session, officer().id)
        held = tokens(session) if administers else ()
    return render_template(
        "web/grants.html",
        feeds=feeds,
        feed_names=NAMES,
        tokens=held,
        administers=administers,
        address=address,
        token=token,
        whose=list(WHOSE.items()),
        scopes=[(scope.value, said) for scope, said in SCOPES.items()],
        days=list(DAYS.items()),
        typed=request.form,
        chosen=request.form.getlist("scope"),
        subjects=desk().settings.web.calendar_subjects,
        faults=faults or {},
    )

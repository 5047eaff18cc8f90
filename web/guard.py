"""Who may see what: every page needs an officer unless it is named here. What an officer may do, permission says."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import sign_ins
from web.api.problems import under_api
from web.current import desk

PUBLIC = (
    "static",
    "theme.show",
    "theme.logo",
    "access.show_sign_in",
    "access.sign_in",
    "health.show",
    "calculator.show",
    "calculator.as_text",
    "calculator.as_json",
    "demo.write",
    "demo.send",
    "demo.inbox",
    "demo.answer",
    # These look at a token of their own: a calendar's address is one, and a program shows one.
    "feeds.show",
    "api.cases",
    "api.case",
    "api.deadlines",
    "api.statistics",
    "api.describe",  # no data
)
GREETING = (
    "access.show_sign_in",
    "calculator.show",
    "demo.write",
    "demo.send",
    "demo.inbox",
    "demo.answer",
)  # public, yet they show who is signed in
NOT_TYPED = ("csrf_token", "list", "password")  # nor to be shown
LONG_TEXT = 20  # characters; typed text of this length is given back when the session ended under it


def require_officer() -> ResponseReturnValue | None:
    """Let nobody but an officer past, except to what is public by name; an address we do not have is no secret."""
    endpoint = request.endpoint
    if (endpoint in PUBLIC and endpoint not in GREETING) or under_api():
        return None  # nothing but what is public is served under /api, and no session is looked at
    identify()
    if g.officer is not None or endpoint is None or endpoint in PUBLIC:
        return None
    if request.method == "POST":
        return _signed_out()
    return redirect(url_for("access.show_sign_in", next=request.full_path.rstrip("?")))


def identify() -> None:
    """Note who sends this request, and when they are signed out unless they do something."""
    by_itself = request.endpoint == "news.show" and "stay" not in request.args
    found = sign_ins.current(desk(), used=not by_itself)
    g.officer, g.signs_out_at = found if found is not None else (None, None)


def _signed_out() -> ResponseReturnValue:
    """A session that ended while its officer was writing must not cost them the letter."""
    return render_template("web/signed_out.html", typed=long_texts()), 401


def long_texts() -> list[str]:
    """What somebody took time to write into the form that was sent."""
    return [value for name, value in request.form.items() if name not in NOT_TYPED and len(value) >= LONG_TEXT]

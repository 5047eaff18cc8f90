"""Who may see what: every page needs an officer unless it is named here. What an officer may do, permission says."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import sign_ins
from web.current import desk

PUBLIC = (
    "static",
    "theme.show",
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
)
GREETING = (
    "access.show_sign_in",
    "calculator.show",
    "demo.write",
    "demo.send",
    "demo.inbox",
    "demo.answer",
)  # public, yet they show who is signed in
LONG_TEXT = 20  # characters; typed text of this length is given back when the session ended under it


def require_officer() -> ResponseReturnValue | None:
    """Let nobody but an officer past, except to what is public by name; an address we do not have is no secret."""
    endpoint = request.endpoint
    if endpoint in PUBLIC and endpoint not in GREETING:
        return None
    g.officer = sign_ins.current(desk())
    if g.officer is not None or endpoint is None or endpoint in PUBLIC:
        return None
    if request.method == "POST":
        return _signed_out()
    return redirect(url_for("access.show_sign_in", next=request.full_path.rstrip("?")))


def _signed_out() -> ResponseReturnValue:
    """A session that ended while its officer was writing must not cost them the letter."""
    typed = [value for name, value in request.form.items() if name != "csrf_token" and len(value) >= LONG_TEXT]
    return render_template("web/signed_out.html", typed=typed), 401

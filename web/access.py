"""Signing in and out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from service.desk import Desk
from service.store.database import reading
from service.store.officers import officer_by_email
from service.store.tables import Officer
from web import sign_ins
from web.current import desk, officer_or_none
from web.forms import FormFaults, SignInForm, clean
from web.network import network
from web.passwords import verify_password

pages = Blueprint("access", __name__)
HOME = "/"


@pages.get("/sign-in")
def show_sign_in() -> ResponseReturnValue:
    if officer_or_none() is not None:
        return redirect(HOME)
    return _page({}, "", _wanted(request.args.get("next", "")))


@pages.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    wanted = _wanted(request.form.get("next", ""))
    try:
        form = SignInForm.read(request.form)
        officer = _check(form)
    except FormFaults as error:
        return _page(error.faults, request.form.get("email", ""), wanted), 422
    sign_ins.begin(desk(), officer)
    return redirect(wanted)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    sign_ins.end(desk())
    return redirect(url_for("access.show_sign_in"))


def limit_sign_ins(app: Flask, served: Desk) -> None:
    """Slow down guessing, by network address and by account; the counts live in this process."""
    limiter = Limiter(network, app=app, storage_uri="memory://", headers_enabled=False)
    by: tuple[Callable[[], str], ...] = (network, _account)
    for key in by:
        limited: Any = limiter.limit(served.settings.web.sign_in_limit, key_func=key)
        app.view_functions["access.sign_in"] = limited(app.view_functions["access.sign_in"])


def _account() -> str:
    """The account as the form reads it, or one would be counted under each of its spellings."""
    return "account " + " ".join(clean(request.form.get("email", "")).split()).casefold()[:200]


def _check(form: SignInForm) -> Officer:
    with reading(desk().engine) as session:
        officer = officer_by_email(session, form.email)
    known = officer.password_hash if officer is not None and officer.active else None
    if not verify_password(known, form.password) or officer is None:
        # One sentence for every cause: it does not tell who works here.
        raise FormFaults({"email": "The email address or the password is not right"})
    return officer


def _wanted(path: str) -> str:
    """Where to go after signing in: a path of our own, never another site's address."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else HOME


def _page(faults: dict[str, str], email: str, wanted: str) -> str:
    return render_template("web/sign_in.html", faults=faults, email=email, wanted=wanted)

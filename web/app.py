"""The Flask application: what it serves, how it is guarded, and where its templates lie. Starts no thread."""

import hmac
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

import templates
from service.desk import Desk
from web import (
    access,
    almanac,
    answered,
    bulk,
    calculator,
    cases,
    clock,
    consultations,
    costs,
    digests,
    errors,
    feeds,
    files,
    forwards,
    grants,
    guard,
    headers,
    health,
    holidays,
    instructions,
    letter_documents,
    letters,
    mailboxes,
    news,
    notices,
    post,
    questions,
    response,
    reviews,
    saved,
    search,
    statistics,
    supervisor,
    theme,
    triage,
    undo,
    webhooks,
    what_if,
    worklist,
)
from web.api import rooms as api
from web.api.problems import no_redirect
from web.converters import CONVERTERS
from web.current import DESK, KEPT
from web.demo import DEMO, DemoMail
from web.demo import pages as demo_pages
from web.filters import FILTERS, tag_element, time_element
from web.kept import Kept
from web.layout import page_words
from web.paths import path_to

ROOMS = (
    access,
    worklist,
    saved,
    bulk,
    undo,
    news,
    search,
    statistics,
    supervisor,
    what_if,
    digests,
    cases,
    feeds,
    triage,
    questions,
    response,
    reviews,
    letter_documents,
    files,
    clock,
    consultations,
    instructions,
    costs,
    letters,
    notices,
    post,
    forwards,
    answered,
    calculator,
    holidays,
    mailboxes,
    grants,
    webhooks,
    health,
    theme,
)
LARGEST_FORM = 2_000_000  # bytes


def create_app(desk: Desk, demo: DemoMail | None = None) -> Flask:
    """The desk's pages; the demonstration's are there only when it is given its mail server."""
    app = errors.DeskPages("web", static_folder="static", template_folder=None)
    app.extensions[DESK], app.extensions[KEPT] = desk, Kept()
    app.config.update(_config(desk))
    app.url_map.converters.update(CONVERTERS)
    _dress(app, desk)
    app.before_request(files.allow_upload)  # before the forgery check, which reads the form
    CSRFProtect(app)
    app.before_request(almanac.refresh)
    app.before_request(guard.require_officer)
    app.before_request(news.mark)
    app.after_request(headers.secure)
    app.after_request(no_redirect)  # before it: they run last to first
    for module in (*ROOMS, api):
        app.register_blueprint(module.pages)
    if demo is not None:
        app.extensions[DEMO] = demo
        app.register_blueprint(demo_pages)
    access.limit_sign_ins(app, desk)
    api.limit_calls(app, desk)
    errors.register(app)
    return app


def _config(desk: Desk) -> dict[str, object]:
    secure = desk.settings.web.secure_cookies
    return {
        # Derived, so that a leaked cookie key does not give away the seal of our Message-IDs.
        "SECRET_KEY": hmac.digest(desk.secret, b"foidesk browser cookies", "sha256"),
        # A __Host- cookie cannot be set by a neighbouring site or over plain http (RFC 6265bis, 4.1.3.2).
        "SESSION_COOKIE_NAME": "__Host-foidesk" if secure else "foidesk",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=1),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a letter may take an afternoon to write
        "WTF_CSRF_SSL_STRICT": False,  # it needs a Referer, which some proxies strip; __Host- and SameSite do its work
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        files.LARGEST_UPLOAD: files.largest_upload(desk.settings),
    }


def _dress(app: Flask, desk: Desk) -> None:
    """Templates: the authority's own before ours, with a missing word an error and every value escaped."""
    folders = [folder for folder in (desk.settings.templates, Path(templates.__file__).parent) if folder is not None]
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(url_for=path_to, time_element=time_element, tag_element=tag_element)
    app.context_processor(page_words)

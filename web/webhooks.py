"""Webhooks: who is told of which events, and how each message fared; for administrators."""

import logging
from dataclasses import dataclass
from typing import Self

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.announce import queue_test
from service.casework.permission import NotYours
from service.casework.subscribe import rotate, subscribe, switch_on, try_again, unsubscribe
from service.domain.announcement import OF_CASES, SAID, Announcement
from service.hooks.destination import LONGEST, DestinationUnfit, read_destination
from service.hooks.signature import secret_of
from service.store.database import reading, transaction
from service.store.officers import Role
from service.store.tables import Webhook
from service.store.webhooks import FAILED, count_deliveries, last_deliveries, webhook_by_id, webhooks
from web.current import actor, desk, role
from web.forms import FormFaults, Reader
from web.told import made, show_once

log = logging.getLogger(__name__)
pages = Blueprint("webhooks", __name__, url_prefix="/webhooks")
SHOWN = 100  # messages
COLOURS = {"queued": "blue", "sending": "blue", "delivered": "green", FAILED: "red"}


@dataclass(frozen=True, slots=True)
class WebhookForm:
    """A webhook as an administrator asks for it."""

    url: str
    events: tuple[Announcement, ...]

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> Self:
        reader = Reader(values)
        url = reader.line("url", "Enter the address that is to be told", LONGEST)
        try:
            read_destination(url, desk().settings.webhooks.internal_networks)
        except DestinationUnfit as error:
            reader.faults.setdefault("url", str(error))
        events = tuple(event for event in OF_CASES if event.value in values.getlist("event"))
        if not events:
            reader.faults["event"] = "Choose at least one event"
        reader.finish()
        return cls(url, events)


@pages.before_request
def require_administrator() -> None:
    if not role().covers(Role.ADMINISTRATOR):
        raise NotYours(why="Webhooks are for administrators.")


@pages.get("")
def every() -> ResponseReturnValue:
    return _list()


@pages.post("")
def add() -> ResponseReturnValue:
    """Keep a webhook and show its secret this once."""
    served = desk()
    try:
        form = WebhookForm.read(request.form)
    except FormFaults as error:
        return _list(error.faults), 422
    with transaction(served.engine) as session:
        added = subscribe(session, form.url, form.events, at=served.now(), by=actor())
    log.info("%s made webhook %d", actor(), added.id)
    show_once(f"webhook {added.id}", secret_of(served.secret, added.salt))
    return _back(added.id)


@pages.get("/<key:webhook_id>")
def show(webhook_id: int) -> ResponseReturnValue:
    return _page(webhook_id, made(f"webhook {webhook_id}"))


@pages.post("/<key:webhook_id>/test")
def test(webhook_id: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        webhook_by_id(session, webhook_id)
        queue_test(session, webhook_id, at=served.now())
    flash("A test is on its way. Open this page again in a few seconds to see how it fared.")
    return _back(webhook_id)


@pages.post("/<key:webhook_id>/secret")
def change_secret(webhook_id: int) -> ResponseReturnValue:
    """Give it a new secret and show that this once."""
    served = desk()
    with transaction(served.engine) as session:
        changed = rotate(session, webhook_id, at=served.now())
    log.info("%s changed the secret of webhook %d", actor(), webhook_id)
    show_once(f"webhook {webhook_id}", secret_of(served.secret, changed.salt))
    return _back(webhook_id)


@pages.post("/<key:webhook_id>/on")
def turn_on(webhook_id: int) -> ResponseReturnValue:
    with transaction(desk().engine) as session:
        switch_on(session, webhook_id)
    log.info("%s switched webhook %d on", actor(), webhook_id)
    flash("The webhook is told of events again. What failed meanwhile can be tried again below.")
    return _back(webhook_id)


@pages.post("/<key:webhook_id>/remove")
def remove(webhook_id: int) -> ResponseReturnValue:
    with transaction(desk().engine) as session:
        unsubscribe(session, webhook_id, at=desk().now())
    log.info("%s removed webhook %d", actor(), webhook_id)
    flash("The webhook is told nothing more.")
    return redirect(url_for("webhooks.every"))


@pages.post("/<key:webhook_id>/messages/<key:delivery_id>")
def again(webhook_id: int, delivery_id: int) -> ResponseReturnValue:
    with transaction(desk().engine) as session:
        try_again(session, webhook_id, delivery_id, at=desk().now())
    flash("The message is tried again.")
    return _back(webhook_id)


def _back(webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))


def _list(faults: dict[str, str] | None = None) -> str:
    with reading(desk().engine) as session:
        found = webhooks(session)
        counts = count_deliveries(session)
    return render_template(
        "web/webhooks.html",
        webhooks=[(one, _state(one), counts.get((one.id, FAILED), 0)) for one in found],
        events=[(event.value, SAID[event]) for event in OF_CASES],
        said={event.value: said for event, said in SAID.items()},
        typed=request.form,
        chosen=request.form.getlist("event") if faults else [event.value for event in OF_CASES],
        faults=faults or {},
    )


def _page(webhook_id: int, secret: str) -> str:
    with reading(desk().engine) as session:
        found = webhook_by_id(session, webhook_id)
        told = last_deliveries(session, webhook_id, SHOWN)
    return render_template(
        "web/webhook.html",
        webhook=found,
        state=_state(found),
        secret=secret,
        messages=[(one, COLOURS[one.state], reference) for one, reference in told],
        said={event.value: said for event, said in SAID.items()},
        most=SHOWN,
    )


def _state(webhook: Webhook) -> tuple[str, str]:
    if webhook.disabled_at is not None:
        return "switched off", "red"
    return ("failing", "orange") if webhook.failing_since is not None else ("in use", "green")

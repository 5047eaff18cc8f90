"""The Undo button behind what was just done, and all that can still be undone."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.casework.undo import UNDO_WITHIN, What, undo
from service.store.bulk_acts import givings_of
from service.store.database import reading, transaction
from service.store.tables import Undoable
from service.store.undoables import still_undoable
from web.current import desk, officer

pages = Blueprint("undo", __name__, url_prefix="/undo")


@dataclass(frozen=True, slots=True)
class Step:
    """What its officer can still take back: in words, when it was done, and where to look at it and to undo it."""

    words: str
    at: datetime
    link: str
    address: str


@pages.get("")
def show() -> ResponseReturnValue:
    """What was done in the last day and can still be taken back by whoever looks, the last first."""
    served = desk()
    with reading(served.engine) as session:
        since = served.now() - UNDO_WITHIN
        steps = [_step(row) for row in still_undoable(session, officer().id, since)]
        for act, receiver, number in givings_of(session, officer().id, since):
            words = f"{number:,} {'case' if number == 1 else 'cases'} given to {receiver}"
            where, back = (url_for(f"bulk.{name}", bulk_id=act.id) for name in ("show", "take_back"))
            steps.append(Step(words, act.asked_at, where, back))
    return render_template("web/undo.html", steps=sorted(steps, key=lambda step: step.at, reverse=True))


def _step(row: Undoable) -> Step:
    data, address = json.loads(row.data), url_for(".undo_it", undo_id=row.id)
    match What(row.what):
        case What.CASE:
            words, link = f"Who has {data['reference']}", url_for("cases.show", reference=data["reference"])
        case What.POST:
            words, link = "A mail set aside", url_for("post.show", post_id=data["post"])
        case What.LIST:
            words, link = f"The saved list “{data['name']}” deleted", url_for("saved.show")
    return Step(words, row.made_at, link, address)


@pages.post("/<key:undo_id>")
def undo_it(undo_id: int) -> ResponseReturnValue:
    served = desk()
    with transaction(served.engine) as session:
        what, data = undo(session, served, officer(), undo_id, at=served.now())
    match what:
        case What.CASE:
            flash(f"Undone: {data['reference']} is as it was before.")
            return redirect(url_for("cases.show", reference=data["reference"]))
        case What.POST:
            flash("Undone: the mail is back where it was.")
            return redirect(url_for("post.show", post_id=data["post"]))
        case What.LIST:
            flash(f"Undone: “{data['name']}” is back.")
            return redirect(url_for("saved.show"))

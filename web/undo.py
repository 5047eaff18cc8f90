"""The Undo button behind what was just done."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from service.casework.undo import What, undo
from service.store.database import transaction
from web.current import desk, officer

pages = Blueprint("undo", __name__, url_prefix="/undo")


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

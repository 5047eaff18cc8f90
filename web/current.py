"""What a page may ask about the request under way: the desk it belongs to and the officer who sent it."""

from typing import cast

from flask import current_app, g

from service.casework.record import officer_actor
from service.desk import Desk
from service.store.officers import Role
from service.store.tables import Officer
from web.kept import Kept

DESK, KEPT = "foidesk", "foidesk kept"


def desk() -> Desk:
    """The desk that this application serves."""
    return cast(Desk, current_app.extensions[DESK])


def kept() -> Kept:
    """What took long to count and may be shown again."""
    return cast(Kept, current_app.extensions[KEPT])


def officer() -> Officer:
    """Who sent this request; only behind the guard."""
    return cast(Officer, g.officer)


def officer_or_none() -> Officer | None:
    """Who sent this request, or None on a public page."""
    return cast(Officer | None, g.get("officer"))


def actor() -> str:
    """The officer as the actor of an event."""
    return officer_actor(officer().id)


def role() -> Role:
    """What the officer may do."""
    return Role(officer().role)

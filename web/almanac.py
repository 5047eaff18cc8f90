"""Every page counts by the calendar of now, whichever process or command changed it."""

from contextlib import suppress

from flask import request

from service.store.database import DatabaseUnavailable, reading
from web.current import desk

WITHOUT_DATES = ("static", "theme.show", "health.show")


def refresh() -> None:
    """Read the calendar again where it has changed; the public calculator works on without a database."""
    if request.endpoint not in WITHOUT_DATES:
        with suppress(DatabaseUnavailable), reading(desk().engine) as session:
            desk().almanac.refresh(session)

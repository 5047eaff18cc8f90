"""What a page shows of the requests like a case's."""

from sqlmodel import Session

from service.casework.radar import WINDOW, Similar, like
from service.desk import Desk
from service.store.tables import Case


def radar_words(session: Session, served: Desk, case: Case) -> dict[str, object]:
    """The words of templates/web/_radar.html for a case."""
    found = like(session, served, case, served.today())
    return {"radar": found, "radar_window": WINDOW, "radar_apart": apart, "radar_concert": _in_concert(found)}


def apart(row: Similar) -> str:
    """How far two requests lie apart: 12 working days earlier."""
    days = abs(row.apart)
    if days == 0:
        return "the same day"
    return f"{days} working {'day' if days == 1 else 'days'} {'earlier' if row.apart < 0 else 'later'}"


def _in_concert(found: tuple[Similar, ...]) -> int:
    """How many different people seem to ask the same as this requester."""
    return len({row.requester for row in found if row.concert})

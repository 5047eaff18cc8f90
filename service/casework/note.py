"""A note to the file: for the team, never sent; yet a request for it would be a request like any other."""

from datetime import datetime

from sqlmodel import Session

from service.casework.record import record
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import Act, require
from service.store.tables import Case


def add_note(session: Session, desk: Desk, case: Case, text: str, *, at: datetime, by: str) -> None:
    """Add an officer's note to the timeline."""
    require(case.stage, Act.NOTE)
    record(session, desk, case, Kind.NOTED, at=at, by=by, text=text)

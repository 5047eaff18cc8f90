"""Giving a case to an officer."""

from datetime import datetime

from sqlmodel import Session

from service.casework.record import officer_actor, record
from service.casework.review import require_independent
from service.casework.tell_officers import tell_owner
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import Act, Stage, require
from service.store.officers import active_officer
from service.store.tables import Case


def assign(
    session: Session, desk: Desk, case: Case, officer_id: int, *, at: datetime, by: str, tell: bool = True
) -> None:
    """Make an active officer the owner, who has still to accept it and is told of it by mail, unless not to `tell`.

    Raises NotAllowedNow, NoSuchOfficer, or NotIndependent for a review of what they answered.
    """
    require(case.stage, Act.ASSIGN)
    owner = active_officer(session, officer_id)
    require_independent(session, case, officer_actor(owner.id))
    record(session, desk, case, Kind.ASSIGNED, at=at, by=by, owner=owner.id)
    if case.stage == Stage.ALLOCATED and by == officer_actor(owner.id):
        record(session, desk, case, Kind.ACCEPTED, at=at, by=by)  # who takes a case has accepted it
    if tell:
        tell_owner(session, desk, case, at=at, by=by)

"""Taking on a case one was given, or handing it back."""

from datetime import datetime

from sqlmodel import Session

from service.casework.record import record
from service.casework.review import require_independent
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.tables import Case


class HandBackUnexplained(DeskError):
    """Say why you hand the case back: whoever allocates it next needs to know."""


def accept(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> None:
    """The owner takes the case on; raises NotAllowedNow or NotIndependent."""
    require(case.stage, Act.ACCEPT)
    require_independent(session, case, by)
    record(session, desk, case, Kind.ACCEPTED, at=at, by=by)


def hand_back(session: Session, desk: Desk, case: Case, reason: str, *, at: datetime, by: str) -> None:
    """The owner gives the case up, and it waits to be allocated anew; raises NotAllowedNow, HandBackUnexplained."""
    require(case.stage, Act.HAND_BACK)
    if not reason:
        raise HandBackUnexplained
    record(session, desk, case, Kind.HANDED_BACK, at=at, by=by, reason=reason)

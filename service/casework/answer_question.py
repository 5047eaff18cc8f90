"""Questions that the desk asks an officer by mail, and what a yes does; a no leaves everything as it is."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from service.casework.consult import close_consultation
from service.casework.permission import require_may
from service.desk import Desk
from service.domain.consultation import Result
from service.domain.stage import Act
from service.domain.topic import Topic
from service.store.consultations import lock_consultation
from service.store.tables import Case, Officer

Agree = Callable[[Session, Desk, Officer, Case, int, datetime, str], str]


def close_as_suggested(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str
) -> str:
    """It is what the answer of somebody we asked seems to say; raises NotYours or ConsultationOver."""
    require_may(officer, case, Act.CONSULT)
    consultation = lock_consultation(session, case.id, about)
    result = Result(consultation.suggestion)
    close_consultation(session, desk, consultation, result, at=at, by=by)
    return f"What came of asking {consultation.name} is recorded: {result.value}."


# A question is one of domain.topic; its key is that of what it is about.
ASKED: dict[Topic, Agree] = {Topic.CONSULTED: close_as_suggested}

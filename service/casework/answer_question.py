"""Questions that the desk asks an officer by mail, and what a yes and a no do."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from service.casework.ask_notice import send_as_shown, send_nothing
from service.casework.consult import close_consultation
from service.casework.permission import require_may
from service.casework.sent_answers import REPLY, accept_answer, decline_answer
from service.desk import Desk
from service.domain.clock import State
from service.domain.consultation import Result
from service.domain.regime import Matter
from service.domain.sent_answer import NotTheAnswer
from service.domain.stage import Act
from service.domain.topic import Topic
from service.errors import DeskError
from service.store.consultations import lock_consultation
from service.store.tables import Case, Officer


class EndsWithRuling(DeskError):
    """A complaint ends with the regulator's ruling: close it on its own page, which asks for the particulars."""


Reply = Callable[[Session, Desk, Officer, Case, int, datetime, str], str]


def close_as_suggested(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str
) -> str:
    """It is what the answer of somebody we asked seems to say; raises NotYours or ConsultationOver."""
    require_may(officer, case, Act.CONSULT)
    consultation = lock_consultation(session, case.id, about)
    result = Result(consultation.suggestion)
    close_consultation(session, desk, consultation, result, at=at, by=by)
    return f"What came of asking {consultation.name} is recorded: {result.value}."


def leave_it(
    _session: Session, _desk: Desk, _officer: Officer, _case: Case, _about: int, _at: datetime, _by: str
) -> str:
    """It is not so, and somebody will say on the page what it is."""
    return "Nothing was changed; the case's page shows what waits there."


def take_as_answer(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str
) -> str:
    """A mail sent by hand was our answer; raises what accept_answer does, and NotYours."""
    require_may(officer, case, Act.CLOSE)
    if case.matter == Matter.REGULATOR:
        raise EndsWithRuling
    outcome = accept_answer(session, desk, case, about, at=at, by=by, how=REPLY)
    return f"The mail is taken as our answer, {outcome.value}, and the case is closed as of the instant it was sent."


def not_our_answer(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str
) -> str:
    """A mail sent by hand was not our answer; raises AnswerSettled or NotYours."""
    require_may(officer, case, Act.CLOSE)
    decline_answer(session, desk, case, about, NotTheAnswer.OTHER, reason="said by email", at=at, by=by)
    return (
        "The mail is kept on the case as something other than our answer, and the clock runs on. If it asked the "
        "requester what they mean, say so under *Stop, extend or correct the clock* on the case's page."
    )


def asked_what_is_meant(
    session: Session, desk: Desk, officer: Officer, case: Case, about: int, at: datetime, by: str
) -> str:
    """A mail sent by hand asked the requester what they mean: raises what decline_answer does, and NotYours."""
    require_may(officer, case, Act.CLOCK)
    decline_answer(session, desk, case, about, NotTheAnswer.QUESTION, at=at, by=by)
    if case.clock_state == State.AWAITING_CLARIFICATION:
        return "The mail is taken as our question to the requester, and the clock stands still since it was sent."
    return "The mail is taken as our question to the requester, who has answered it: the clock began anew."


# A question is one of domain.topic; its key is that of what it is about. What a yes does stands before what a no does.
ASKED: dict[Topic, tuple[Reply, Reply]] = {
    Topic.CONSULTED: (close_as_suggested, leave_it),
    Topic.SENT: (take_as_answer, not_our_answer),
    Topic.NOTICE: (send_as_shown, send_nothing),
}

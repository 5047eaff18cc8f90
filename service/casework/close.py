"""Closing a case with its outcome: the clock stops on the day the answer was given."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.casework.decide import decided
from service.casework.record import instant_of, record
from service.casework.review import require_independent
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.outcome import OF_REVIEWS, Outcome, is_open_to
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.tables import Case


class AnswerDateImpossible(DeskError):
    """The answer cannot have been given on {on:%-d %B %Y}: the request came on {received:%-d %B %Y} and today is
    {today:%-d %B %Y}."""


class OutcomeUnfit(DeskError):
    """{reference} cannot end as "{outcome}"."""


def close(
    session: Session, desk: Desk, case: Case, outcome: Outcome, *, answered_on: date, at: datetime, by: str
) -> None:
    """Close a case that was answered on a Europe/London day.

    Raises NotAllowedNow, OutcomeUnfit, NotIndependent, AnswerDateImpossible, or ClockError when the law does not let it
    end so: a request lapses only while something is waited for.
    """
    require_closable(session, case, outcome, answered_on=answered_on, at=at, by=by)
    answered_at = instant_of(answered_on, at)
    told: dict[str, Any] = {"outcome": outcome.value, **decided(session, case)}
    record(session, desk, case, Kind.CLOSED, at=at, happened_at=answered_at, by=by, **told)


def require_closable(
    session: Session, case: Case, outcome: Outcome, *, answered_on: date, at: datetime, by: str
) -> None:
    """Raise NotAllowedNow, OutcomeUnfit, NotIndependent or AnswerDateImpossible unless the case can end so."""
    require(case.stage, Act.CLOSE)
    if not is_open_to(outcome, case.matter):
        raise OutcomeUnfit(outcome=outcome.value, reference=case.reference)
    if outcome in OF_REVIEWS:
        require_independent(session, case, by)
    today = at.astimezone(LONDON).date()
    if not case.received_on <= answered_on <= today:
        raise AnswerDateImpossible(on=answered_on, received=case.received_on, today=today)

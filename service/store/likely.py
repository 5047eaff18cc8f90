"""Requests that may be like another: those of the same requester, and the words that each began with."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from service.domain.outcome import Outcome
from service.domain.regime import Matter
from service.store.tables import Case, Message, MessageBody


def cases_by(session: Session, case: Case, since: date, limit: int) -> Sequence[Case]:
    """Other requests since a day from the address of a case's requester, or in their full name; the newest first."""
    same = [col(Case.requester_key) == case.requester_key] if case.requester_key else []
    if len(case.requester_name.split()) > 1:
        same.append(func.lower(Case.requester_name) == case.requester_name.lower())
    if not same:
        return ()
    query = select(Case).where(or_(*same), *_is_another_request(case, since))
    return session.exec(query.order_by(col(Case.received_on).desc(), col(Case.id).desc()).limit(limit)).all()


def requests_among(session: Session, case_ids: Iterable[int], case: Case, since: date) -> Sequence[Case]:
    """Those of some cases that are requests other than a case, received since a day."""
    query = select(Case).where(col(Case.id).in_(list(case_ids)), *_is_another_request(case, since))
    return session.exec(query).all()


def first_words(session: Session, case_ids: Iterable[int]) -> dict[int, str]:
    """By case the words of the mail it began with, of those that have one."""
    first = (
        select(func.min(Message.id))
        .where(col(Message.case_id).in_(list(case_ids)), col(Message.direction) == "in")
        .group_by(col(Message.case_id))
    )
    query = select(Message.case_id, MessageBody.text).join(MessageBody, col(MessageBody.message_id) == col(Message.id))
    return {case_id: text for case_id, text in session.exec(query.where(col(Message.id).in_(first))) if case_id}


def _is_another_request(case: Case, since: date) -> tuple[ColumnElement[bool], ...]:
    """A review or a complaint asks for no information, and what is no request counts for nothing."""
    return (
        col(Case.id) != case.id,
        col(Case.matter).not_in([Matter.REVIEW.value, Matter.REGULATOR.value]),
        col(Case.outcome) != Outcome.NOT_FOI.value,
        col(Case.received_on) >= since,
    )

"""What the checker is told of a case: the record that its response is read against."""

from datetime import date, datetime

from sqlmodel import Session

from service.casework.decide import request_text
from service.casework.estimate_cost import limit_of, versions_of
from service.desk import Desk
from service.domain.amounts import money
from service.domain.kind import Kind
from service.domain.notice_check import NoticeFacts
from service.domain.regime import Matter, Regime
from service.domain.regulator import regulator
from service.store.case_files import released_names, unreleased_names
from service.store.cases import history
from service.store.officers import officer_by_id
from service.store.questions import questions_of
from service.store.tables import Case


def _decided_since(session: Session, case: Case, at: datetime) -> tuple[str, ...]:
    anew = {
        event.data.get("question", "")
        for event in history(session, case.id)
        if event.kind is Kind.DECIDED and event.at > at
    }
    return tuple(question.name for question in questions_of(session, case.id) if str(question.position) in anew)


def notice_facts(
    session: Session, desk: Desk, case: Case, today: date, *, written_at: datetime | None = None
) -> NoticeFacts:
    """The facts of a response that would go out today, written at an instant when that is known."""
    limit, estimates = limit_of(desk, case), versions_of(session, case)
    within = estimates[0].estimate if estimates and not estimates[0].estimate.over else None
    owner = officer_by_id(session, case.owner_id) if case.owner_id else None
    return NoticeFacts(
        regime=Regime(case.regime),
        reference=case.reference,
        received_on=case.received_on,
        due_on=case.due_on,
        sent_on=today,
        request=request_text(session, case),
        requester_name=case.requester_name,
        questions=questions_of(session, case.id),
        authority=desk.settings.authority_of(case.account).name,
        signatory=owner.name if owner else "",
        regulator=regulator(case.regime, today).name,
        attachments=released_names(session, case.id),
        attachments_unreleased=unreleased_names(session, case.id),
        decided_since=_decided_since(session, case, written_at) if written_at is not None else (),
        review=case.matter == Matter.REVIEW,
        cost_limit=limit.pounds if limit else 0,
        estimated=money(within.pence) if within else "",
    )

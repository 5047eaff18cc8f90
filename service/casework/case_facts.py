"""What the checker is told of a case: the record that its response is read against."""

from datetime import date

from sqlmodel import Session

from service.casework.decide import request_text
from service.desk import Desk
from service.domain.notice_check import NoticeFacts
from service.domain.regime import Matter, Regime
from service.domain.regulator import regulator
from service.store.case_files import released_names, unreleased_names
from service.store.officers import officer_by_id
from service.store.questions import questions_of
from service.store.tables import Case


def notice_facts(session: Session, desk: Desk, case: Case, today: date) -> NoticeFacts:
    """The facts of a response that would go out today."""
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
        review=case.matter == Matter.REVIEW,
    )

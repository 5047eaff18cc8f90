"""Those who were asked what they hold, and whether they have answered."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.domain.stage import Stage
from service.errors import DeskError
from service.store.tables import Case, Consultation


class NoSuchConsultation(DeskError):
    """Nobody was asked under that number on this case."""


def consultations_of(session: Session, case_id: int) -> Sequence[Consultation]:
    """A case's consultations, the oldest first."""
    query = select(Consultation).where(col(Consultation.case_id) == case_id)
    return session.exec(query.order_by(col(Consultation.asked_at), col(Consultation.id))).all()


def lock_consultation(session: Session, case_id: int, consultation_id: int) -> Consultation:
    """One consultation of this very case, locked until the transaction ends; raises NoSuchConsultation."""
    query = select(Consultation).where(col(Consultation.id) == consultation_id, col(Consultation.case_id) == case_id)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchConsultation
    return found


def consultation_of_letters(session: Session, letter_ids: Sequence[int]) -> Consultation | None:
    """The consultation that began with one of these letters."""
    if not letter_ids:
        return None
    query = select(Consultation).where(col(Consultation.letter_id).in_(list(letter_ids)))
    return session.exec(query.order_by(col(Consultation.id))).first()


def consultation_with(session: Session, case_id: int, address_key: str) -> Consultation | None:
    """What somebody was asked on a case: what still waits for them before what does not, the newest first."""
    asked = [one for one in consultations_of(session, case_id) if one.address_key == address_key]
    return next((one for one in reversed(asked) if waits(one)), asked[-1] if asked else None)


def waits(consultation: Consultation) -> bool:
    """Whether an answer is still waited for."""
    return consultation.answered_at is None and consultation.closed_at is None


def waiting_consultations(session: Session) -> list[tuple[Consultation, Case]]:
    """Those of open cases that have not been answered, with their cases, the earliest due first."""
    query = (
        select(Consultation, Case)
        .join(Case, col(Case.id) == col(Consultation.case_id))
        .where(
            col(Consultation.answered_at).is_(None),
            col(Consultation.closed_at).is_(None),
            col(Case.stage) != Stage.CLOSED.value,
        )
    )
    rows = session.exec(query.order_by(col(Consultation.due_on), col(Consultation.id)))
    return [(consultation, case) for consultation, case in rows]


def to_confirm(session: Session) -> list[tuple[Consultation, Case]]:
    """Those that have been answered and that nobody has closed, with their cases."""
    query = (
        select(Consultation, Case)
        .join(Case, col(Case.id) == col(Consultation.case_id))
        .where(col(Consultation.answered_at).is_not(None), col(Consultation.closed_at).is_(None))
    )
    rows = session.exec(query.order_by(col(Consultation.answered_at), col(Consultation.id)))
    return [(consultation, case) for consultation, case in rows]

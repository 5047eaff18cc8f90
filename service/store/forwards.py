"""Mail that colleagues passed on: what is proposed of who asked, and what was decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from service.store.cases import is_open
from service.store.rows import add_row
from service.store.tables import Case, Forward

WAITING = (col(Forward.decided_at).is_(None), is_open())


def add_forward(session: Session, forward: Forward) -> Forward:
    """Keep a proposal."""
    return add_row(session, forward)


def forward_of_case(session: Session, case_id: int) -> Forward | None:
    """The proposal on a case, decided or not."""
    return session.get(Forward, case_id)


def undecided_forward(session: Session, case_id: int) -> Forward | None:
    """The proposal on a case that waits for an officer; none on a closed case."""
    query = select(Forward).join(Case, col(Case.id) == col(Forward.case_id))
    return session.exec(query.where(*WAITING, col(Forward.case_id) == case_id)).first()


def settle_forward(session: Session, forward: Forward, decision: str, at: datetime) -> bool:
    """Decide a proposal; False when somebody else has decided it."""
    waiting = update(Forward).where(col(Forward.case_id) == forward.case_id, col(Forward.decided_at).is_(None))
    changed = session.connection().execute(waiting.values(decision=decision, decided_at=at)).rowcount
    session.expire(forward)
    return changed == 1


def undecided_forwards(session: Session, limit: int = 200) -> Sequence[tuple[Forward, Case]]:
    """The proposals on open cases that wait for an officer, the oldest case first."""
    query = select(Forward, Case).join(Case, col(Case.id) == col(Forward.case_id)).where(*WAITING)
    return session.exec(query.order_by(col(Case.received_at), col(Case.id)).limit(limit)).all()


def cases_of_address(session: Session, address: str, limit: int = 5) -> Sequence[Case]:
    """The newest cases of a requester: what was passed on to us may have been sent to us as well."""
    query = select(Case).where(col(Case.requester_key) == address.casefold()).order_by(col(Case.id).desc())
    return session.exec(query.limit(limit)).all() if address else ()

"""The estimates of what it costs to comply with a request: every version is kept."""

import json
from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from service.domain.costs import Activity, Task
from service.store.tables import CostEstimate


def estimates_of(session: Session, case_id: int) -> Sequence[CostEstimate]:
    """Every version, the newest first."""
    query = select(CostEstimate).where(col(CostEstimate.case_id) == case_id)
    return session.exec(query.order_by(col(CostEstimate.version).desc())).all()


def add_estimate(session: Session, row: CostEstimate) -> CostEstimate:
    """Keep the next version of a case's estimate; gives it its number."""
    row.version = 1 + max((held.version for held in estimates_of(session, row.case_id)), default=0)
    session.add(row)
    session.flush()
    return row


def write_tasks(tasks: Sequence[Task]) -> str:
    """Tasks as a row keeps them."""
    told = [{"activity": t.activity, "items": t.items, "minutes": str(t.minutes_each), "what": t.what} for t in tasks]
    return json.dumps(told, ensure_ascii=False)


def read_tasks(row: CostEstimate) -> tuple[Task, ...]:
    """The tasks of a row."""
    told = json.loads(row.tasks or "[]")
    return tuple(Task(Activity(t["activity"]), t["items"], Decimal(t["minutes"]), t["what"]) for t in told)

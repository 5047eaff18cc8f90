"""Estimating what it would cost to comply with a request (s.12), so that a refusal for cost can be explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from service.casework.record import record
from service.desk import Desk
from service.domain.amounts import money
from service.domain.costs import Estimate, Limit, Task, estimate, limits_of
from service.domain.kind import Kind
from service.domain.stage import Act, require
from service.store.estimates import add_estimate, estimates_of, read_tasks, write_tasks
from service.store.tables import Case, CostEstimate


@dataclass(frozen=True, slots=True)
class Version:
    """A kept estimate with its tasks and what they come to."""

    row: CostEstimate
    tasks: tuple[Task, ...]
    estimate: Estimate


def limit_of(desk: Desk, case: Case) -> Limit | None:
    """The limit that a case has: the authority's own under the Act, none under the environmental regulations."""
    pounds = desk.settings.authority_of(case.account).cost_limit
    offered = limits_of(case.regime)
    return next((limit for limit in offered if limit.pounds == pounds), offered[0] if offered else None)


def estimate_cost(
    session: Session,
    desk: Desk,
    case: Case,
    tasks: Sequence[Task],
    limit: Limit,
    *,
    hourly: Decimal | None = None,
    at: datetime,
    by: str,
) -> Estimate:
    """Keep a new version of a case's estimate; raises CostFault for what no estimate may count."""
    require(case.stage, Act.NOTE)
    made = estimate(tasks, case.regime, limit, hourly)
    row = CostEstimate(
        case_id=case.id,
        version=0,
        regime=case.regime,
        cost_limit=limit.pounds,
        hourly=str(hourly or ""),
        tasks=write_tasks(tasks),
        made_at=at,
        made_by=by,
    )
    add_estimate(session, row)
    cost, most = money(made.pence), money(limit.pence)
    record(session, desk, case, Kind.ESTIMATED, at=at, by=by, version=row.version, cost=cost, limit=most)
    return made


def versions_of(session: Session, case: Case) -> list[Version]:
    """The estimates of a case, each counted by the law it was made under, the newest first."""
    return [_version(row) for row in estimates_of(session, case.id)]


def _version(row: CostEstimate) -> Version:
    tasks = read_tasks(row)
    limit = next(limit for limit in limits_of(row.regime) if limit.pounds == row.cost_limit)
    return Version(row, tasks, estimate(tasks, row.regime, limit, Decimal(row.hourly) if row.hourly else None))

"""How soon cases were acknowledged, as a term of a query."""

from typing import Any

from sqlalchemy import ColumnElement, Float, and_
from sqlalchemy import case as choose
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col, select

from service.domain.promptness import UNTIL, Promptness
from service.store.tables import Case, Letter

KINDS = ("acknowledgement", "review-acknowledgement")


class _SecondsBetween(FunctionElement[float]):
    """The seconds from one instant to a later."""

    type = Float()
    inherit_cache = True


@compiles(_SecondsBetween, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _by_julian_days(element: Any, compiler: Any, **words: Any) -> str:
    first, then = (compiler.process(clause, **words) for clause in element.clauses)
    return f"((julianday({then}) - julianday({first})) * 86400.0)"


@compiles(_SecondsBetween, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _by_epoch(element: Any, compiler: Any, **words: Any) -> str:
    first, then = (compiler.process(clause, **words) for clause in element.clauses)
    return f"EXTRACT(EPOCH FROM ({then} - {first}))"


OF_THE_CASE = and_(col(Letter.case_id) == col(Case.id), col(Letter.kind).in_(KINDS))  # there is at most one


def promptness() -> ColumnElement[str]:
    """How soon a case was acknowledged, as the value of a Promptness, in a query that joins its acknowledgement."""
    took = _SecondsBetween(col(Case.received_at), col(Letter.sent_at))
    # Julian days are fractions: half a second of grace keeps a limit's last second within it.
    steps = [(took < limit.total_seconds() + 0.5, found.value) for found, limit in UNTIL.items()]
    return choose((col(Letter.sent_at).is_(None), Promptness.NEVER.value), *steps, else_=Promptness.LATER.value)


def acknowledged_so(wanted: Promptness) -> ColumnElement[bool]:
    """Whether a case was acknowledged as soon as that."""
    sent = select(Letter.id).where(OF_THE_CASE, col(Letter.sent_at).is_not(None)).correlate(Case)
    if wanted is Promptness.NEVER:
        return ~sent.exists()
    return sent.where(promptness() == wanted.value).exists()

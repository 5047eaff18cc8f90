"""Saying what a mail turned out to be: a request under some law, not valid yet, or no request at all."""

from datetime import datetime

from sqlmodel import Session

from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.record import record
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.progress import Triage
from service.domain.regime import Regime
from service.domain.stage import Act, require
from service.errors import DeskError
from service.store.tables import Case


class TriageUnexplained(DeskError):
    """Say why: a request that is not dealt with as one needs a reason that stands up to a complaint."""


def triage(
    session: Session,
    desk: Desk,
    case: Case,
    found: Triage,
    *,
    regime: Regime,
    reason: str,
    at: datetime,
    by: str,
) -> None:
    """Record what the mail is, and move the case to its law where it runs under another.

    What is no request waits for a supervisor, who confirms it. Raises NotAllowedNow, TriageUnexplained or ClockError.
    """
    require(case.stage, Act.TRIAGE)
    if not reason and found is not Triage.REQUEST:
        raise TriageUnexplained
    if found.is_request and regime.value != case.regime:
        _change_regime(session, desk, case, regime, reason, at=at, by=by)
    record(session, desk, case, Kind.TRIAGED, at=at, by=by, found=found.value, reason=reason)


def confirm_triage(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> None:
    """A supervisor confirms that the mail is no request: the case is closed as that; raises NotAllowedNow."""
    require(case.stage, Act.CONFIRM)
    close(session, desk, case, Outcome.NOT_FOI, answered_on=at.astimezone(LONDON).date(), at=at, by=by)


def decline_triage(session: Session, desk: Desk, case: Case, reason: str, *, at: datetime, by: str) -> None:
    """A supervisor finds that it is a request after all; raises NotAllowedNow or TriageUnexplained."""
    require(case.stage, Act.CONFIRM)
    if not reason:
        raise TriageUnexplained
    record(session, desk, case, Kind.TRIAGED, at=at, by=by, found=Triage.REQUEST.value, reason=reason)


def _change_regime(
    session: Session, desk: Desk, case: Case, regime: Regime, reason: str, *, at: datetime, by: str
) -> None:
    told = {"regime": regime.value, "matter": case.matter, "reason": reason or f"Found to run under {regime.value}"}
    fact = ClockFact(Kind.REGIME_CHANGED, at.astimezone(LONDON).date(), told)
    establish(session, desk, case, fact, at=at, by=by)

"""The supervisors' digest of a working day: what is late, due and stuck, one letter each."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.invite import write_to_officer
from service.casework.standing_of import standing_of
from service.desk import Desk
from service.domain.clock import State
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.domain.topic import Topic
from service.store.consultations import waiting_consultations
from service.store.correspondence import QUARANTINED, count_post
from service.store.mailboxes import mailboxes
from service.store.officers import officers, supervisors
from service.store.tables import Case
from service.store.worklist import count_letters_in_trouble, open_cases, stopped_cases


def write_digests(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Queue today's digest to every supervisor; returns how many."""
    readers = supervisors(session)
    words = _words(session, desk, today) if readers else {}
    for reader in readers:
        write_to_officer(session, desk, reader, "digest", Topic.LIST, words, at=at)
    return len(readers)


def _words(session: Session, desk: Desk, today: date) -> dict[str, object]:
    cases, stopped = open_cases(session), stopped_cases(session)
    read = mailboxes(session, desk.settings.places)
    stands = [(case, standing_of(desk, case, today)) for case in cases]
    return {
        "today": today,
        "due_soon": desk.settings.team.due_soon,
        "overdue": [case for case, found in stands if found.kind is StandingKind.OVERDUE],
        "today_due": [case for case, found in stands if found.kind is StandingKind.DUE_SOON and not found.left],
        "soon": [case for case, found in stands if found.kind is StandingKind.DUE_SOON and found.left],
        "unassigned": [case for case in cases if case.owner_id is None and _waits(desk, case, today)],
        "stopped": stopped,
        "lapses": {case.id: lapses_on for case in stopped if (lapses_on := _lapses_on(desk, case))},
        "owners": {officer.id: officer.name for officer in officers(session, active_only=False)},
        "consultations": [(asked, case) for asked, case in waiting_consultations(session) if asked.due_on < today],
        "quarantined": count_post(session, QUARANTINED),
        "troubled": count_letters_in_trouble(session).total,
        "troubles": [f"{box.account}: {box.trouble}" for box in read if box.trouble],
        "link": desk.settings.web.url,
    }


def _lapses_on(desk: Desk, case: Case) -> date | None:
    """The last day to pay a fee that is waited for."""
    if case.clock_state != State.AWAITING_FEE or case.stopped_on is None:
        return None
    return Regime(case.regime).rules.fee.last_day(case.stopped_on, desk.calendars.of(case.regime))


def _waits(desk: Desk, case: Case, today: date) -> bool:
    """Whether more than a working day has gone by since the day of receipt."""
    return desk.calendars.of(case.regime).count(case.received_on, today - timedelta(days=1)) >= 1

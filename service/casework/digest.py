"""The supervisors' digest of a working day: what is late, due and stuck, one letter each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.standing_of import standing_of
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.clock import State
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.store.cases import cases_by_id
from service.store.consultations import waiting_consultations
from service.store.correspondence import QUARANTINED, count_post, post_by_id
from service.store.mailboxes import mailboxes
from service.store.officers import officers, supervisors
from service.store.placements import mark_moves_told, untold_moves
from service.store.tables import Case, MailboxMove
from service.store.worklist import count_letters_in_trouble, open_cases, stopped_cases

MOVES_LISTED = 50  # the page Mailboxes shows them all


def write_digests(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Queue today's digest to every supervisor; returns how many."""
    readers = supervisors(session)
    if readers:
        moves = untold_moves(session)
        written = desk.stationery.write("digest", _words(session, desk, today) | _moves(session, moves))
        mark_moves_told(session, moves, at)
        for reader in readers:
            queue(
                session,
                desk,
                "digest",
                Recipient(reader.name, reader.email),
                written,
                at=at,
                automatic="auto-generated",
            )
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


def _moves(session: Session, moves: Sequence[MailboxMove]) -> dict[str, object]:
    """What people did in the shared mailbox since the last digest, for somebody to see that it was meant."""
    cases = cases_by_id(session, [move.case_id for move in moves if move.case_id is not None])
    listed = [move for move in moves if move.words]
    return {
        "mailbox_moves": [
            {
                "subject": post_by_id(session, move.post_id).subject,
                "reference": cases[move.case_id].reference if move.case_id in cases else "no case",
                "came_from": move.came_from or "elsewhere",
                "folder": move.folder or "a folder that is not watched",
                "done": move.done,
                "words": move.words,
            }
            for move in listed[:MOVES_LISTED]
        ],
        "more_moves": max(0, len(listed) - MOVES_LISTED),
    }


def _lapses_on(desk: Desk, case: Case) -> date | None:
    """The last day to pay a fee that is waited for."""
    if case.clock_state != State.AWAITING_FEE or case.stopped_on is None:
        return None
    return Regime(case.regime).rules.fee.last_day(case.stopped_on, desk.calendars.of(case.regime))


def _waits(desk: Desk, case: Case, today: date) -> bool:
    """Whether more than a working day has gone by since the day of receipt."""
    return desk.calendars.of(case.regime).count(case.received_on, today - timedelta(days=1)) >= 1

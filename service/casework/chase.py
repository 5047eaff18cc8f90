"""Chasing what falls due: one letter to the owner and one to the team at each milestone of a deadline, never twice."""

from datetime import date, datetime

from sqlmodel import Session

from service.casework.invite import case_link, write_to_officer
from service.casework.record import DESK, record
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.topic import Topic
from service.domain.working_days import WorkingDays
from service.letters import capitalised
from service.store.milestones import mark_reached, reached
from service.store.officers import officers
from service.store.tables import Case, Officer
from service.store.worklist import open_cases

# The last to apply is the one to write: a desk that slept through two milestones writes only of the later.
MILESTONES = (("due in 5 working days", 5), ("due in 2 working days", 2), ("due today", 0))
OVERDUE = "overdue"


def milestone(due_on: date, today: date, working_days: WorkingDays, prudent_due_on: date | None = None) -> str | None:
    """The milestone a deadline has reached on a day, None while more than five working days are left.

    The team works to the prudent date; lateness is by the other.
    """
    if today > due_on:
        return OVERDUE
    left = working_days.count(today, prudent_due_on or due_on)
    return next((name for name, days in reversed(MILESTONES) if left <= days), None)


def chase_cases(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Write the chasers of every open case that has reached a milestone not yet written; returns how many cases."""
    team = {officer.id: officer for officer in officers(session, active_only=False)}
    return sum(_chase(session, desk, case, team, today, at) for case in open_cases(session))


def _chase(session: Session, desk: Desk, case: Case, team: dict[int, Officer], today: date, at: datetime) -> bool:
    if case.due_on is None:
        return False
    name = milestone(case.due_on, today, desk.calendars.of(case.regime), case.prudent_due_on)
    if name is None or reached(session, case.id, case.due_on, name):
        return False
    mark_reached(session, case.id, case.due_on, name, today)
    record(session, desk, case, Kind.REMINDED, at=at, by=DESK, milestone=name)
    owner = team.get(case.owner_id) if case.owner_id else None
    words = {
        "case": case,
        "standing": capitalised(name),
        "late": name == OVERDUE,
        "owner": owner.name if owner else "",
        "link": case_link(desk, case),
    }
    if owner is not None and owner.active:
        write_to_officer(session, desk, owner, "due", Topic.CASE, words, case=case, at=at)
    if desk.settings.team.address is not None:  # who reads it there nobody knows: it can be answered by no instruction
        team_address = Recipient(desk.settings.authority.name, desk.settings.team.address)
        written = desk.stationery.write("due", words | {"answers": None})
        queue(session, desk, "due", team_address, written, at=at, case=case, automatic="auto-generated")
    return True

"""Telling officers by mail that a case is theirs, that a response is theirs to clear, and what somebody answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from service.casework.approver import approver_in_turn, last_finished
from service.casework.desk_links import list_link
from service.casework.invite import write_to_officer
from service.casework.record import officer_actor
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.stage import Stage
from service.domain.topic import Topic
from service.store.correspondence import letters_on
from service.store.officers import officer_by_id
from service.store.tables import Case, Consultation, Draft, Officer
from service.store.worklist import Narrowing, View

MANY, TAKEN_BACK = "assigned-many", "taken-back"
NAMED = 15  # cases in one mail
ASSIGNED, CLEARANCE, ANSWERED = "assigned", "clearance-request", "consultation-answered"
CLEARED, RETURNED, WRITTEN = "cleared", "returned", "written"
APART = timedelta(hours=1)  # between two words of mail on a case: a machine may be taken for a person


def tell_owner(session: Session, desk: Desk, case: Case, *, at: datetime, by: str) -> None:
    """Write to whoever has just been given a case by somebody else; raises LetterFault."""
    owner = _officer(session, case.owner_id)
    if owner is None or by == officer_actor(owner.id) or not desk.settings.instructions.tell_owner:
        return
    write_to_officer(session, desk, owner, ASSIGNED, Topic.CASE, {"case": case, "owner": owner.name}, case=case, at=at)


def tell_of_many(
    session: Session, desk: Desk, owner_id: int, cases: Sequence[Case], *, at: datetime, giver: Officer
) -> None:
    """Write one mail to whoever was given several cases at once, the most urgent first; raises LetterFault."""
    owner = _officer(session, owner_id)
    if owner is None or owner.id == giver.id or not desk.settings.instructions.tell_owner:
        return
    words = {"owner": owner.name, "giver": giver.name, "number": len(cases), "cases": _most_urgent(cases)}
    words["link"] = list_link(desk, View.OPEN, Narrowing(owner_id=owner.id))
    write_to_officer(session, desk, owner, MANY, Topic.LIST, words, at=at)


def tell_loser(
    session: Session, desk: Desk, loser_id: int, cases: Sequence[Case], *, at: datetime, taker: Officer | None
) -> None:
    """Write one mail to whoever was given cases that `taker`, or somebody in the mailbox, has taken back.

    Raises LetterFault.
    """
    loser = _officer(session, loser_id)
    if loser is None or (taker and taker.id == loser.id) or not desk.settings.instructions.tell_owner:
        return
    names = {"loser": loser.name, "taker": taker.name if taker else ""}
    text = desk.stationery.write(TAKEN_BACK, names | {"number": len(cases), "cases": _most_urgent(cases)})
    only = cases[0] if len(cases) == 1 else None
    queue(
        session,
        desk,
        TAKEN_BACK,
        Recipient(loser.name, loser.email),
        text,
        at=at,
        case=only,
        automatic="auto-generated",
    )


def tell_approver(session: Session, desk: Desk, case: Case, draft: Draft, *, at: datetime) -> None:
    """Write to the approver whose turn it is to clear a draft, if anybody's; raises LetterFault."""
    approver = _officer(session, approver_in_turn(session, case))
    if approver is None or not desk.settings.instructions.tell_approver:
        return
    words, about = {"case": case, "approver": approver.name, "draft": draft}, last_finished(session, case)
    write_to_officer(session, desk, approver, CLEARANCE, Topic.CLEARANCE, words, case=case, about=about, at=at)


def tell_cleared(session: Session, desk: Desk, case: Case, draft: Draft, *, at: datetime, by: int) -> None:
    """Write to the owner of a case that the last approver has agreed; raises LetterFault."""
    _tell_drafter(session, desk, case, CLEARED, {"draft": draft}, at=at, by=by)


def tell_returned(
    session: Session, desk: Desk, case: Case, draft: Draft, reason: str, *, at: datetime, by: int
) -> None:
    """Write to the owner of a case what an approver wants changed; raises LetterFault."""
    _tell_drafter(session, desk, case, RETURNED, {"draft": draft, "reason": reason}, at=at, by=by)


def _tell_drafter(
    session: Session, desk: Desk, case: Case, kind: str, told: Mapping[str, object], *, at: datetime, by: int
) -> None:
    owner, approver = _officer(session, case.owner_id), officer_by_id(session, by)
    if owner is None or approver is None or owner.id == by or not desk.settings.instructions.tell_owner:
        return
    words = {"case": case, "owner": owner.name, "approver": approver.name, **told}
    write_to_officer(session, desk, owner, kind, Topic.CASE, words, case=case, at=at)


def tell_written(session: Session, desk: Desk, case: Case, *, restarted: bool, at: datetime, by: str) -> None:
    """Write to the owner of an open case that a mail has come on it, and whether the clock runs again by it.

    Raises LetterFault.
    """
    owner = _officer(session, case.owner_id) if case.stage != Stage.CLOSED else None
    if owner is None or by == officer_actor(owner.id) or not desk.settings.instructions.tell_owner:
        return
    if restarted or not letters_on(session, case.id, WRITTEN, since=at - APART):
        words = {"case": case, "owner": owner.name, "restarted": restarted}
        write_to_officer(session, desk, owner, WRITTEN, Topic.CASE, words, case=case, at=at)


def tell_suggestion(session: Session, desk: Desk, case: Case, asked: Consultation, *, at: datetime) -> None:
    """Ask the owner of a case whether it is what the answer of somebody we asked seems to say; raises LetterFault."""
    owner = _officer(session, case.owner_id)
    if owner is None or not desk.settings.instructions.tell_owner:
        return
    words = {"case": case, "asked": asked}
    write_to_officer(session, desk, owner, ANSWERED, Topic.CONSULTED, words, case=case, about=asked.id, at=at)


def _most_urgent(cases: Sequence[Case]) -> Sequence[Case]:
    return sorted(cases, key=lambda case: (case.due_on is None, case.due_on, case.id))[:NAMED]


def _officer(session: Session, officer_id: int | None) -> Officer | None:
    officer = officer_by_id(session, officer_id) if officer_id is not None else None
    return officer if officer is not None and officer.active else None

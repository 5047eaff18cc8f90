"""Telling owners, one letter each, which of their cases a changed calendar has moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.casework.invite import write_to_officer
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.topic import Topic
from service.store.officers import officers
from service.store.recounts import mark_told, recounted, untold_cases
from service.store.tables import Officer

LISTED = 100  # cases in one letter; the desk's lists have the rest


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of the letter: where a case was due and is now; neither where the new calendar does not fit it."""

    reference: str
    subject: str
    from_on: date | None
    to_on: date | None
    because: str

    @property
    def stayed(self) -> bool:
        """Whether it kept its date, for a person to look at."""
        return self.from_on == self.to_on


def tell_moves(session: Session, desk: Desk, *, at: datetime) -> int:
    """Write to everyone whose cases have moved since they were last told; returns how many letters.

    The letters and the note that they are written are one transaction's: after a crash nobody is told twice, or not.
    """
    team = {officer.id: officer for officer in officers(session)}
    groups: dict[int, list[int]] = {}
    for case_id, owner_id in untold_cases(session):
        groups.setdefault(owner_id if owner_id in team else 0, []).append(case_id)
    for owner_id, case_ids in groups.items():
        _write(session, desk, team.get(owner_id), case_ids, at)
        mark_told(session, case_ids)
    return len(groups)


def _write(session: Session, desk: Desk, owner: Officer | None, case_ids: Sequence[int], at: datetime) -> None:
    """To the owner; for cases of nobody, or of someone who has left, to the team."""
    words = _words(session, desk, owner.name if owner else desk.settings.authority.name, case_ids)
    team = desk.settings.team.address
    if owner is not None:
        write_to_officer(session, desk, owner, "moved", Topic.LIST, words, at=at)
    elif team is not None:
        written = desk.stationery.write("moved", {**words, "answers": None})
        to = Recipient(desk.settings.authority.name, team)
        queue(session, desk, "moved", to, written, at=at, automatic="auto-generated")


def _words(session: Session, desk: Desk, owner: str, case_ids: Sequence[int]) -> Mapping[str, object]:
    moves = [
        Moved(reference, subject, _day(data["from"]), _day(data["to"]), data["because"])
        for reference, subject, data in recounted(session, case_ids[:LISTED])
    ]
    return {
        "owner": owner,
        "moves": moves,
        "others": len(case_ids) - len(moves),
        "because": sorted({move.because for move in moves if not move.stayed}),
        "link": desk.settings.web.url.rstrip("/"),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

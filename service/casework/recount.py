"""Counting open cases anew once the calendar has changed, a batch at a time, and telling their owners what moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby

from sqlmodel import Session

from service.casework.record import DESK, caches, with_dates
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.calendars import Calendars
from service.domain.changed_days import changed_days
from service.domain.history import CaseEvent, Kind, replay
from service.errors import ClockError
from service.store.cases import append_events, histories
from service.store.officers import officers
from service.store.recounts import OpenCase, count_stale, open_cases_after, stale_cases, update_cases
from service.store.tables import Officer

BATCH = 1000  # cases; a transaction of about a third of a second
NOTHING_NEAR = "The desk now counts by calendar {version}."


@dataclass(frozen=True, slots=True)
class Move:
    """An open case whose deadline a changed calendar moves; None where there is no date.

    `trouble` says why the case cannot be counted by the new calendar; it then keeps its dates.
    """

    reference: str
    subject: str
    owner_id: int | None
    regime: str
    from_on: date | None
    to_on: date | None
    because: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Recounted:
    """What one batch came to: how many cases were counted, and those that moved or could not be."""

    done: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    case: OpenCase
    columns: dict[str, object]
    event: CaseEvent | None
    move: Move | None


def moves_under(session: Session, calendars: Calendars) -> Iterator[Move]:
    """The open cases that other calendars would move, by key; changes nothing and holds one batch at a time."""
    last, before = 0, cache(calendars.at)  # each version's calendars are made once, of which there are few
    while batch := open_cases_after(session, last, BATCH):
        told = histories(session, [case.id for case in batch])
        for case in batch:
            move = _count(case, told.get(case.id, []), calendars, before(case.calendar_version), None).move
            if move is not None:
                yield move
        last = batch[-1].id


def to_recount(session: Session, desk: Desk) -> int:
    """How many open cases still stand by another calendar than the desk's."""
    return count_stale(session, desk.almanac.refresh(session).version)


def recount_some(session: Session, desk: Desk, *, at: datetime, most: int = BATCH) -> Recounted:
    """Count up to `most` open cases by the desk's calendar, and write to the owners of those that moved.

    Safe to repeat and to break off: a case says which calendar it stands by, so that nothing is done twice. Cases come
    grouped by owner; an owner is written to once a batch.
    """
    calendars = desk.almanac.refresh(session)
    batch = stale_cases(session, calendars.version, most)
    told = histories(session, [case.id for case in batch])
    before = {version: calendars.at(version) for version in {case.calendar_version for case in batch}}
    counts = [_count(case, told.get(case.id, []), calendars, before[case.calendar_version], at) for case in batch]
    update_cases(session, [{"row_key": count.case.id, **count.columns} for count in counts])
    append_events(session, [(count.case.id, count.event) for count in counts if count.event is not None], at)
    moves = tuple(count.move for count in counts if count.move is not None)
    _tell_owners(session, desk, moves, at)
    return Recounted(len(batch), moves)


def _count(
    case: OpenCase, told: Sequence[CaseEvent], calendars: Calendars, before: Calendars, at: datetime | None
) -> _Count:
    """One case by other calendars; the event is made when `at` says that it is to be recorded."""
    move = Move(case.reference, case.subject, case.owner_id, case.regime, case.due_on, case.due_on)
    try:
        state = replay(told, calendars)
    except ClockError as error:
        # What was right by the old calendar is not undone by a newer one: the case keeps its dates, a person looks.
        stuck = replace(move, trouble=str(error), because=f"Its history does not fit calendar {calendars.version}.")
        return _Count(case, {"uncountable_by": calendars.version}, _event(stuck, at), stuck)
    columns = caches(state) | {"uncountable_by": ""}
    if state.clock.due_on == case.due_on:
        return _Count(case, columns, None, None)
    moved = replace(move, to_on=state.clock.due_on, because=_because(case, state.clock.due_on, before, calendars))
    event = _event(moved, at)
    return _Count(case, columns, with_dates(event, state) if event else None, moved)


def _event(move: Move, at: datetime | None) -> CaseEvent | None:
    if at is None:
        return None
    because = " ".join(filter(None, (move.because, move.trouble)))
    return CaseEvent(Kind.RECOUNTED, at, DESK, {"from": _iso(move.from_on), "to": _iso(move.to_on), "because": because})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _because(case: OpenCase, due_on: date | None, before: Calendars, calendars: Calendars) -> str:
    """Which days of this case's time have changed their nature."""
    last = max(day for day in (case.due_on, due_on, case.received_on) if day is not None)
    days = changed_days(before.of(case.regime), calendars.of(case.regime), case.received_on, last)
    return " ".join(days) or NOTHING_NEAR.format(version=calendars.version)


def _tell_owners(session: Session, desk: Desk, moves: Iterable[Move], at: datetime) -> None:
    team = {officer.id: officer for officer in officers(session)}
    by_owner = sorted(moves, key=lambda move: (_owner_key(team, move), move.reference))
    for owner_id, theirs in groupby(by_owner, key=lambda move: _owner_key(team, move)):
        recipient = _recipient(desk, team.get(owner_id))
        if recipient is not None:
            _write(session, desk, recipient, list(theirs), at)


def _owner_key(team: dict[int, Officer], move: Move) -> int:
    return move.owner_id if move.owner_id is not None and move.owner_id in team else 0


def _recipient(desk: Desk, owner: Officer | None) -> Recipient | None:
    if owner is not None:
        return Recipient(owner.name, owner.email)
    team = desk.settings.team.address
    return Recipient(desk.settings.authority.name, team) if team else None


def _write(session: Session, desk: Desk, recipient: Recipient, moves: list[Move], at: datetime) -> None:
    words = {
        "owner": recipient.name,
        "moves": moves,
        "because": sorted({move.because for move in moves if not move.trouble}),
        "link": desk.settings.web.url.rstrip("/"),
    }
    written = desk.stationery.write("moved", words)
    queue(session, desk, "moved", recipient, written, at=at, automatic="auto-generated")

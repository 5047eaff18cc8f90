"""Counting open cases anew once the calendar has changed, a batch at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from sqlmodel import Session

from service.casework.record import DESK, caches, with_dates
from service.desk import LONDON, Desk
from service.domain.calendars import Calendars
from service.domain.changed_days import Changed
from service.domain.history import CaseEvent, replay
from service.domain.kind import Kind
from service.domain.regime import Matter
from service.errors import ClockError
from service.store.cases import append_events, histories
from service.store.recounts import OpenCase, count_stale, open_cases_after, stale_cases, update_cases

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


def moves_under(session: Session, calendars: Calendars, today: date) -> Iterator[Move]:
    """The open cases that other calendars would move, by key; changes nothing and holds one batch at a time."""
    last, changed = 0, _changes_to(calendars)
    while batch := open_cases_after(session, last, BATCH):
        counts = _counts(session, batch, changed, today, None)
        yield from (count.move for count in counts if count.move is not None)
        last = batch[-1].id


def to_recount(session: Session, desk: Desk) -> int:
    """How many open cases still stand by another calendar than the desk's."""
    return count_stale(session, desk.almanac.refresh(session).version)


def recount_some(session: Session, desk: Desk, *, at: datetime, most: int = BATCH) -> Recounted:
    """Count up to `most` open cases by the desk's calendar; `tell_moves` then writes to the owners of those that moved.

    Safe to repeat and to break off: a case says which calendar it stands by, and whether its owner was told.
    """
    calendars = desk.almanac.refresh(session)
    batch = stale_cases(session, calendars.version, most)
    counts = _counts(session, batch, _changes_to(calendars), at.astimezone(LONDON).date(), at)
    update_cases(session, [{"row_key": count.case.id, **count.columns} for count in counts])
    append_events(session, [(count.case.id, count.event) for count in counts if count.event is not None], at)
    moves = tuple(count.move for count in counts if count.move is not None)
    return Recounted(len(batch), moves)


def _changes_to(calendars: Calendars) -> Callable[[str], Changed]:
    """What has changed since each version, made once; there are few."""
    return cache(lambda version: Changed(calendars.at(version), calendars))


def _counts(
    session: Session, batch: Sequence[OpenCase], changed: Callable[[str], Changed], today: date, at: datetime | None
) -> list[_Count]:
    """Each case of a batch by other calendars; only those that a changed day can concern are replayed."""
    touched = [case for case in batch if _is_touched(case, changed(case.calendar_version), today)]
    told = histories(session, [case.id for case in touched])
    replayed = {case.id: _count(case, told.get(case.id, []), changed(case.calendar_version), at) for case in touched}
    return [replayed.get(case.id) or _as_before(case, changed(case.calendar_version)) for case in batch]


def _is_touched(case: OpenCase, changed: Changed, today: date) -> bool:
    """Whether a replay could give other dates than the case has: what happened and what is due lies in these days."""
    if case.due_on is None or case.stopped_on is not None or case.provisional:
        return True
    if case.matter == Matter.SCHOOL and case.calendar_version != changed.before.version:
        return True  # the version names other closures than the school's of now
    return changed.touches(case.regime, case.received_on, max(case.due_on, today))


def _as_before(case: OpenCase, changed: Changed) -> _Count:
    return _Count(case, {"calendar_version": changed.after.version, "uncountable_by": ""}, None, None)


def _count(case: OpenCase, told: Sequence[CaseEvent], changed: Changed, at: datetime | None) -> _Count:
    """One case by other calendars; the event is made when `at` says that it is to be recorded."""
    calendars = changed.after
    move = Move(case.reference, case.subject, case.owner_id, case.regime, case.due_on, case.due_on)
    try:
        state = replay(told, calendars)
    except ClockError as error:
        # What was right by the old calendar is not undone by a newer one: the case keeps its dates, a person looks.
        stuck = replace(move, trouble=str(error), because=f"Its history does not fit calendar {calendars.version}.")
        return _Count(case, {"uncountable_by": calendars.version, "untold": True}, _event(stuck, at), stuck)
    columns = caches(state) | {"uncountable_by": ""}
    if state.clock.due_on == case.due_on:
        return _Count(case, columns, None, None)
    moved = replace(move, to_on=state.clock.due_on, because=_because(case, state.clock.due_on, changed))
    event = _event(moved, at)
    return _Count(case, columns | {"untold": True}, with_dates(event, state) if event else None, moved)


def _event(move: Move, at: datetime | None) -> CaseEvent | None:
    if at is None:
        return None
    because = " ".join(filter(None, (move.because, move.trouble)))
    return CaseEvent(Kind.RECOUNTED, at, DESK, {"from": _iso(move.from_on), "to": _iso(move.to_on), "because": because})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _because(case: OpenCase, due_on: date | None, changed: Changed) -> str:
    """Which days of this case's time have changed their nature."""
    last = max(day for day in (case.due_on, due_on, case.received_on) if day is not None)
    days = changed.days(case.regime, case.received_on, last)
    return " ".join(days) or NOTHING_NEAR.format(version=changed.after.version)

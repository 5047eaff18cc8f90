"""Changing the calendar that every deadline is counted by."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.desk import Desk
from service.domain.calendars import CalendarChange
from service.store.calendar_changes import add_changes, hold_changes


def change_calendar(session: Session, desk: Desk, changes: Sequence[CalendarChange], *, at: datetime, by: str) -> int:
    """Add changes to the calendar; returns how many. Raises CalendarChangeRefused for one that changes nothing.

    The cases follow by `recount`, which whoever made the change begins and the timetable finishes.
    """
    hold_changes(session)
    desk.almanac.refresh(session).with_changes(changes)
    add_changes(session, changes, at=at, by=by)
    return len(changes)

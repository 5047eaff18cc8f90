"""The calendars that the desk counts by, kept in memory and read again when somebody has changed them."""

from sqlmodel import Session

from service.domain.calendars import Calendars
from service.store.calendar_changes import changes, newest_change


class Almanac:
    """The shipped calendars with what has been changed since, as last read; every door refreshes before it counts."""

    def __init__(self, shipped: Calendars) -> None:
        self._shipped = shipped
        # One value, since threads share it: the newest change that was seen, and the calendars up to it.
        self._read: tuple[object, Calendars] = None, shipped

    @property
    def calendars(self) -> Calendars:
        """The calendars as last read."""
        return self._read[1]

    def refresh(self, session: Session) -> Calendars:
        """The calendars as they stand now; one small query unless there is something new.

        Within a transaction that is rolled back later this may hold a change that never was: the next call sees it.
        """
        newest, (seen, calendars) = newest_change(session), self._read
        if newest != seen:
            calendars = self._shipped.with_log(changes(session))
            self._read = newest, calendars
        return calendars

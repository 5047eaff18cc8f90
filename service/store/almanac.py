"""The calendars that the desk counts by, kept in memory and read again when somebody has changed them."""

from sqlmodel import Session

from service.domain.calendars import Calendars
from service.store.calendar_changes import changes, count_changes


class Almanac:
    """The shipped calendars with what has been changed since, as last read; every door refreshes before it counts."""

    def __init__(self, shipped: Calendars) -> None:
        self._shipped = shipped
        self.calendars = shipped

    def refresh(self, session: Session) -> Calendars:
        """The calendars as they stand now; one small query unless there is something new.

        Within a transaction that is rolled back later this may hold a change that never was: the next call sees it.
        """
        if count_changes(session) != len(self.calendars.changes):
            self.calendars = self._shipped.with_log(changes(session))
        return self.calendars

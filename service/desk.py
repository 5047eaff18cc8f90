"""The Desk: what every door is handed, made once by bootstrap."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from service.domain.calendars import Calendars
from service.domain.reference import ReferencePattern
from service.letters import Stationery
from service.settings import Settings
from service.store.almanac import Almanac

LONDON = ZoneInfo("Europe/London")
_pattern = cache(ReferencePattern)  # reading a pattern takes longer than looking for it in a mail


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings, database, calendars, wording and the time, for the pages, the mail side and the timetable alike."""

    settings: Settings
    engine: Engine
    almanac: Almanac
    stationery: Stationery
    secret: bytes
    now: Callable[[], datetime]  # aware, UTC

    @property
    def calendars(self) -> Calendars:
        """The working days as last read; `almanac.refresh` reads what has been changed since."""
        return self.almanac.calendars

    @property
    def references(self) -> ReferencePattern:
        return _pattern(self.settings.reference.pattern)

    def today(self) -> date:
        """The Europe/London day it is now: the statutory day ends at its midnight."""
        return self.now().astimezone(LONDON).date()

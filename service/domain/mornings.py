"""On which mornings the desk writes to the team, in Europe/London: on working days, once it is time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.working_days import WorkingDays

LONDON = ZoneInfo("Europe/London")
A_DAY = timedelta(days=1)


def morning(now: datetime, begins: time, working_days: WorkingDays) -> date | None:
    """The London day whose morning letters may be written at an aware instant; None before it begins or on a day off.

    It lasts until midnight, so that a desk that was down at the hour catches up the same day, and never another.
    """
    local = now.astimezone(LONDON)
    if local.time() < begins or not working_days.is_working(local.date()):
        return None
    return local.date()


def begins_the_week(day: date, working_days: WorkingDays) -> bool:
    """Whether a day is the first working day of its week, which begins on Monday."""
    monday = day - timedelta(days=day.weekday())
    return working_days.is_working(day) and working_days.count(monday - A_DAY, day) == 1


def week_before(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of the week before a day's."""
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(days=7), monday - A_DAY

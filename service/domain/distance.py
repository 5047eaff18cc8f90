"""How far a deadline lies from today, in working days, as every page says it."""

from datetime import date

from service.domain.working_days import WorkingDays


def from_today(day: date, today: date, working_days: WorkingDays) -> str:
    """today, in 3 working days, 2 working days late; a day with no working day between is told without a number."""
    if day == today:
        return "today"
    number = working_days.count(today, day)
    if day > today:
        return f"in {_days(number)}" if number else "before the next working day"
    return f"{_days(-number)} late" if number else "late, with no working day since"


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"

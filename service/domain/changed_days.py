"""What a changed calendar makes of the days of a case, in sentences."""

from collections.abc import Iterator
from datetime import date

from service.domain.working_days import Holiday, WorkingDays


def changed_days(before: WorkingDays, after: WorkingDays, first: date, last: date) -> tuple[str, ...]:
    """A sentence for each holiday from first to last that only one of two calendars knows, oldest first."""
    old, new = (_rows(calendar, first, last) for calendar in (before, after))
    return tuple(_sentences(old, new))


def _rows(calendar: WorkingDays, first: date, last: date) -> dict[tuple[date, str], Holiday]:
    return {(row.on, row.division.value): row for row in calendar.holidays if first <= row.on <= last}


def _sentences(old: dict[tuple[date, str], Holiday], new: dict[tuple[date, str], Holiday]) -> Iterator[str]:
    for key in sorted(old.keys() ^ new.keys()):
        row = new.get(key) or old[key]
        day = f"{row.on:%A} {row.on.day} {row.on:%B %Y}"
        if key in new:
            yield f"{day} is now a bank holiday in {row.division.place}: {row.title}."
        else:
            yield f"{day} is no longer a bank holiday in {row.division.place}."

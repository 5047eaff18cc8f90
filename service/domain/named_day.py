"""Days as people name them in a line: 4 May, Monday 4th May 2026, 4/5, 2026-05-04; without a year the nearest such day.

Day before month, as the British write it; what is no day of the calendar, or another day of the week, is none.
"""

import re
from collections.abc import Callable
from datetime import date

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:length]: number for number, name in enumerate(_NAMES.split(), 1) for length in (3, len(name))} | {
    "sept": 9
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?:(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)\.?,? )?"
)
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY, _YEAR = r"(?P<day>[0-9]{1,2})", r"(?P<year>[0-9]{4}|[0-9]{2})"
_FORMS = tuple(
    re.compile(rf"(?i){_WEEKDAY}(?:the )?{form}", re.ASCII)
    for form in (
        rf"{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"{_MONTH} {_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?",
        rf"{_DAY}(?P<gap>[/.-])(?P<month>[0-9]{{1,2}})(?:(?P=gap){_YEAR})?",
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
    )
)


def next_day(text: str, today: date) -> date | None:
    """The day that a text names and nothing else: without a year the next such day, today included."""
    return _named(text, [today.year, today.year + 1], lambda day: day >= today)


def last_day(text: str, today: date) -> date | None:
    """The same for a day that has been: without a year the last such day, today included."""
    if text.casefold() == "today":
        return today
    return _named(text, [today.year, today.year - 1], lambda day: day <= today)


def _named(text: str, years: list[int], fits: Callable[[date], bool]) -> date | None:
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            told = match.groupdict()
            days = [day for year in _years(told["year"], years) if (day := _day(told, year))]
            found = next((day for day in days if told["year"] or fits(day)), None)
            return found if found and _is_that_weekday(found, told.get("weekday")) else None
    return None


def _years(told: str | None, near: list[int]) -> list[int]:
    if told is None:
        return near
    return [int(told) if len(told) == 4 else 2000 + int(told)]


def _day(told: dict[str, str | None], year: int) -> date | None:
    month = (told["month"] or "").lower()
    try:
        return date(year, _MONTHS.get(month) or int(month), int(told["day"] or ""))
    except ValueError:  # the 31st of June
        return None


def _is_that_weekday(day: date, told: str | None) -> bool:
    return not told or told.lower().startswith(_WEEKDAYS[day.weekday()])

"""How pages write dates, times, sizes and ages, always in Europe/London."""

from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from service.desk import LONDON

_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def day(value: date | datetime) -> str:
    """Thu 4 April 2024."""
    on = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{on:%a} {on.day} {on:%B %Y}"


@lru_cache(maxsize=4096)  # a list names a hundred days, mostly the same ones
def short_day(value: date | datetime) -> str:
    """Thu 4 Apr 2024, for the columns of a list."""
    on = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{on:%a} {on.day} {on:%b %Y}"


def long_day(value: date | datetime) -> str:
    """Thursday 4 April 2024."""
    on = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{on:%A} {on.day} {on:%B %Y}"


def moment(value: datetime) -> str:
    """14:03 on Monday 23 November 2026."""
    return f"{value.astimezone(LONDON):%H:%M} on {long_day(value)}"


def iso(value: date | datetime) -> str:
    """For the datetime attribute of <time>."""
    return value.astimezone(LONDON).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def size(number: int) -> str:
    """12 bytes, 34 kB, 5.6 MB (decimal, as mail programs count)."""
    if number < 1_000:
        return f"{number} bytes"
    return f"{number / 1_000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def time_element(value: date | datetime, words: str) -> Markup:
    """A `<time>` element that says `words`; no macro, for lists have a hundred of them."""
    return Markup(f'<time datetime="{iso(value)}">{escape(words)}</time>')  # noqa: S704 - the words are escaped


def tag_element(text: str, colour: str) -> Markup:
    """A tag of the GOV.UK Design System; no macro, for each row of a list has one."""
    return Markup(f'<strong class="govuk-tag govuk-tag--{escape(colour)}">{escape(text)}</strong>')  # noqa: S704


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest unit: 3 days, 1 hour, under a minute."""
    seconds = int((now - since).total_seconds())
    for length, name in _STEPS:
        if seconds >= length:
            number = seconds // length
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "under a minute"


FILTERS = {
    "day": day,
    "short_day": short_day,
    "long_day": long_day,
    "moment": moment,
    "iso": iso,
    "size": size,
    "age": age,
}

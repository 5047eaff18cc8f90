"""What the fields of a form show: a day in GOV.UK's three parts, and choices in their words."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from service.letters import capitalised

PARTS = ("day", "month", "year")


def day_fields(name: str) -> list[str]:
    """The names under which a form sends a day."""
    return [f"{name}-{part}" for part in PARTS]


def typed_day(values: Mapping[str, str], name: str) -> dict[str, str]:
    """A day as it was typed, by part."""
    return {part: values.get(f"{name}-{part}", "") for part in PARTS}


def day_parts(day: date) -> dict[str, str]:
    """A day as somebody would type it, by part."""
    return {part: str(getattr(day, part)) for part in PARTS}


def choices(offered: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """What can be chosen, as a form sends it and as it reads."""
    return [(one.value, capitalised(one.value)) for one in offered]

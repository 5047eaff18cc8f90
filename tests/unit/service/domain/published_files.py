"""Files of bank holidays as gov.uk publishes them, as they stand in our calendars or as anyone might write them."""

import json
from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from service.domain.calendars import Calendars
from service.domain.published_holidays import PARTS
from service.domain.working_days import Division

Titles = Mapping[date, str]


def a_file(parts: Mapping[Division, Titles]) -> bytes:
    """A file with these titles by day for each division."""
    return json.dumps(
        {
            name: {
                "division": name,
                "events": [
                    {"title": title, "date": day.isoformat(), "notes": "", "bunting": True}
                    for day, title in parts[division].items()
                ],
            }
            for name, division in PARTS.items()
        },
        ensure_ascii=False,
    ).encode()


def as_held(calendars: Calendars, first: int, last: int) -> dict[Division, dict[date, str]]:
    """What calendars hold of some years, each division's titles by day."""
    years = range(first, last + 1)
    return {
        division: {
            row.on: row.title for row in calendars.uk.holidays if row.division is division and row.on.year in years
        }
        for division in PARTS.values()
    }


@st.composite
def some_titles(draw: st.DrawFn) -> dict[date, str]:
    """Days of a few years in a row, each year with at least one, weekends among them."""
    first = draw(st.integers(2012, 2030))
    titles: dict[date, str] = {}
    for year in range(first, first + draw(st.integers(1, 3))):
        days = draw(st.sets(st.dates(date(year, 1, 1), date(year, 12, 31)), min_size=1, max_size=8))
        titles |= {day: draw(st.sampled_from(["Christmas Day", "A royal wedding", "2nd January"])) for day in days}
    return titles


def some_parts() -> st.SearchStrategy[dict[Division, dict[date, str]]]:
    """What a file might say of every division."""
    return st.fixed_dictionaries({division: some_titles() for division in PARTS.values()})

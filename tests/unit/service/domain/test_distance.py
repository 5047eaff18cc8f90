from datetime import date

import pytest

from service.domain.calendars import load_calendars
from service.domain.distance import from_today

FRI_MAY_24_2024 = date(2024, 5, 24)  # before the bank holiday of Monday 27 May
SAT_MAY_25_2024 = date(2024, 5, 25)


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (FRI_MAY_24_2024, FRI_MAY_24_2024, "today"),
        (date(2024, 5, 28), FRI_MAY_24_2024, "in 1 working day"),
        (date(2024, 5, 30), FRI_MAY_24_2024, "in 3 working days"),
        (date(2024, 5, 23), FRI_MAY_24_2024, "1 working day late"),
        (date(2024, 5, 22), FRI_MAY_24_2024, "2 working days late"),
        (FRI_MAY_24_2024, SAT_MAY_25_2024, "late, with no working day since"),
        (date(2024, 5, 27), SAT_MAY_25_2024, "before the next working day"),
    ],
)
def test_a_day_is_told_in_working_days_over_weekends_and_holidays(day: date, today: date, words: str) -> None:
    assert from_today(day, today, load_calendars().of("FOIA")) == words


def test_a_holiday_of_another_division_counts_by_the_law_it_is_of() -> None:
    calendars = load_calendars()
    wed_jul_10, mon_jul_15 = date(2024, 7, 10), date(2024, 7, 15)  # Friday 12 July: a holiday in Northern Ireland only
    assert from_today(mon_jul_15, wed_jul_10, calendars.of("FOIA")) == "in 2 working days"
    assert from_today(mon_jul_15, wed_jul_10, calendars.of("FOISA")) == "in 3 working days"

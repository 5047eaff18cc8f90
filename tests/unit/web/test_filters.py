from datetime import UTC, date, datetime, timedelta

import pytest

from web.filters import age, day, iso, long_day, moment, short_day, size

SUN_JUN_2_2024_LATE = datetime(2024, 6, 2, 23, 30, tzinfo=UTC)


def test_days_and_times_are_londons() -> None:
    assert day(SUN_JUN_2_2024_LATE) == "Mon 3 June 2024"
    assert short_day(SUN_JUN_2_2024_LATE) == "Mon 3 Jun 2024"
    assert long_day(date(2024, 6, 3)) == "Monday 3 June 2024"
    assert moment(SUN_JUN_2_2024_LATE) == "00:30 on Monday 3 June 2024"
    assert iso(SUN_JUN_2_2024_LATE) == "2024-06-03T00:30+01:00"
    assert iso(date(2024, 6, 3)) == "2024-06-03"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 bytes"), (999, "999 bytes"), (34_200, "34 kB"), (5_600_000, "5.6 MB")]
)
def test_sizes_are_decimal(number: int, said: str) -> None:
    assert size(number) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(days=1, hours=23), "1 day"),
        (timedelta(days=12), "12 days"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(passed: timedelta, said: str) -> None:
    assert age(SUN_JUN_2_2024_LATE, SUN_JUN_2_2024_LATE + passed) == said

"""On which mornings the desk writes, over weekends, bank holidays and the changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.calendars import load_calendars
from service.domain.mornings import LONDON, begins_the_week, morning, week_before

UK = load_calendars().uk
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
HOURS = st.times(time(5), time(20)).map(lambda at: at.replace(tzinfo=None))


def test_a_morning_begins_at_its_hour_in_london_whatever_the_clocks_do() -> None:
    at = time(7, 30)
    assert morning(datetime(2024, 3, 29, 7, 30, tzinfo=UTC), at, UK) is None  # Good Friday
    assert morning(datetime(2024, 4, 2, 6, 29, tzinfo=UTC), at, UK) is None  # a Tuesday in summer time
    assert morning(datetime(2024, 4, 2, 6, 30, tzinfo=UTC), at, UK) == date(2024, 4, 2)
    assert morning(datetime(2024, 10, 28, 7, 29, tzinfo=UTC), at, UK) is None  # the Monday after the clocks went back
    assert morning(datetime(2024, 10, 28, 7, 30, tzinfo=UTC), at, UK) == date(2024, 10, 28)


def test_it_lasts_until_the_london_midnight() -> None:
    assert morning(datetime(2024, 7, 2, 22, 59, tzinfo=UTC), time(7, 30), UK) == date(2024, 7, 2)
    assert morning(datetime(2024, 7, 2, 23, 0, tzinfo=UTC), time(7, 30), UK) is None


@given(INSTANTS, HOURS)
def test_a_morning_is_a_working_day_of_london_and_not_before_its_hour(now: datetime, begins: time) -> None:
    found = morning(now, begins, UK)
    local = now.astimezone(LONDON)
    assert (found is not None) == (UK.is_working(local.date()) and local.time() >= begins)
    assert found in (None, local.date())


@given(DAYS, HOURS)
def test_every_working_day_has_one_morning_that_begins_once(day: date, begins: time) -> None:
    midnight = datetime.combine(day, time(), LONDON).astimezone(UTC)
    minutes = [morning(midnight + timedelta(minutes=15 * n), begins, UK) for n in range(100)]
    of_the_day = [found == day for found in minutes]
    assert any(of_the_day) == UK.is_working(day)
    assert sum(now and not before for before, now in zip([False, *of_the_day], of_the_day, strict=False)) <= 1


@given(DAYS)
def test_a_week_with_a_working_day_begins_on_exactly_one(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=n) for n in range(7)]
    assert [d for d in week if begins_the_week(d, UK)] == [d for d in week if UK.is_working(d)][:1]


@given(DAYS)
def test_the_week_before_is_the_seven_days_to_sunday(day: date) -> None:
    first, last = week_before(day)
    assert (first.weekday(), last.weekday(), (last - first).days) == (0, 6, 6)
    assert 1 <= (day - last).days <= 7

"""Whoever runs the desk hears a year ahead that the published holidays come to their end."""

from datetime import date, timedelta

from service.domain.calendars import CalendarChange, ChangeKind, load_calendars
from service.domain.horizon import horizon_warning


def test_a_year_of_known_holidays_is_enough_and_a_day_less_is_not() -> None:
    calendars = load_calendars()
    a_year_before = calendars.horizon - timedelta(days=365)
    assert horizon_warning(calendars, a_year_before) == ""
    warning = horizon_warning(calendars, a_year_before + timedelta(days=1))
    assert warning.startswith(f"Bank holidays are known only until {calendars.horizon:%-d %B %Y}:")


def test_a_newer_list_ends_the_warning() -> None:
    calendars, today = load_calendars(), load_calendars().horizon
    assert horizon_warning(calendars, today)
    change = CalendarChange(ChangeKind.HORIZON, date(today.year + 2, 12, 31), today)
    assert horizon_warning(calendars.with_changes([change]), today) == ""

"""Changing the calendar: checked against what it is, kept with who did it, one after the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from service.casework.change_calendar import change_calendar
from service.desk import Desk
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind, load_calendars
from service.domain.working_days import Division
from service.store.almanac import Almanac
from service.store.calendar_changes import change_log
from service.store.database import reading, transaction

MON_JUN_3, MON_JUN_10, TUE_JUN_11 = date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, 11)
WEDDING = CalendarChange(
    ChangeKind.ADDED, MON_JUN_10, MON_JUN_3, Division.ENG, "A royal wedding", "The Gazette", date(2024, 5, 31)
)
FEAST = replace(WEDDING, on=TUE_JUN_11, division=Division.SCT, title="A feast")


def change(desk: Desk, *changes: CalendarChange) -> int:
    with transaction(desk.engine) as session:
        return change_calendar(session, desk, changes, at=desk.now(), by="officer:7")


def titles(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return [made.title for made in desk.almanac.refresh(session).changes]


def test_a_change_is_kept_with_where_it_is_published_and_who_made_it_when(desk: Desk) -> None:
    assert change(desk, WEDDING) == 1
    with reading(desk.engine) as session:
        [row] = change_log(session)
    assert (row.kind, row.day, row.division, row.title) == ("holiday added", MON_JUN_10, "ENG", "A royal wedding")
    assert (row.source, row.proclaimed_on) == ("The Gazette", date(2024, 5, 31))
    assert (row.made_by, row.made_at) == ("officer:7", desk.now())


def test_each_change_is_held_against_those_before_it(desk: Desk) -> None:
    assert change(desk, WEDDING, FEAST, replace(WEDDING, kind=ChangeKind.WITHDRAWN), WEDDING) == 4
    with reading(desk.engine) as session:
        calendars = desk.almanac.refresh(session)
    assert calendars.version == "2026.1+4"
    assert not calendars.uk.is_working(MON_JUN_10)


def test_one_that_changes_nothing_is_refused_with_all_that_came_with_it(desk: Desk) -> None:
    change(desk, WEDDING)
    with pytest.raises(CalendarChangeRefused) as refusal:
        change(desk, FEAST, WEDDING)
    assert str(refusal.value) == ("Monday 10 June 2024 is a holiday in England and Wales already: A royal wedding.")
    assert titles(desk) == ["A royal wedding"]


def while_it_is_changed(desk: Desk, first: CalendarChange, meanwhile: Callable[[], object]) -> None:
    """Make a change, and do something in another thread before it is committed; that must wait for it."""
    thread = Thread(target=meanwhile)
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [first], at=desk.now(), by="officer:1")
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive()
    thread.join()


def test_two_desks_at_once_change_one_after_the_other(desk: Desk) -> None:
    other = replace(desk, almanac=Almanac(load_calendars()))
    while_it_is_changed(desk, WEDDING, lambda: change(other, FEAST))
    # "+1" must mean the same change for good: dates are explained by it.
    assert titles(desk) == titles(other) == ["A royal wedding", "A feast"]


def test_of_two_desks_that_add_the_same_holiday_at_once_one_is_refused(desk: Desk) -> None:
    other, refused = replace(desk, almanac=Almanac(load_calendars())), []

    def the_same() -> None:
        with pytest.raises(CalendarChangeRefused, match="is a holiday in England and Wales already"):
            change(other, WEDDING)
        refused.append(True)

    while_it_is_changed(desk, WEDDING, the_same)
    assert refused
    assert titles(desk) == ["A royal wedding"]


@pytest.mark.parametrize("statement", ["UPDATE calendar_change SET title = 'x'", "DELETE FROM calendar_change"])
def test_the_log_of_changes_can_only_grow(desk: Desk, statement: str) -> None:
    change(desk, WEDDING)
    with pytest.raises(DBAPIError, match="append-only"), Session(desk.engine) as session:
        session.connection().exec_driver_sql(statement)

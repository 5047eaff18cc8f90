"""The calendars that a desk has read are those of the log, whoever changed it and whatever was rolled back."""

from dataclasses import replace
from datetime import date

import pytest

from service.casework.change_calendar import change_calendar
from service.desk import Desk
from service.domain.calendars import CalendarChange, Calendars, ChangeKind, load_calendars
from service.domain.working_days import Division
from service.store.almanac import Almanac
from service.store.database import reading, transaction
from tests.builders import open_a_case
from tests.conftest import Time

MON_JUN_3, MON_JUN_10, TUE_JUN_11 = date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, 11)
WEDDING = CalendarChange(ChangeKind.ADDED, MON_JUN_10, MON_JUN_3, Division.ENG, "A royal wedding", "The Gazette")
FEAST = replace(WEDDING, on=TUE_JUN_11, division=Division.SCT, title="A feast")
SHIPPED = load_calendars()


def another(desk: Desk) -> Desk:
    """The same desk as another process has it."""
    return replace(desk, almanac=Almanac(SHIPPED))


def change(desk: Desk, *changes: CalendarChange) -> None:
    with transaction(desk.engine) as session:
        change_calendar(session, desk, changes, at=desk.now(), by="console")


def change_in_vain(desk: Desk, *changes: CalendarChange) -> Calendars:
    """The calendars as they were read in a transaction that was rolled back later."""
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        change_calendar(session, desk, changes, at=desk.now(), by="console")
        read = desk.almanac.refresh(session)
        raise RuntimeError("killed")
    return read


def refreshed(desk: Desk) -> Calendars:
    with reading(desk.engine) as session:
        return desk.almanac.refresh(session)


def test_while_nobody_changes_anything_they_are_the_shipped_ones_and_not_made_anew(desk: Desk) -> None:
    assert refreshed(desk) == SHIPPED
    change(desk, WEDDING)
    assert refreshed(desk) is refreshed(desk)


def test_every_particular_of_a_change_comes_back_in_the_order_of_the_log(desk: Desk) -> None:
    told = replace(FEAST, proclaimed_on=date(2024, 5, 31))
    horizon = CalendarChange(ChangeKind.HORIZON, date(2029, 12, 31), MON_JUN_3)
    change(desk, told, horizon, WEDDING)
    change(desk, replace(WEDDING, kind=ChangeKind.WITHDRAWN))
    calendars = refreshed(another(desk))
    assert calendars.changes == (told, horizon, WEDDING, replace(WEDDING, kind=ChangeKind.WITHDRAWN))
    assert (calendars.version, calendars.horizon) == ("2026.1+4", date(2029, 12, 31))


def test_another_process_counts_by_a_change_from_its_next_transaction_on(desk: Desk) -> None:
    other = another(desk)
    change(desk, WEDDING)
    assert other.calendars.version == "2026.1"
    with transaction(other.engine) as session:
        case = open_a_case(session, other)
    assert (case.due_on, case.calendar_version) == (date(2024, 7, 2), "2026.1+1")


def test_a_change_that_was_rolled_back_is_forgotten(desk: Desk) -> None:
    assert change_in_vain(desk, WEDDING).version == "2026.1+1"
    assert refreshed(desk) == SHIPPED


def test_a_change_in_the_place_of_one_that_was_rolled_back_is_not_taken_for_it(desk: Desk, time: Time) -> None:
    change_in_vain(desk, WEDDING)
    time.pass_by(seconds=1)
    change(another(desk), FEAST)
    assert [made.title for made in refreshed(desk).changes] == ["A feast"]


def test_what_a_slow_reader_still_sees_does_not_outlast_it(desk: Desk) -> None:
    with reading(desk.engine) as slow:
        desk.almanac.refresh(slow)  # on SQLite it sees the log of this moment until it ends
        change(another(desk), WEDDING)
        assert refreshed(desk).version == "2026.1+1"
        desk.almanac.refresh(slow)
    assert refreshed(desk).version == "2026.1+1"

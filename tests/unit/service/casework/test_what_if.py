"""What if, on both databases: the numbers are those of the lists, and asking changes nothing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.casework.assign import assign
from service.casework.change_calendar import change_calendar
from service.casework.recount import recount_some
from service.casework.standing_of import not_soon
from service.casework.what_if import if_away, if_calendar, if_nothing_answered
from service.desk import Desk
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind
from service.domain.what_if import Fate, Turn
from service.domain.working_days import Division
from service.store.database import reading, transaction
from service.store.tables import Case
from service.store.worklist import Days, Narrowing, Selection, View, list_cases
from tests.builders import an_officer, open_a_case
from tests.conftest import Time
from tests.many import open_rows

MON_JUN_3, FRI_JUN_14 = date(2024, 6, 3), date(2024, 6, 14)
DUES = (date(2024, 5, 30), MON_JUN_3, FRI_JUN_14, date(2024, 6, 17), date(2024, 6, 21), date(2024, 6, 24), None)


@pytest.fixture
def team(desk: Desk) -> list[int]:
    """Sam, with three cases of each deadline; Bea, with one that is due today; Morgan, who oversees; Gwen, who left."""
    with transaction(desk.engine) as session:
        sam, bea = an_officer(session), an_officer(session, "Bea Good")
        morgan, gwen = an_officer(session, "Morgan Reid", "supervisor"), an_officer(session, "Gwen Hart")
        gwen.active = False
        session.add(gwen)
        for n, due in enumerate(DUES):
            open_rows(session, 3, due_on=due, first=100 * n, owner_id=sam.id)
        open_rows(session, 1, due_on=MON_JUN_3, first=9000, owner_id=bea.id)
        open_rows(session, 1, due_on=MON_JUN_3, first=9900, owner_id=sam.id, stage="closed", answered_on=MON_JUN_3)
        return [sam.id, bea.id, morgan.id]


def holiday(on: date, kind: ChangeKind = ChangeKind.ADDED, division: Division = Division.ENG) -> CalendarChange:
    return CalendarChange(kind, on, MON_JUN_3, division, "A royal wedding", "a test")


def test_an_absence_counts_what_the_lists_count(desk: Desk, team: list[int]) -> None:
    with reading(desk.engine) as session:
        found = if_away(session, desk, team[0], FRI_JUN_14, today=MON_JUN_3)
        numbers = {fate: len(cases) for fate, cases in found.cases.items()}
        due = {
            "late": Days(None, date(2024, 6, 2)),
            "go": Days(MON_JUN_3, FRI_JUN_14),
            "all": Days(None, date(2024, 6, 21)),
        }
        listed = {
            name: list_cases(
                session,
                Selection(View.OPEN, MON_JUN_3, not_soon(desk, MON_JUN_3), 0, Narrowing(owner_id=team[0], due=days)),
            ).total
            for name, days in due.items()
        }
    assert numbers == {Fate.LATE_ALREADY: 3, Fate.GOES_LATE: 6, Fate.TIGHT: 6, Fate.LATER: 3, Fate.STOPPED: 3}
    assert found.absence.tight_until == date(2024, 6, 21)
    assert listed == {"late": 3, "go": 6, "all": found.handed_over}


def test_handing_over_weighs_on_those_who_are_there(desk: Desk, team: list[int]) -> None:
    with reading(desk.engine) as session:
        found = if_away(session, desk, team[0], FRI_JUN_14, today=MON_JUN_3)
    (bea,) = found.shares  # neither whoever is away, nor the supervisor who has no cases, nor who has left
    assert (bea.officer_id, bea.due_days, bea.cases) == (team[1], 20, 15)
    # late 20, today 20, in 9 days 11, in 10 days 10, in 14 days 6
    assert found.weight == 3 * (20 + 20 + 11 + 10 + 6)
    assert bea.due_days_then == 20 + found.weight


def test_an_absence_that_nobody_can_cover_says_so(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        open_rows(session, 1, due_on=MON_JUN_3, owner_id=sam.id)
    with reading(desk.engine) as session:
        found = if_away(session, desk, sam.id, FRI_JUN_14, today=MON_JUN_3)
    assert (found.handed_over, list(found.shares)) == (1, [])


def test_a_thousand_cases_take_as_many_queries_as_one(desk: Desk, team: list[int]) -> None:
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    counts = []
    for first in (20_000, 40_000):
        asked.clear()
        with reading(desk.engine) as session:
            if_away(session, desk, team[0], FRI_JUN_14, today=MON_JUN_3)
            if_nothing_answered(session, FRI_JUN_14, today=MON_JUN_3)
        counts.append(len(asked))
        with transaction(desk.engine) as session:
            open_rows(session, 1000, due_on=FRI_JUN_14, first=first, owner_id=team[0])
    assert counts[0] == counts[1] <= 8


def test_a_supposed_holiday_moves_what_a_true_one_moves_and_changes_nothing(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        an_officer(session)
        for _ in range(3):
            assign(session, desk, open_a_case(session, desk), 1, at=desk.now(), by="officer:1")
    with reading(desk.engine) as session:
        before = [case.due_on for case in session.exec(select(Case))]
        found = if_calendar(session, desk, [holiday(date(2024, 6, 10))], today=MON_JUN_3, most=2)
        none = if_calendar(session, desk, [holiday(date(2024, 9, 10))], today=MON_JUN_3, most=2)
        scottish = holiday(date(2024, 6, 10), division=Division.SCT)
        assert if_calendar(session, desk, [scottish], today=MON_JUN_3, most=2).moved == 3  # FOIA leaves out any part's
    assert (found.moved, found.opened, found.troubled, len(found.shown)) == (3, 3, 0, 2)
    assert found.turns == {Turn.MORE_TIME: 3}
    assert (none.moved, list(none.shown)) == (0, [])
    with reading(desk.engine) as session:
        assert [case.due_on for case in session.exec(select(Case))] == before
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [holiday(date(2024, 6, 10))], at=desk.now(), by="console")
        made = {move.reference: move.to_on for move in recount_some(session, desk, at=desk.now()).moves}
    assert {move.reference: move.to_on for move, _ in found.shown}.items() <= made.items()


def test_a_holiday_called_off_makes_late_what_was_on_time(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [holiday(date(2024, 6, 10))], at=desk.now(), by="console")
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        assert case.due_on == date(2024, 7, 2)
    time.moment = datetime(2024, 7, 2, 9, tzinfo=UTC)
    called_off = CalendarChange(ChangeKind.WITHDRAWN, date(2024, 6, 10), date(2024, 7, 2), Division.ENG)
    with reading(desk.engine) as session:
        found = if_calendar(session, desk, [called_off], today=date(2024, 7, 2), most=9)
    assert [(move.to_on, came_to) for move, came_to in found.shown] == [(date(2024, 7, 1), Turn.BECOMES_LATE)]


def test_what_changes_nothing_in_the_calendar_is_refused(desk: Desk) -> None:
    with reading(desk.engine) as session, pytest.raises(CalendarChangeRefused, match="no working day anyway"):
        if_calendar(session, desk, [holiday(date(2024, 6, 8))], today=MON_JUN_3, most=9)


def test_the_late_cases_grow_day_by_day_while_nothing_is_answered(desk: Desk, team: list[int]) -> None:
    with reading(desk.engine) as session:
        found = if_nothing_answered(session, date(2024, 6, 17), today=MON_JUN_3)
    assert found.late == 3
    assert [(row.day, row.due, row.late) for row in found.days] == [
        (MON_JUN_3, 4, 7),
        (FRI_JUN_14, 3, 10),
        (date(2024, 6, 17), 3, 13),
    ]

"""The lists hold exactly the cases that stand so: SQL and the one function of standing agree, whatever the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlmodel import select

from service.casework.change_calendar import change_calendar
from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.open_case import Request, open_case
from service.casework.recount import recount_some
from service.casework.standing_of import standing_of
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.domain.working_days import Division
from service.store import worklist
from service.store.database import reading, transaction
from service.store.page_counts import counts_around
from service.store.tables import WITHOUT_CASE, Case
from service.store.worklist import ALL, SORTS, Narrowing, Selection, View, count_each, list_cases
from tests.conftest import Time
from web.standings import not_soon


def fill(desk: Desk, time: Time, chance: Random) -> None:
    """Cases of every law over seven weeks, some of which wait, and holidays proclaimed meanwhile."""
    for number in range(30):
        time.pass_by(days=chance.randrange(3))
        with transaction(desk.engine) as session:
            words = Request(
                "Harriet Bell",
                "h@example.com",
                f"Request {number}",
                desk.now(),
                "foi",
                "FOI",
                chance.choice(list(Regime)),
            )
            case = open_case(session, desk, words, at=desk.now())
            if chance.random() < 0.2:
                kind = chance.choice((Kind.CLARIFICATION_SOUGHT, Kind.FEES_NOTICE))
                establish(session, desk, case, ClockFact(kind, desk.today()), at=desk.now(), by="officer:1")
        if number % 10 == 9:
            _proclaim(desk, desk.today() + timedelta(days=chance.randrange(5, 15)))


def _proclaim(desk: Desk, on: date) -> None:
    on += timedelta(days={5: 2, 6: 1}.get(on.weekday(), 0))
    if desk.calendars.holidays_on(on):
        return
    change = CalendarChange(ChangeKind.ADDED, on, desk.today(), Division.SCT, "A feast", "a test", desk.today())
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [change], at=desk.now(), by="console")
        recount_some(session, desk, at=desk.now())


@pytest.mark.parametrize("seed", range(3))
def test_a_list_holds_what_stands_so_on_any_day(desk: Desk, time: Time, seed: int) -> None:
    fill(desk, time, Random(seed))
    found: set[StandingKind] = set()
    for _ in range(30):
        time.pass_by(days=1)
        with reading(desk.engine) as session:
            selection = Selection(View.OPEN, desk.today(), not_soon(desk), officer_id=1)
            everything = [case for case, _ in list_cases(session, selection, size=1000).rows]
            _, counts = counts_around(session, selection)
        kinds = [standing_of(desk, case, desk.today()).kind for case in everything]
        assert counts[View.OVERDUE] == kinds.count(StandingKind.OVERDUE)
        assert counts[View.DUE_SOON] == kinds.count(StandingKind.DUE_SOON)
        assert counts[View.STOPPED] >= kinds.count(StandingKind.STOPPED)
        found |= set(kinds)
    assert found == {StandingKind.ON_TIME, StandingKind.DUE_SOON, StandingKind.OVERDUE, StandingKind.STOPPED}


def test_a_long_list_is_counted_as_far_as_anyone_turns_pages(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, time, Random(1))
    monkeypatch.setattr(worklist, "MOST_COUNTED", 20)
    with reading(desk.engine) as session:
        found = list_cases(session, Selection(View.EVERY, desk.today(), not_soon(desk), officer_id=1), page=2, size=10)
        words = Selection(View.EVERY, desk.today(), not_soon(desk), officer_id=1, words="harr request")
        narrowed = list_cases(session, words)
    assert (found.total, found.more, len(found.rows)) == (20, True, 10)
    assert (narrowed.total, narrowed.more) == (30, False)


@pytest.mark.parametrize("wanted", [ALL, Narrowing(regime="FOIA")])
@pytest.mark.parametrize("view", [View.EVERY, View.OPEN, View.CLOSED])
def test_of_what_too_many_have_words_of_a_list_holds_what_was_opened_last(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, view: View, wanted: Narrowing
) -> None:
    fill(desk, time, Random(1))
    with transaction(desk.engine) as session:
        for case in session.exec(select(Case)).all() if view is View.CLOSED else ():
            close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
    selection = Selection(view, desk.today(), not_soon(desk), officer_id=1, wanted=wanted, sort="subject")
    with reading(desk.engine) as session:
        everything = [case for case, _ in list_cases(session, selection, size=100).rows]
        monkeypatch.setattr(worklist, "MOST_WITH_WORDS", 3)
        found = list_cases(session, replace(selection, words="harr requ"), size=100)
    newest = sorted(everything, key=lambda case: case.id)[-3:]
    assert len(everything) > 3
    assert [case.id for case, _ in found.rows] == [case.id for case in sorted(newest, key=lambda case: case.subject)]
    assert (found.total, found.more) == (3, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"harr', 30),
        ('harr"iet', 0),
        ('""', 0),
        ("harr & request", 30),
        ("&", 0),
        ("harr OR xylophone", 0),
        ("b", 30),
        ("x.", 0),
        ("x harriet x", 30),
        ("be, 29", 1),
        ("01.FOI.2", 30),
        ("01.foi.24.00", 30),
        ("& & & & & & & & & harr", 30),
    ],
)
def test_words_are_words_whatever_marks_stand_in_them(desk: Desk, time: Time, words: str, found: int) -> None:
    fill(desk, time, Random(1))
    selection = Selection(View.OPEN, desk.today(), not_soon(desk), officer_id=1, words=words)
    with reading(desk.engine) as session:
        assert [list_cases(session, selection).total] == count_each(session, [selection]) == [found]


def test_mail_without_a_case_is_read_in_its_order_from_an_index(sqlite_desk: Desk) -> None:
    query = f"EXPLAIN QUERY PLAN SELECT * FROM post WHERE {WITHOUT_CASE} ORDER BY received_at DESC LIMIT 200"
    with sqlite_desk.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(query)]
    assert plan == ["SEARCH post USING INDEX ix_post_without_case (state=?)"]


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("name", sorted(SORTS))
def test_descending_is_ascending_read_backwards(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch, name: str, few: int
) -> None:
    fill(desk, time, Random(2))
    monkeypatch.setattr(worklist, "FEW", few)
    up, down = (
        Selection(View.OPEN, desk.today(), not_soon(desk), officer_id=1, words="h@example.com", sort=sort)
        for sort in (name, f"-{name}")
    )
    with reading(desk.engine) as session:
        ascending = [case.id for case, _ in list_cases(session, up, size=100).rows]
        descending = [case.id for page in (1, 2, 3) for case, _ in list_cases(session, down, page=page, size=10).rows]
    assert len(ascending) == 30
    assert descending == ascending[::-1]

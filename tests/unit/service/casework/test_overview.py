"""The dashboard's figures are what a person counts who goes through every case, on both databases."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from bench.seed import NOW, TODAY, fill
from service.casework.overview import Course, Overview, course, overview
from service.casework.standing_of import standing_of
from service.desk import Desk
from service.domain.forecast import Forecast
from service.domain.load import BANDS, due_days
from service.domain.promptness import Promptness
from service.domain.quarter import Quarter
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.store.database import reading
from service.store.tables import Case, GroundRow, Letter
from service.store.worklist import Narrowing, Selection, View
from tests.conftest import Time
from web.standings import not_soon

A_DAY = timedelta(days=1)


@pytest.fixture
def authority(desk: Desk, time: Time) -> Desk:
    """A year of a small authority, on the day it ends."""
    time.moment = NOW
    for _ in fill(desk.engine, 500, 1):
        pass
    return desk


def look(desk: Desk, wanted: Narrowing, quarter: Quarter) -> tuple[Overview, Course]:
    selection = Selection(View.OPEN, TODAY, not_soon(desk), 1, wanted)
    with reading(desk.engine) as session:
        return overview(session, desk, selection), course(session, desk, selection, quarter)


def rows(desk: Desk, wanted: Narrowing) -> Sequence[Case]:
    with reading(desk.engine) as session:
        return [
            case
            for case in session.exec(select(Case))
            if (not wanted.regime or case.regime == wanted.regime)
            and (wanted.owner_id is None or case.owner_id == wanted.owner_id)
        ]


@pytest.mark.parametrize(
    "wanted", [Narrowing(), Narrowing(regime="EIR"), Narrowing(owner_id=2)], ids=["all", "EIR", "2"]
)
@pytest.mark.parametrize("text", ["2026Q2", "2026Q1"])
def test_every_figure_is_the_count_of_its_cases(authority: Desk, wanted: Narrowing, text: str) -> None:
    quarter = Quarter.read(text)
    (found, over), cases = look(authority, wanted, quarter), rows(authority, wanted)
    opened = [case for case in cases if case.stage != "closed"]
    stands = Counter(standing_of(authority, case, TODAY).kind for case in opened)
    assert found.opened.every == len(opened) > 0
    assert found.opened.overdue == stands[StandingKind.OVERDUE]
    assert found.opened.due_soon == stands[StandingKind.DUE_SOON]
    assert found.opened.stopped == sum(case.stopped_on is not None for case in opened)
    assert found.opened.due_today == sum(case.due_on == TODAY for case in opened)
    home = authority.calendars.of(Regime.FOIA)
    waiting = [case for case in opened if case.owner_id is None and home.count(case.received_on, TODAY - A_DAY) >= 1]
    assert found.opened.unowned == len(waiting)

    ages = Counter(home.count(case.received_on, TODAY) for case in opened)
    assert [aged.number for aged in found.ages] == [
        sum(number for age, number in ages.items() if band.first <= age <= (band.last or 10_000)) for band in BANDS
    ]

    asked = [case for case in cases if quarter.holds(case.received_on) and case.matter not in ("review", "regulator")]
    answered = [case for case in asked if case.answered_on is not None]
    late = [case for case in answered if case.due_on is not None and case.answered_on > case.due_on]  # type: ignore[operator]
    overdue = [case for case in asked if standing_of(authority, case, TODAY).kind is StandingKind.OVERDUE]
    still = [case for case in asked if case.stage != "closed" and case not in overdue]
    decided = over.decided
    assert (decided.received, decided.late, decided.overdue, decided.running) == (
        len(asked), len(late), len(overdue), len(still)
    )  # fmt: skip
    assert decided.in_time == len(answered) - len(late)
    assert len(asked) > 0


def test_the_weeks_make_up_the_quarter(authority: Desk) -> None:
    quarter, cases = Quarter(2026, 2), rows(authority, Narrowing())
    weeks = look(authority, Narrowing(), quarter)[1].weeks
    assert (weeks[0].days.first, weeks[-1].days.last) == (quarter.first, quarter.last)
    for week in weeks:
        first, last = week.days.first, week.days.last
        assert first is not None
        assert last is not None
        assert (last - first).days < 7
        assert last == quarter.last or last.weekday() == 6
        assert week.received == sum(first <= case.received_on <= last for case in cases)
        answered = [case for case in cases if case.answered_on and first <= case.answered_on <= last]
        assert week.in_time + week.late == len(answered)
    assert sum(week.received for week in weeks) == sum(quarter.holds(case.received_on) for case in cases) > 0
    assert sum(week.late for week in weeks) > 0


def test_a_load_weighs_each_open_case_by_its_deadline(authority: Desk) -> None:
    opened = [case for case in rows(authority, Narrowing()) if case.stage != "closed"]
    loads = look(authority, Narrowing(), Quarter(2026, 2))[0].loads
    assert sum(load.cases for load in loads) == len(opened)
    for load in loads:
        mine = [case for case in opened if case.owner_id == load.owner_id]
        lefts = [
            authority.calendars.of(Regime(case.regime)).count(TODAY, case.prudent_due_on or case.due_on)
            if case.due_on
            else None
            for case in mine
        ]
        assert load.due_days == sum(map(due_days, lefts))
        assert load.stopped == lefts.count(None)
        assert load.overdue == sum(case.due_on is not None and case.due_on < TODAY for case in mine)
    heaviest = [load.due_days for load in loads if load.owner_id is not None]
    assert heaviest == sorted(heaviest, reverse=True)
    assert loads[-1].name == "nobody"


def test_limbs_and_acknowledgements_are_those_of_the_quarter(authority: Desk) -> None:
    quarter = Quarter(2026, 2)
    over, cases = look(authority, Narrowing(), quarter)[1], {case.id: case for case in rows(authority, Narrowing())}
    with reading(authority.engine) as session:
        relied = {(ground.case_id, ground.citation) for ground in session.exec(select(GroundRow))}
        letters = {letter.case_id: letter.sent_at for letter in session.exec(select(Letter)) if "ack" in letter.kind}
    counted = Counter(
        (cases[key].regime, citation) for key, citation in relied if _within(quarter, cases[key].answered_on)
    )
    assert {(regime, citation): number for regime, citation, number in over.limbs} == counted
    assert len(counted) > 3
    soon: Counter[Promptness] = Counter()
    for case in cases.values():
        if quarter.holds(case.received_on):
            sent = letters.get(case.id)
            soon[_promptness((sent - case.received_at) if sent else None)] += 1
    assert over.acknowledged == {kind: soon[kind] for kind in Promptness}
    assert soon[Promptness.MINUTES] > 0


def _within(quarter: Quarter, day: date | None) -> bool:
    return day is not None and quarter.holds(day)


def _promptness(took: timedelta | None) -> Promptness:
    if took is None:
        return Promptness.NEVER
    limits = {Promptness.MINUTES: 300, Promptness.HOUR: 3600, Promptness.DAY: 86_400}
    return next((kind for kind, limit in limits.items() if took.total_seconds() <= limit), Promptness.LATER)


def test_the_number_of_queries_does_not_grow_with_the_cases(authority: Desk) -> None:
    said: list[str] = []
    event.listen(authority.engine, "before_cursor_execute", lambda *words: said.append(words[2]))
    look(authority, Narrowing(), Quarter(2026, 2))
    many = len(said)
    look(authority, Narrowing(owner_id=2), Quarter(2024, 2))
    assert len(said) - many == many < 15


class TestForecast:
    def test_says_what_the_quarter_will_be(self) -> None:
        found = Forecast(in_time=80, late=10, running=60, expected=50, share=0.8)
        assert found.so_far == pytest.approx(80 / 90)
        assert found.at_end == pytest.approx((80 + 0.8 * 110) / 200)
        assert found.at_best == pytest.approx(190 / 200)
        assert found.may_go_late == 10

    def test_just_reaches_the_threshold_when_no_more_than_that_go_late(self) -> None:
        for late in range(30):
            found = Forecast(in_time=130, late=late, running=77, expected=3)
            end = Forecast(in_time=130 + 80 - found.may_go_late, late=late + found.may_go_late, running=0)
            one_more = Forecast(in_time=end.in_time - 1, late=end.late + 1, running=0)
            assert end.so_far is not None
            assert one_more.so_far is not None
            assert one_more.so_far < 0.9 <= end.so_far

    def test_says_nothing_of_nothing(self) -> None:
        found = Forecast(in_time=0, late=0, running=0)
        assert (found.so_far, found.at_end, found.at_best) == (None, None, None)

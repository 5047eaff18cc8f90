"""The statistics against a second reckoning over generated stories, and against what is recorded afterwards."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import Session

from service.casework.change_calendar import change_calendar
from service.casework.clock_facts import strike_out
from service.casework.open_case import Request, open_case
from service.casework.record import DESK, instant_of, record
from service.casework.recount import recount_some
from service.casework.statistics import AsAtImpossible, quarterly
from service.desk import LONDON, Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.kind import Kind
from service.domain.quarter import Quarter
from service.domain.statistics import Statistics
from service.domain.working_days import Division
from service.store.cases import case_by_reference, history
from service.store.database import reading, transaction
from service.store.tables import Case
from tests.conftest import Time
from tests.unit.service.casework.reckoning import Story, a_story, reckon

TUE_DEC_31 = date(2024, 12, 31)
MORNING = datetime(2024, 12, 31, 9, tzinfo=LONDON)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def live(session: Session, desk: Desk, story: Story) -> str:
    """Have a story happen to a case; returns its reference."""
    request = Request("", "", "A request", noon(story.received), "foi", kind="IR" if story.review else "FOI")
    case = open_case(session, desk, request, at=noon(story.received))
    for kind, day, told in (
        (Kind.CLARIFICATION_SOUGHT, story.asked, {}),
        (Kind.CLARIFIED, story.clarified, {}),
        (Kind.EXTENDED, story.extended, {"until": story.until, "reason": "public interest test"}),
    ):
        if day is not None:
            record(session, desk, case, kind, at=noon(day), by=DESK, happened_at=None, **told)
    if story.ended is not None and story.told_on is not None:
        close(session, desk, case, story)
    return case.reference


def close(session: Session, desk: Desk, case: Case, story: Story) -> None:
    assert story.ended is not None
    assert story.told_on is not None
    outcome, decisions, limbs = story.ending
    told: dict[str, Any] = {"outcome": outcome, "decisions": ", ".join(decisions), "limbs": ", ".join(limbs)}
    at = noon(story.told_on)
    record(
        session,
        desk,
        case,
        Kind.CLOSED,
        at=at,
        by=DESK,
        happened_at=instant_of(story.ended, at),
        **told,
    )


def figures(desk: Desk, quarter: str, as_at: date) -> Statistics:
    with reading(desk.engine) as session:
        return quarterly(session, desk, Quarter.read(quarter), as_at, today=desk.today())


def counts(found: Statistics) -> Counter[str]:
    return Counter({row.key: row.count for table in found.tables for row in table.figures if row.count})


@pytest.mark.parametrize("seed", range(3))
def test_each_figure_is_what_a_second_reckoning_says(desk: Desk, time: Time, seed: int) -> None:
    random = Random(seed)
    time.moment = MORNING
    stories = [a_story(random) for _ in range(90)]
    with transaction(desk.engine) as session:
        for story in stories:
            live(session, desk, story)
    for quarter in (Quarter(2024, number) for number in (1, 2, 3)):
        for as_at in (quarter.first + timedelta(days=40), quarter.last, quarter.last + timedelta(days=45), TUE_DEC_31):
            found = figures(desk, str(quarter), as_at)
            assert counts(found) == reckon(stories, quarter.first, quarter.last, as_at), (quarter, as_at)


def test_a_published_quarter_is_the_same_after_all_that_comes_later(desk: Desk, time: Time) -> None:
    random = Random(7)
    time.moment = MORNING
    stories = [a_story(random) for _ in range(60)]
    with transaction(desk.engine) as session:
        references = [live(session, desk, story) for story in stories]
    thu_oct_31 = date(2024, 10, 31)
    published = figures(desk, "2024Q3", thu_oct_31)
    now = figures(desk, "2024Q3", TUE_DEC_31)
    time.pass_by(days=1)
    with transaction(desk.engine) as session:
        for reference, story in zip(references, stories, strict=True):
            case = case_by_reference(session, reference)
            if story.ended is not None:
                _strike_out_the_closing(session, desk, case)
            if story.received >= date(2024, 7, 1):
                told: dict[str, Any] = {"received_on": "2024-06-28", "reason": "It lay in another team's mailbox."}
                record(session, desk, case, Kind.RECEIPT_CORRECTED, at=desk.now(), by=DESK, **told)
        holiday = CalendarChange(ChangeKind.ADDED, date(2024, 10, 16), desk.today(), Division.ENG, "a day of mourning")
        change_calendar(session, desk, [holiday], at=desk.now(), by=DESK)
    with transaction(desk.engine) as session:
        recount_some(session, desk, at=desk.now())
    assert figures(desk, "2024Q3", thu_oct_31) == published
    assert figures(desk, "2024Q3", TUE_DEC_31) == now
    later = figures(desk, "2024Q3", desk.today())
    assert later.figure("1.A").count < now.figure("1.A").count


def _strike_out_the_closing(session: Session, desk: Desk, case: Case) -> None:
    closing = next(event for event in history(session, case.id) if event.kind is Kind.CLOSED)
    strike_out(session, desk, case, closing.seq, "Closed in error.", at=desk.now(), by=DESK)


def test_each_figure_names_its_cases(desk: Desk, time: Time) -> None:
    time.moment = MORNING
    mon_jul_8 = date(2024, 7, 8)
    refusal = ("refused in full", ("withhold",), ("43(2)",))
    late = Story(mon_jul_8, ended=date(2024, 9, 2), told_on=date(2024, 9, 2), ending=refusal)
    with transaction(desk.engine) as session:
        reference = live(session, desk, late)
        live(session, desk, Story(date(2024, 7, 9)))
    found = figures(desk, "2024Q3", TUE_DEC_31)
    assert found.figure("1.Ciii").references == (reference,)
    assert found.figure("3.FOIA.43").references == (reference,)
    assert found.figure("1.A").count == 2
    rates = {rate.key: rate.percent for table in found.tables for rate in table.rates}
    assert rates["code.rate"] == 0.0
    assert rates["2.pending"] == 50.0


def test_a_quarter_cannot_be_taken_as_at_a_day_before_it_or_to_come(desk: Desk, time: Time) -> None:
    time.moment = MORNING
    for as_at in (date(2024, 9, 30), date(2025, 1, 1)):
        with pytest.raises(AsAtImpossible, match="2024Q4"):
            figures(desk, "2024Q4", as_at)
    assert counts(figures(desk, "2024Q4", TUE_DEC_31)) == Counter()

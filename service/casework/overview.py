"""What a supervisor has to see coming: counted when asked, from the cases as they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session

from service.desk import Desk
from service.domain.forecast import Forecast
from service.domain.load import BANDS, Band, due_days
from service.domain.promptness import Promptness
from service.domain.quarter import Quarter
from service.domain.regime import Regime
from service.domain.working_days import WorkingDays
from service.store.dashboard import (
    Decided,
    OpenCounts,
    acknowledged,
    answered_by_day,
    count_decided,
    count_open,
    limbs_relied_on,
    open_by_owner,
    open_by_receipt,
    received_by_day,
)
from service.store.officers import Role, officers
from service.store.worklist import Days, Narrowing, Selection

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
QUARTERS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Aged:
    """How many open cases are of an age, and on which days such cases were received."""

    band: Band
    received: Days
    number: int


@dataclass(frozen=True, slots=True)
class Week:
    """What came and went from a Monday, or the first day of the quarter, to a Sunday or its last."""

    days: Days
    received: int
    in_time: int
    late: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer has open; `owner_id` is None for what nobody has."""

    owner_id: int | None
    name: str
    cases: int
    overdue: int
    stopped: int
    due_days: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the dashboard shows of cases, for one narrowing and one quarter.

    `waits_since`: what came by that day and has no owner waits too long. `limbs`: law, citation and number of cases.
    """

    quarter: Quarter
    opened: OpenCounts
    waits_since: date
    decided: Decided
    forecast: Forecast
    ages: Sequence[Aged]
    weeks: Sequence[Week]
    loads: Sequence[Load]
    limbs: Sequence[tuple[str, str, int]]
    acknowledged: dict[Promptness, int]


def overview(session: Session, desk: Desk, selection: Selection, quarter: Quarter) -> Overview:
    """Count what stands open on the selection's day, and what came and went in a quarter.

    Of the selection, the mailbox, the law and the owner narrow what is counted.
    """
    wanted, today = selection.wanted, selection.today
    home = desk.calendars.of(Regime(desk.settings.regime_of(wanted.account or desk.settings.mailbox.account)))
    days = Days(quarter.first, quarter.last)
    waits_since = _latest(home, today - A_DAY, 1)
    decided = count_decided(session, wanted, days, today)
    return Overview(
        quarter=quarter,
        opened=count_open(session, selection, waits_since),
        waits_since=waits_since,
        decided=decided,
        forecast=_forecast(session, selection, quarter, decided, home),
        ages=_ages(open_by_receipt(session, wanted, today), home, today),
        weeks=_weeks(session, wanted, quarter, today),
        loads=workloads(session, desk, wanted, today),
        limbs=limbs_relied_on(session, wanted, days, today),
        acknowledged=acknowledged(session, wanted, days, today),
    )


def _forecast(
    session: Session, selection: Selection, quarter: Quarter, decided: Decided, home: WorkingDays
) -> Forecast:
    """By the four quarters before: how many requests came on a working day, and what share was answered in time."""
    begin = quarter
    for _ in range(QUARTERS_BEFORE):
        begin = begin.before
    last = quarter.first - A_DAY
    before = count_decided(session, selection.wanted, Days(begin.first, last), selection.today)
    so_far = before.in_time + before.late + before.overdue
    left = home.count(selection.today, quarter.last) if quarter.holds(selection.today) else 0
    return Forecast(
        in_time=decided.in_time,
        late=decided.late + decided.overdue,
        running=decided.running,
        expected=round(before.received / home.count(begin.first - A_DAY, last) * left),
        share=before.in_time / so_far if so_far else None,
    )


def _ages(received: Iterable[tuple[date, int]], home: WorkingDays, today: date) -> list[Aged]:
    counted = dict(received)
    ranges = [(band, _received(band, home, today)) for band in BANDS]
    return [
        Aged(band, days, sum(number for day, number in counted.items() if _holds(days, day))) for band, days in ranges
    ]


def _received(band: Band, home: WorkingDays, today: date) -> Days:
    """On which days a case of an age was received."""
    last = _latest(home, today, band.first) if band.first else None
    return Days(_latest(home, today, band.last + 1) + A_DAY if band.last is not None else None, last)


def _latest(home: WorkingDays, today: date, age: int) -> date:
    """The latest day from which so many working days have gone by."""
    day = today - timedelta(days=age)
    while home.count(day, today) < age:
        day -= A_DAY
    return day


def _holds(days: Days, day: date) -> bool:
    return (days.first is None or day >= days.first) and (days.last is None or day <= days.last)


def _weeks(session: Session, wanted: Narrowing, quarter: Quarter, today: date) -> list[Week]:
    days = Days(quarter.first, quarter.last)
    received = received_by_day(session, wanted, days, today)
    answered = answered_by_day(session, wanted, days, today)
    weeks = []
    first = quarter.first
    while first <= quarter.last:
        last = min(first + timedelta(days=6 - first.weekday()), quarter.last)
        week = Days(first, last)
        weeks.append(
            Week(
                week,
                sum(number for day, number in received if _holds(week, day)),
                sum(number for day, in_time, number in answered if in_time and _holds(week, day)),
                sum(number for day, in_time, number in answered if not in_time and _holds(week, day)),
            )
        )
        first = last + A_DAY
    return weeks


def workloads(session: Session, desk: Desk, wanted: Narrowing, today: date) -> list[Load]:
    """What every owner has open, the heaviest first; what nobody has last."""
    names = {member.id: member.name for member in officers(session, active_only=False)}
    loads: dict[int | None, Load] = {}
    for owner_id, regime, work_to, late, number in open_by_owner(session, wanted, today):
        held = loads.get(owner_id) or Load(owner_id, names.get(owner_id or 0, "nobody"), 0, 0, 0, 0)
        left = None if work_to is None else desk.calendars.of(Regime(regime)).count(today, work_to)
        loads[owner_id] = replace(
            held,
            cases=held.cases + number,
            overdue=held.overdue + (number if late else 0),
            stopped=held.stopped + (number if left is None else 0),
            due_days=held.due_days + number * due_days(left),
        )
    return sorted(loads.values(), key=lambda load: (load.owner_id is None, -load.due_days, load.name))


def sharers(session: Session, loads: Iterable[Load]) -> dict[int, int]:
    """The due-days of those who share the work: active officers, and whoever else works here and has cases."""
    team = {member.id: member for member in officers(session)}
    shared = {member.id: 0 for member in team.values() if Role(member.role) is Role.OFFICER}
    return shared | {load.owner_id: load.due_days for load in loads if load.owner_id in team}

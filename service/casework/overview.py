"""What a supervisor has to see coming: counted when asked, from the cases as they stand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

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
    first_received,
    limbs_relied_on,
    open_by_owner,
    open_by_receipt,
    received_by_day,
)
from service.store.officers import Role, officers
from service.store.tables import Officer
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
class Course:
    """How a quarter goes; `limbs`: law, citation and number of cases."""

    quarter: Quarter
    decided: Decided
    forecast: Forecast
    weeks: Sequence[Week]
    limbs: Sequence[tuple[str, str, int]]
    acknowledged: dict[Promptness, int]


@dataclass(frozen=True, slots=True)
class Before:
    """How the requests of the year before a quarter fared, and when the desk's first case came."""

    decided: Decided
    begun: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands open, for one narrowing; what came by `waits_since` and has no owner waits too long. `team` is
    everybody who works here or did."""

    opened: OpenCounts
    waits_since: date
    ages: Sequence[Aged]
    loads: Sequence[Load]
    team: Sequence[Officer]


def overview(session: Session, desk: Desk, selection: Selection) -> Overview:
    """Count what stands open on the selection's day.

    Of the selection, the mailbox, the law and the owner narrow what is counted.
    """
    wanted, today = selection.wanted, selection.today
    home = _home(desk, wanted)
    waits_since = _latest(home, today - A_DAY, 1)
    team = officers(session, active_only=False)
    return Overview(
        opened=count_open(session, selection, waits_since),
        waits_since=waits_since,
        ages=_ages(open_by_receipt(session, wanted, today), home, today),
        loads=workloads(session, desk, wanted, today, team),
        team=team,
    )


def year_before(session: Session, selection: Selection, quarter: Quarter) -> Before:
    """How the requests of the four quarters before fared, by which a forecast is made."""
    decided = count_decided(session, selection.wanted, _year_before(quarter), selection.today)
    return Before(decided, first_received(session))


def _year_before(quarter: Quarter) -> Days:
    begin = quarter
    for _ in range(QUARTERS_BEFORE):
        begin = begin.before
    return Days(begin.first, quarter.first - A_DAY)


def course(
    session: Session, desk: Desk, selection: Selection, quarter: Quarter, before: Before | None = None
) -> Course:
    """Count what came and went in a quarter, narrowed as the overview is; `before` is the year before, if counted."""
    wanted, today = selection.wanted, selection.today
    days = Days(quarter.first, quarter.last)
    decided = count_decided(session, wanted, days, today)
    return Course(
        quarter=quarter,
        decided=decided,
        forecast=_forecast(
            today,
            quarter,
            decided,
            before or year_before(session, selection, quarter),
            _home(desk, wanted),
        ),
        weeks=_weeks(session, wanted, quarter, today),
        limbs=limbs_relied_on(session, wanted, days, today),
        acknowledged=acknowledged(session, wanted, days, today),
    )


def _home(desk: Desk, wanted: Narrowing) -> WorkingDays:
    """The working days of the authority, or of the mailbox that is asked about."""
    return desk.calendars.of(Regime(desk.settings.regime_of(wanted.account or desk.settings.mailbox.account)))


def _forecast(today: date, quarter: Quarter, decided: Decided, before: Before, home: WorkingDays) -> Forecast:
    """By the four quarters before, or what of them the desk has had: how many requests came on a working day, and what
    share was answered in time. A desk that is too young for that goes by the quarter itself."""
    year, past = _year_before(quarter), before.decided
    by_itself = not (past.in_time or past.late or past.overdue)
    if by_itself:
        year, past = Days(quarter.first, min(today, quarter.last)), decided
    assert year.first is not None
    assert year.last is not None
    worked = home.count(max(year.first, before.begun or year.first) - A_DAY, year.last)
    so_far = past.in_time + past.late + past.overdue
    left = home.count(today, quarter.last) if quarter.holds(today) else 0
    return Forecast(
        in_time=decided.in_time,
        late=decided.late + decided.overdue,
        running=decided.running,
        expected=round(past.received / max(worked, 1) * left),
        share=past.in_time / so_far if so_far else None,
        by_itself=by_itself,
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
    """The weeks of a quarter, the first and the last of them as far as they lie in it."""
    days = Days(quarter.first, quarter.last)
    came, in_time, late = Counter[date](), Counter[date](), Counter[date]()  # by the week's Monday
    for day, number in received_by_day(session, wanted, days, today):
        came[_monday(day)] += number
    for day, timely, tardy in answered_by_day(session, wanted, days, today):
        in_time[_monday(day)] += timely
        late[_monday(day)] += tardy
    weeks, first = [], quarter.first
    while first <= quarter.last:
        monday = _monday(first)
        last = min(monday + timedelta(days=6), quarter.last)
        weeks.append(Week(Days(first, last), came[monday], in_time[monday], late[monday]))
        first = last + A_DAY
    return weeks


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def workloads(session: Session, desk: Desk, wanted: Narrowing, today: date, team: Iterable[Officer]) -> list[Load]:
    """What every owner has open, the heaviest first; what nobody has last."""
    names = {member.id: member.name for member in team}

    @cache
    def weight(regime: str, work_to: date) -> int:
        return due_days(desk.calendars.of(regime).count(today, work_to))

    cases: Counter[int | None] = Counter()
    overdue, stopped, weights = Counter(cases), Counter(cases), Counter(cases)
    for owner_id, regime, work_to, late, number in open_by_owner(session, wanted, today):
        cases[owner_id] += number
        overdue[owner_id] += number if late else 0
        if work_to is None:
            stopped[owner_id] += number
        else:
            weights[owner_id] += number * weight(regime, work_to)
    loads = [
        Load(owner, names.get(owner or 0, "nobody"), held, overdue[owner], stopped[owner], weights[owner])
        for owner, held in cases.items()
    ]
    return sorted(loads, key=lambda load: (load.owner_id is None, -load.due_days, load.name))


def sharers(session: Session, loads: Iterable[Load]) -> dict[int, int]:
    """The due-days of those who share the work: active officers, and whoever else works here and has cases."""
    team = {member.id: member for member in officers(session)}
    shared = {member.id: 0 for member in team.values() if Role(member.role) is Role.OFFICER}
    return shared | {load.owner_id: load.due_days for load in loads if load.owner_id in team}

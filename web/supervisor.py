"""The dashboard: what is due, late and stuck, who has how much, and whether the quarter will do; the address says
of which mailbox, law, officer and quarter."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.overview import Course, Overview, course, overview, year_before
from service.desk import Desk
from service.domain.exemptions import NoSuchProvision, law_of
from service.domain.forecast import THRESHOLD
from service.domain.load import LIMIT
from service.domain.promptness import Promptness
from service.domain.quarter import NoSuchQuarter, Quarter
from service.domain.stage import Stage
from service.store.database import reading
from service.store.worklist import NOBODY, Days, Narrowing, Selection, View
from web import narrowing
from web.charts import Chart, Part, Row, bars, columns, drawing
from web.current import desk, kept, officer
from web.filters import day
from web.paths import path_to
from web.standings import REGIMES, not_soon

pages = Blueprint("supervisor", __name__, url_prefix="/dashboard")
OFFERED = 8  # quarters
MOST_LIMBS = 10


@dataclass(frozen=True, slots=True)
class Query:
    """What the address asks for; without a quarter, this one."""

    wanted: Narrowing
    quarter: Quarter

    @classmethod
    def read(cls, values: MultiDict[str, str], served: Desk) -> Self:
        """What an address cannot mean is left out, and told by `faults`."""
        found = narrowing.read(values, served)
        wanted = Narrowing(account=found.account, regime=found.regime, owner_id=found.owner_id)
        try:
            quarter = Quarter.read(values.get("quarter", ""))
        except NoSuchQuarter:
            quarter = Quarter.of(served.today())
        return cls(wanted, min(quarter, Quarter.of(served.today())))

    @staticmethod
    def faults(values: MultiDict[str, str], served: Desk, team: Collection[int]) -> dict[str, str]:
        """What the address asks for and `read` leaves out, by its name there."""
        found = narrowing.faults(values, served, team)
        try:
            asked = Quarter.read(values["quarter"]) if values.get("quarter", "") else None
        except NoSuchQuarter:
            return found | {"quarter": "The address names no quarter: choose one"}
        if asked is not None and asked > Quarter.of(served.today()):
            return found | {"quarter": "That quarter has not begun: choose one that has"}
        return found

    @property
    def narrowed(self) -> bool:
        """Whether it is of a part of the desk: a mailbox, a law or an officer."""
        return self.wanted != Narrowing()

    def cases(self, view: View, **narrower: Any) -> str:
        """The address of a list of the same mailbox, law and officer, narrowed further."""
        query = _query(replace(self.wanted, **narrower))
        path = path_to("worklist.show", view=view.value)
        return f"{path}?{query}" if query else path


@lru_cache(maxsize=4096)  # a hundred stand on the page, and all day most are the same
def _query(wanted: Narrowing) -> str:
    return urlencode(narrowing.written(wanted))


@pages.get("")
def show() -> ResponseReturnValue:
    served, now = desk(), desk().now()
    query = Query.read(request.args, served)
    selection = Selection(View.OPEN, served.today(), not_soon(served), officer().id, query.wanted)
    with reading(served.engine) as session:
        found = overview(session, served, selection)
        before = kept().get(
            ("year before", query, selection.today),
            now,
            lambda: year_before(session, selection, query.quarter),
            long_past=True,
        )
        went, counted_at = kept().get(
            ("course", query, selection.today),
            now,
            lambda: course(session, served, selection, query.quarter, before.answer),
        )
    days = Days(query.quarter.first, query.quarter.last)
    faults = Query.faults(request.args, served, {member.id for member in found.team})
    page = render_template(
        "web/dashboard.html",
        faults=faults,
        query=query,
        found=found,
        went=went,
        counted_at=counted_at if counted_at < now else None,
        forecast=went.forecast,
        threshold=THRESHOLD,
        links=_links(query, found, days),
        drawings=[drawing(chart) for chart in _charts(query, found, went, days)],
        quarters=_quarters(served, query),
        owners=[(str(member.id), member.name) for member in found.team],
        regimes=[(name, name) for name in REGIMES],
        accounts=list(narrowing.accounts(served).items()),
        due_soon=served.settings.team.due_soon,
        this_quarter=query.quarter == Quarter.of(served.today()),
    )
    return (page, 400) if faults else page


def _quarters(served: Desk, query: Query) -> list[tuple[str, str]]:
    offered = [Quarter.of(served.today())]
    while len(offered) < OFFERED:
        offered.append(offered[-1].before)
    return [(str(quarter), quarter.words) for quarter in sorted({*offered, query.quarter}, reverse=True)]


def _links(query: Query, found: Overview, days: Days) -> dict[str, str]:
    """Where the cases behind each number are listed."""
    today = Days(desk().today(), desk().today())
    asked = {"received": days, "requests_only": True}
    return {
        "open": query.cases(View.OPEN),
        "due_today": query.cases(View.OPEN, due=today),
        "due_soon": query.cases(View.DUE_SOON),
        "overdue": query.cases(View.OVERDUE),
        "stopped": query.cases(View.STOPPED),
        "unowned": query.cases(View.UNASSIGNED, received=Days(None, found.waits_since)),
        "no_request": query.cases(View.OPEN, stage=Stage.NOT_FOI),
        "ready": query.cases(View.OPEN, stage=Stage.READY),
        "in_time": query.cases(View.CLOSED, late=False, **asked),
        "late": query.cases(View.EVERY, late=True, **asked),
        "received": query.cases(View.EVERY, **asked),
        "running": query.cases(View.OPEN, **asked),
    }


def _charts(query: Query, found: Overview, went: Course, days: Days) -> Iterator[Chart]:
    yield _weeks(query, went)
    yield _ages(query, found)
    yield _loads(query, found)
    yield _limbs(query, went, days)
    yield _acknowledged(query, went, days)


def _weeks(query: Query, went: Course) -> Chart:
    rows = []
    for week in went.weeks:
        assert week.days.first is not None
        label = f"from {day(week.days.first)}"
        answered = [
            (in_time, number, query.cases(View.CLOSED, answered=week.days, late=not in_time))
            for in_time, number in ((True, week.in_time), (False, week.late))
        ]
        came = Part(
            "received",
            week.received,
            query.cases(View.EVERY, received=week.days),
            f"{label}: {week.received} received",
        )
        answers = [
            Part(series, number, url, f"{label}: {number} answered {words}")
            for (in_time, number, url) in answered
            for series, words in [("in-time", "in time") if in_time else ("late", "late")]
        ]
        short = f"{week.days.first.day}\N{NO-BREAK SPACE}{week.days.first:%b}"
        weekday = f"{week.days.first:%a}\N{NO-BREAK SPACE}"
        rows.append(Row(weekday + short, ((came,), tuple(answers)), short))
    return columns(
        "weeks",
        "Received and answered, by week",
        f"{sum(week.received for week in went.weeks)} cases were received in {went.quarter.words}, "
        f"{sum(week.in_time for week in went.weeks)} answered in time and "
        f"{sum(week.late for week in went.weeks)} answered late.",
        ("Week from", "Received", "In time", "Late"),
        rows,
        legend=(("received", "received"), ("in-time", "answered in time"), ("late", "answered late")),
    )


def _ages(query: Query, found: Overview) -> Chart:
    rows = []
    for aged in found.ages:
        series = "late" if aged.band.past_the_limit else "in-time"
        url = query.cases(View.OPEN, received=aged.received)
        words = f"{aged.number} {_cases(aged.number)} open for {aged.band.words} working days"
        rows.append(
            Row(f"{aged.band.words} working days", ((Part(series, aged.number, url, words),),), aged.band.words)
        )
    past = sum(aged.number for aged in found.ages if aged.band.past_the_limit)
    return bars(
        "ages",
        "Ages of open cases",
        f"In working days since receipt. {past} of {found.opened.every} are older than {LIMIT}; such a case is late "
        "unless its time was extended or its clock stood.",
        ("Age", "Open cases"),
        rows,
        label=66,
        after=(3, f"{LIMIT} working days, s.10(1)"),
        legend=(("in-time", f"within {LIMIT} working days"), ("late", "older")),
    )


def _loads(query: Query, found: Overview) -> Chart:
    rows = []
    for load in found.loads:
        owned = {"owner_id": load.owner_id} if load.owner_id else {}
        url = query.cases(View.OPEN if load.owner_id else View.UNASSIGNED, **owned)
        late = query.cases(View.OVERDUE, owner_id=load.owner_id or NOBODY)
        words = (
            f"{load.name}: {load.due_days} due-days in {load.cases} open {_cases(load.cases)}, {load.overdue} overdue"
        )
        parts = (
            Part("received", load.due_days, url, words),
            Part("received", load.cases, url, f"{load.name}: {load.cases} open"),
            Part("late", load.overdue, late, f"{load.name}: {load.overdue} overdue"),
        )
        rows.append(Row(load.name, tuple((part,) for part in parts)))
    return bars(
        "loads",
        "Workload in due-days",
        f"A new case weighs 1, and 1 more with each working day of its last {LIMIT} that goes: {LIMIT} when it is due "
        "or late. It weighs nothing while its clock stands.",
        ("Officer", "Due-days", "Open cases", "Overdue"),
        rows,
        label=126,
    )


def _limbs(query: Query, went: Course, days: Days) -> Chart:
    rows = []
    for regime, citation, number in went.limbs:
        url = query.cases(View.EVERY, answered=days, regime=regime, citation=citation)
        name = _limb(regime, citation)
        part = Part("received", number, url, f"{name}: relied on in {number} {_cases(number)}")
        rows.append(Row(name, ((part,),), f"{regime} {citation}"))
    return bars(
        "limbs",
        "Exemptions and exceptions relied on",
        f"In cases answered in {went.quarter.words}; a case may rely on several.",
        ("Provision", "Cases"),
        rows,
        label=126,
        most=MOST_LIMBS,
    )


def _limb(regime: str, citation: str) -> str:
    """A limb as the table names it; one that the law no longer has by its citation alone."""
    try:
        limb = law_of(regime).provision(citation)
    except NoSuchProvision:
        return f"{regime} {citation}"
    return f"{regime} {limb.cited}: {limb.title}"


def _acknowledged(query: Query, went: Course, days: Days) -> Chart:
    rows = []
    for soon, number in went.acknowledged.items():
        url = query.cases(View.EVERY, received=days, acknowledged=soon)
        series = "late" if soon in (Promptness.LATER, Promptness.NEVER) else "in-time"
        rows.append(Row(str(soon).capitalize(), ((Part(series, number, url, f"{number}: {soon}"),),)))
    return bars(
        "acknowledged",
        "Time to acknowledgement",
        f"From the arrival of the mail to the sending of its acknowledgement, for cases received in "
        f"{went.quarter.words}.",
        ("Acknowledged", "Cases"),
        rows,
        label=150,
    )


def _cases(number: int) -> str:
    return "case" if number == 1 else "cases"

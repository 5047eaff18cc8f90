"""What it would cost to comply with a request, against the limit of s.12."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.estimate_cost import Version, estimate_cost, limit_of, versions_of
from service.casework.permission import require_may
from service.domain.amounts import duration, money, plain
from service.domain.costs import LONGEST_WORDS, RATES, Activity, CostFault, Limit, Task, activities_of
from service.domain.regime import Regime
from service.domain.stage import Act
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.tables import Case
from web.current import actor, desk, officer
from web.fields import choices
from web.forms import FormFaults, Reader
from web.timeline import who

pages = Blueprint("costs", __name__, url_prefix="/cases/<path:reference>/costs")
SPARE_ROWS, MOST_ROWS = 2, 40
FIELDS = ("activity", "items", "what", "minutes")
NO_LIMIT = {
    Regime.EIR: "regulation 12(4)(b): a request is refused as manifestly unreasonable only when the public interest in "
    "maintaining that exception outweighs the public interest in disclosure",
    Regime.EISR: "regulation 10(4)(b): a request is refused as manifestly unreasonable only when the public interest "
    "in making the information available is outweighed",
}
LEFT_OUT = {
    Regime.FOIA: "Reading, redacting, considering exemptions and writing the answer do not.",
    Regime.FOISA: "Finding out whether it is held, or whether the requester may have it, does not.",
}


class NoCostLimit(CostFault):
    """There is no cost limit under {title}."""


@dataclass(frozen=True, slots=True)
class CostForm:
    tasks: tuple[Task, ...]
    hourly: Decimal | None

    @classmethod
    def read(cls, values: Mapping[str, str], regime: str) -> Self:
        """The lines that were filled in."""
        reader = Reader(values)
        numbers = range(1, min(reader.number("rows"), MOST_ROWS) + 1)
        filled = [
            n for n in numbers if values.get(f"items-{n}") or values.get(f"minutes-{n}") or values.get(f"what-{n}")
        ]
        tasks = tuple(_task(reader, values, n, activities_of(regime)) for n in filled)
        hourly = _decimal(reader, values, "hourly", "Enter pounds, such as 12.50") if values.get("hourly") else None
        if not filled:
            reader.faults["items-1"] = "Fill in at least one line"
        reader.finish()
        return cls(tasks, hourly)


def _task(reader: Reader, values: Mapping[str, str], n: int, counted: Sequence[Activity]) -> Task:
    activity = reader.choice(f"activity-{n}", [choice.value for choice in counted], "Choose what the work is")
    items = reader.number(f"items-{n}")
    if items == 0:
        reader.faults[f"items-{n}"] = f"Line {n}: enter how many, such as 200"
    what = reader.line(f"what-{n}", longest=LONGEST_WORDS)
    minutes = _decimal(reader, values, f"minutes-{n}", f"Line {n}: enter the minutes for each, such as 5 or 2.5")
    return Task(Activity(activity) if activity in list(Activity) else Activity.LOCATE, items, minutes, what)


def _decimal(reader: Reader, values: Mapping[str, str], name: str, fault: str) -> Decimal:
    try:
        return Decimal(values.get(name, "").strip()[:20])
    except InvalidOperation:
        reader.faults[name] = fault
        return Decimal(0)


@pages.get("")
def show(reference: str) -> ResponseReturnValue:
    return _page(reference, {})


@pages.post("")
def tell(reference: str) -> ResponseReturnValue:
    served = desk()
    try:
        with transaction(served.engine) as session:
            case = case_by_reference(session, reference)
            require_may(officer(), case, Act.NOTE)
            form, limit = CostForm.read(request.form, case.regime), _limit(case)
            at, by = served.now(), actor()
            made = estimate_cost(session, served, case, form.tasks, limit, hourly=form.hourly, at=at, by=by)
    except FormFaults as error:
        return _page(reference, error.faults), 422
    except CostFault as error:
        return _page(reference, {"items-1": str(error)}), 422
    flash(f"The estimate is kept: {money(made.pence)}, {'over' if made.over else 'within'} the limit.")
    return redirect(url_for("costs.show", reference=reference))


def _limit(case: Case) -> Limit:
    limit = limit_of(desk(), case)
    if limit is None:
        raise NoCostLimit(title=Regime(case.regime).rules.title)
    return limit


def _page(reference: str, faults: dict[str, str]) -> str:
    with reading(desk().engine) as session:
        case = case_by_reference(session, reference)
        versions, names = versions_of(session, case), _names(session)
    limit, regime = limit_of(desk(), case), Regime(case.regime)
    return render_template(
        "web/costs.html",
        case=case,
        limit=limit,
        rate=RATES.get(regime),
        left_out=LEFT_OUT.get(regime, ""),
        no_limit=NO_LIMIT.get(regime, ""),
        activities=choices(activities_of(regime)),
        versions=[(version, who(version.row.made_by, names), words_of(version)) for version in versions],
        rows=_rows(regime, versions),
        typed=request.form,
        faults=faults,
        money=money,
        paid_for=paid_for,
    )


def _names(session: Session) -> dict[int, str]:
    return {member.id: member.name for member in officers(session, active_only=False)}


def words_of(version: Version) -> str:
    """An estimate as a letter can say it, a line each."""
    return "\n".join(version.estimate.lines)


def paid_for(version: Version) -> str:
    """How much of the work the limit pays for, to the minute."""
    return duration((version.estimate.hours_within * 60).quantize(Decimal(1)))


def _rows(regime: Regime, versions: Sequence[Version]) -> list[dict[str, str]]:
    """The lines of the form: as typed, else as last kept, else one for each activity; and some to spare."""
    if request.form:
        numbers = range(1, min(Reader(request.form).number("rows"), MOST_ROWS) + 1)
        return [{name: request.form.get(f"{name}-{n}", "") for name in FIELDS} for n in numbers]
    counted = activities_of(regime)
    kept = [_row(task) for task in versions[0].tasks if task.activity in counted] if versions else []
    fresh = [{"activity": activity.value, "items": "", "what": "", "minutes": ""} for activity in counted]
    spare = [dict.fromkeys(FIELDS, "")] * SPARE_ROWS
    return (kept or fresh) + spare


def _row(task: Task) -> dict[str, str]:
    words = (task.activity.value, str(task.items), task.what, plain(task.minutes_each))
    return dict(zip(FIELDS, words, strict=True))

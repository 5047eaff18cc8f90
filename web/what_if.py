"""What if somebody is away, a holiday comes or goes, or nothing is answered: the address asks, and nothing changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from service.casework.what_if import Away, Shift, if_away, if_calendar, if_nothing_answered
from service.domain.calendars import CalendarChange, CalendarChangeRefused, ChangeKind
from service.domain.what_if import Fate
from service.domain.working_days import Division
from service.store.database import reading
from service.store.officers import Role, officers
from service.store.tables import Officer
from service.store.worklist import Days, Narrowing, View
from web import narrowing
from web.current import desk, role
from web.fields import day_parts
from web.forms import MOST_DIGITS
from web.holidays import PLACES, parts_of

pages = Blueprint("what_if", __name__, url_prefix="/what-if")
AWAY, ADDED, WITHDRAWN, NOTHING = "away", "added", "withdrawn", "nothing"
KINDS = {ADDED: ChangeKind.ADDED, WITHDRAWN: ChangeKind.WITHDRAWN}
MOST_SHOWN = 100  # cases of one table
FURTHEST = timedelta(days=366)
SUPPOSED = "A bank holiday, supposed"


@dataclass
class Asked:
    """What an address asks, with what it cannot mean by field; the forms show it again as it was typed."""

    what: str
    officer: str = ""
    until: str = ""
    on: str = ""
    division: str = Division.ENG.value
    kind: str = ADDED
    faults: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, values: MultiDict[str, str]) -> "Asked":
        kind, division = values.get("kind", ""), values.get("division", "")
        return cls(
            values.get("what", ""),
            values.get("officer", ""),
            values.get("until", ""),
            values.get("on", ""),
            division if division in PLACES else Division.ENG.value,
            kind if kind in KINDS else ADDED,
        )

    @property
    def on_parts(self) -> dict[str, str]:
        """The day of the holiday as the form that adds one takes it."""
        on = _day(self.on)
        return {f"on-{part}": value for part, value in day_parts(on).items()} if on else {}

    def last_day(self, today: date) -> date:
        """The day up to which is asked; a fault when it is none to come within a year."""
        until = _day(self.until)
        if until is None or not today <= until <= today + FURTHEST:
            self.faults[f"{self.what}-until"] = "Choose a day from today to a year from now"
            return today
        return until

    def member(self, team: Sequence[Officer]) -> Officer | None:
        """Who is asked about; a fault when it is nobody of the team."""
        key = (
            int(self.officer)
            if self.officer.isascii() and self.officer.isdigit() and len(self.officer) <= MOST_DIGITS
            else 0
        )
        found = next((member for member in team if member.id == key), None)
        if found is None:
            self.faults["away-officer"] = "Choose who is away"
        return found


@pages.get("")
def show() -> ResponseReturnValue:
    served = desk()
    asked = Asked.read(request.args)
    with reading(served.engine) as session:
        team = officers(session)
        found = _answer(session, asked, team)
    page = render_template(
        "web/what_if.html",
        asked=asked,
        team=[("", "Choose")] + [(str(member.id), member.name) for member in team],
        names={member.id: member.name for member in team},
        divisions=list(PLACES.items()),
        furthest=served.today() + FURTHEST,
        most=MOST_SHOWN,
        may_change=role().covers(Role.SUPERVISOR),
        due_soon=served.settings.team.due_soon,
        **found,
    )
    return (page, 422) if asked.faults else page


def _answer(session: Session, asked: Asked, team: Sequence[Officer]) -> dict[str, Any]:
    """What the page says of what was asked; nothing of it when nothing was, or when it cannot be answered."""
    served, today = desk(), desk().today()
    found: dict[str, Any] = {"away": None, "shift": None, "unanswered": None}
    if asked.what == AWAY:
        member, until = asked.member(team), asked.last_day(today)
        if member is not None and not asked.faults:
            away = if_away(session, served, member.id, until, today=today)
            found |= {"away": away, "who": member, "lists": _lists(member, away)}
    elif asked.what == "holiday":
        found["shift"] = _shift(session, asked)
    elif asked.what == NOTHING:
        until = asked.last_day(today)
        if not asked.faults:
            found["unanswered"] = if_nothing_answered(session, until, today=today)
    return found


def _shift(session: Session, asked: Asked) -> Shift | None:
    served, on = desk(), _day(asked.on)
    if on is None:
        asked.faults["holiday-on"] = "Choose the day of the holiday"
        return None
    kind, today = KINDS[asked.kind], served.today()
    changes = [CalendarChange(kind, on, today, part, SUPPOSED) for part in parts_of(asked.division)]
    try:
        return if_calendar(session, served, changes, today=today, most=MOST_SHOWN)
    except CalendarChangeRefused as error:
        asked.faults["holiday-on"] = str(error)
        return None


def _lists(member: Officer, away: Away) -> dict[str, str]:
    """Where the cases under each fate are listed, and all that should not wait."""
    absence, next_day = away.absence, away.absence.until + timedelta(days=1)
    mine = Narrowing(owner_id=member.id)
    return {
        Fate.LATE_ALREADY.name: _list(View.OVERDUE, mine),
        Fate.GOES_LATE.name: _list(View.OPEN, mine, Days(absence.today, absence.until)),
        Fate.TIGHT.name: _list(View.OPEN, mine, Days(next_day, absence.tight_until)),
        Fate.STOPPED.name: _list(View.STOPPED, mine),
        Fate.LATER.name: _list(View.OPEN, mine, Days(absence.tight_until + timedelta(days=1), None)),
        "hand_over": _list(View.OPEN, mine, Days(None, absence.tight_until)),
    }


def _list(view: View, mine: Narrowing, due: Days | None = None) -> str:
    wanted = Narrowing(owner_id=mine.owner_id, due=due or Days())
    values: dict[str, Any] = narrowing.written(wanted)
    return url_for("worklist.show", view=view.value, **values)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

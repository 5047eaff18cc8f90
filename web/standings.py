"""How the pages say where a case's deadline stands."""

from dataclasses import dataclass
from datetime import date, datetime

from service.desk import LONDON, Desk
from service.domain.clock import State
from service.domain.regime import RULES, Matter, Regime
from service.domain.standing import StandingKind, standing
from service.domain.timeline import ENDED
from service.store.tables import Case

REGIMES = {regime.value: f"{regime.value}: {rules.title}" for regime, rules in RULES.items()}
KINDS = {"FOI": "FOI: a request", "EIR": "EIR: a request for environmental information", "IR": "IR: an internal review"}
COLOURS = {
    StandingKind.ON_TIME: "green",
    StandingKind.DUE_SOON: "yellow",
    StandingKind.OVERDUE: "red",
    StandingKind.STOPPED: "grey",
    StandingKind.ANSWERED_IN_TIME: "green",
    StandingKind.ANSWERED_LATE: "orange",
    StandingKind.ENDED: "grey",
}


@dataclass(frozen=True, slots=True)
class _Dates:
    """What a case keeps of its clock."""

    due_on: date | None
    prudent_due_on: date | None
    answered_on: date | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A standing as it is shown: its words carry the meaning, the colour only supports them."""

    words: str
    colour: str


def standing_tag(desk: Desk, case: Case) -> Tag:
    """Where a case stands today, by its cached columns: a list of fifty would else replay fifty histories."""
    dates = _Dates(case.due_on, case.prudent_due_on, case.answered_on, State(case.clock_state) in ENDED)
    found = standing(dates, desk.today(), desk.calendars.of(case.regime), desk.settings.team.due_soon)
    stopped = found.kind is StandingKind.STOPPED
    return Tag(case.clock_state if stopped else found.words, COLOURS[found.kind])


def soon(desk: Desk) -> date:
    """The last day on which a case still counts as due soon."""
    return desk.calendars.of(desk.settings.regime).after(desk.today(), desk.settings.team.due_soon)


def provisional_deadline(desk: Desk, received_at: datetime) -> date:
    """When an answer would be due to a request that came at an instant, under the authority's own regime (s.10(1))."""
    regime = Regime(desk.settings.regime)
    received_on = received_at.astimezone(LONDON).date()
    return desk.calendars.of(regime).after(received_on, RULES[regime].limit(Matter.REQUEST).days)

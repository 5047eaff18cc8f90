"""How the pages say where a case's deadline stands."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.desk import LONDON, Desk
from service.domain.clock import Clock, Matter, State
from service.domain.explanation import Explanation, explain
from service.domain.history import replay
from service.domain.regime import RULES, Regime
from service.domain.stage import Stage
from service.domain.standing import StandingKind, standing
from service.domain.timeline import Timeline
from service.store.cases import history
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
class Tag:
    """A standing as it is shown: its words carry the meaning, the colour only supports them."""

    words: str
    colour: str


def standing_tag(desk: Desk, case: Case) -> Tag:
    """Where a case stands today."""
    found = standing(_cached_clock(case), desk.today(), desk.calendars.of(case.regime), desk.settings.team.due_soon)
    return Tag(found.words, COLOURS[found.kind])


def due_explained(session: Session, desk: Desk, case: Case) -> Explanation:
    """Each day from the receipt to the deadline, whether it counts and why, by a replay of the case's events."""
    return explain(replay(history(session, case.id), desk.calendars).clock, desk.calendars)


def soon(desk: Desk) -> date:
    """The last day on which a case still counts as due soon."""
    return desk.calendars.of(desk.settings.regime).after(desk.today(), desk.settings.team.due_soon)


def provisional_deadline(desk: Desk, received_at: datetime) -> date:
    """When an answer would be due to a request that came at an instant, under the authority's own regime (s.10(1))."""
    regime = Regime(desk.settings.regime)
    received_on = received_at.astimezone(LONDON).date()
    return desk.calendars.of(regime).after(received_on, RULES[regime].limit(Matter.REQUEST).days)


def _cached_clock(case: Case) -> Clock:
    """The clock as the case's cached columns tell it: a list of fifty would else replay fifty histories."""
    ended = State.ANSWERED if case.answered_on else State.WITHDRAWN
    timeline = Timeline(
        regime=Regime(case.regime),
        matter=Matter.REQUEST,
        received_on=case.received_on,
        day_zero=case.received_on,
        latest=case.answered_on or case.received_on,
        state=ended if case.stage == Stage.CLOSED else State.RUNNING,
        ended_on=case.answered_on,
    )
    return Clock(
        timeline=timeline,
        day_one=case.received_on,
        due_on=case.due_on,
        prudent_due_on=case.prudent_due_on,
        school_days=False,
        provisional=case.provisional,
        calendar_version=case.calendar_version,
        lapses_on=None,
    )

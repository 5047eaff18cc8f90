"""How the pages say where a case's deadline stands."""

from dataclasses import dataclass
from datetime import date, datetime

from service.casework.standing_of import not_soon as not_soon_on
from service.casework.standing_of import standing_of
from service.desk import LONDON, Desk
from service.domain.regime import RULES, Matter, Regime
from service.domain.standing import StandingKind
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
    """Where a case stands today; of a stopped clock, what it waits for."""
    found = standing_of(desk, case, desk.today())
    stopped = found.kind is StandingKind.STOPPED
    return Tag(case.clock_state if stopped else found.words, COLOURS[found.kind])


def not_soon(desk: Desk) -> dict[str, date]:
    """For each law, the first day on which a deadline is not yet due soon."""
    return not_soon_on(desk, desk.today())


def kinds(desk: Desk) -> dict[str, str]:
    """The kinds of case, with how each is named: the law's, and those that a mailbox of the desk opens."""
    return KINDS | {box.kind: box.kind for box in desk.settings.every_mailbox if box.kind not in KINDS}


def provisional_deadline(desk: Desk, received_at: datetime, account: str) -> date:
    """When an answer would be due to a request that came at an instant to a mailbox, under its regime (s.10(1))."""
    regime = Regime(desk.settings.regime_of(account))
    received_on = received_at.astimezone(LONDON).date()
    return desk.calendars.of(regime).after(received_on, RULES[regime].limit(Matter.REQUEST).days)

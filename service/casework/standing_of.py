"""Where a stored case stands: by its cached dates, so that a list of fifty does not replay fifty histories."""

from dataclasses import dataclass
from datetime import date

from service.desk import Desk
from service.domain.clock import State
from service.domain.regime import Regime
from service.domain.standing import Standing, standing
from service.domain.timeline import ENDED
from service.store.tables import Case


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What a case keeps of its clock."""

    due_on: date | None
    prudent_due_on: date | None
    answered_on: date | None
    ended: bool


def standing_of(desk: Desk, case: Case, today: date) -> Standing:
    """How a case stands on a Europe/London day, as pages and digests say it alike."""
    dates = CaseDates(case.due_on, case.prudent_due_on, case.answered_on, State(case.clock_state) in ENDED)
    return standing(dates, today, desk.calendars.of(case.regime), desk.settings.team.due_soon)


def not_soon(desk: Desk, today: date) -> dict[str, date]:
    """For each law, the first day on which a deadline is not yet due soon, as standings count it."""
    days = desk.settings.team.due_soon + 1
    return {regime.value: desk.calendars.of(regime).after(today, days) for regime in Regime}

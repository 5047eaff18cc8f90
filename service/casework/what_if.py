"""What a supervisor may ask before it happens; nothing is changed by asking."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.casework.overview import sharers, workloads
from service.casework.recount import Move, moves_under
from service.desk import Desk
from service.domain.calendars import CalendarChange
from service.domain.load import due_days, shared_out
from service.domain.regime import Regime
from service.domain.what_if import Absence, DayLate, Fate, Turn, late_by_day, turn
from service.store.dashboard import Held, held_by, open_by_deadline
from service.store.officers import officers
from service.store.recounts import count_open_cases
from service.store.worklist import ALL

TO_HAND_OVER = (Fate.LATE_ALREADY, Fate.GOES_LATE, Fate.TIGHT)


@dataclass(frozen=True, slots=True)
class Share:
    """What one of the others has now, and would have with their part of the cases handed over."""

    officer_id: int
    name: str
    due_days: int
    cases: int
    due_days_then: int


@dataclass(frozen=True, slots=True)
class Away:
    """What an officer's absence does to their cases, and what handing over the urgent ones does to the others."""

    absence: Absence
    cases: dict[Fate, list[Held]]
    weight: int
    shares: Sequence[Share]

    @property
    def handed_over(self) -> int:
        """How many cases should not wait for them."""
        return sum(len(self.cases[fate]) for fate in TO_HAND_OVER)


@dataclass(frozen=True, slots=True)
class Shift:
    """What another calendar does: the first of the open cases that move, how many move how, and of how many.

    `troubled` are those that the new calendar does not fit; they would keep their dates.
    """

    shown: Sequence[tuple[Move, Turn]]
    turns: Counter[Turn]
    troubled: int
    opened: int

    @property
    def moved(self) -> int:
        return self.turns.total()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How the late cases grow while nothing is answered: from `late` now, by each day on which any is due."""

    late: int
    days: Sequence[DayLate]


def if_away(session: Session, desk: Desk, officer_id: int, until: date, *, today: date) -> Away:
    """What happens when an officer is away from today until a day, and nobody answers for them."""
    # By the home calendar for every law, so that the lists of the days are exactly these cases.
    home = desk.calendars.of(desk.settings.regime)
    absence = Absence(today, until, home.after(until, desk.settings.team.due_soon))
    cases = absence.sorted_out(held_by(session, officer_id))
    weights = [_weight(desk, case, today) for fate in TO_HAND_OVER for case in cases[fate]]
    loads = sharers(session, workloads(session, desk, ALL, today, ()))
    others = {key: days for key, days in loads.items() if key != officer_id}
    names = {member.id: member.name for member in officers(session)}
    shares = [
        Share(key, names[key], others[key], len(places), others[key] + sum(weights[place] for place in places))
        for key, places in shared_out(others, weights).items()
    ]
    return Away(absence, cases, sum(weights), sorted(shares, key=lambda share: (-share.due_days_then, share.name)))


def _weight(desk: Desk, case: Held, today: date) -> int:
    left = None if case.work_to is None else desk.calendars.of(Regime(case.regime)).count(today, case.work_to)
    return due_days(left)


def if_calendar(session: Session, desk: Desk, changes: Iterable[CalendarChange], *, today: date, most: int) -> Shift:
    """What changes of the calendar would move, at most so many told by name; raises CalendarChangeRefused."""
    calendars = desk.almanac.refresh(session).with_changes(changes)
    turns: Counter[Turn] = Counter()
    shown: list[tuple[Move, Turn]] = []
    troubled = 0
    for move in moves_under(session, calendars, today):
        if move.trouble:
            troubled += 1
            continue
        found = turn(move.from_on, move.to_on, today)
        turns[found] += 1
        if len(shown) < most:
            shown.append((move, found))
    return Shift(shown, turns, troubled, count_open_cases(session))


def if_nothing_answered(session: Session, until: date, *, today: date) -> Unanswered:
    """How many cases are late on each day until one, when none is answered."""
    due = open_by_deadline(session)
    late = sum(number for day, number in due.items() if day < today)
    return Unanswered(late, late_by_day(due, today, until))

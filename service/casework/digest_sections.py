"""What a digest is made of: sections of cases, each with its list on the desk, so that the longest stays readable."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.desk_links import case_link, list_link
from service.casework.standing_of import not_soon, standing_of
from service.desk import LONDON, Desk
from service.domain.clock import State
from service.domain.digest_kind import DigestKind
from service.domain.regime import Regime
from service.domain.standing import StandingKind
from service.letters import capitalised, in_words
from service.store.digests import last_settled
from service.store.tables import Case
from service.store.worklist import ALL, Narrowing, Selection, View, list_cases

WIDTH = 76  # characters of a line
MOST = 10  # cases of a section; its list on the desk has the others


@dataclass(frozen=True, slots=True)
class Line:
    """A case as a digest tells it: `standing` and `note` are sentences without their full stop.

    There is no owner where the section says whose it is.
    """

    reference: str
    subject: str
    standing: str
    link: str
    owner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Some cases under a heading: the first few, how many there are in all, and where the list of them is."""

    name: str
    heading: str
    lines: Sequence[Line]
    total: int
    link: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


def short(text: str, longest: int) -> str:
    """A text on one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def moment(at: datetime) -> str:
    """16:20 on Thursday 26 November 2026, by the clock of London."""
    here = at.astimezone(LONDON)
    return f"{here:%H:%M} on {in_words(here)}"


def line_of(desk: Desk, case: Case, today: date, *, owner: str = "", note: str = "") -> Line:
    """A case with where its deadline stands; nothing of who asks, which the mail does not need to say."""
    room = max(WIDTH - len(case.reference) - 2, 20)
    return Line(
        reference=case.reference,
        subject=short(case.subject, room) or "no subject",
        standing=how_it_stands(desk, case, today),
        link=case_link(desk, case.reference),
        owner=short(owner, 60),
        note=note,
    )


def how_it_stands(desk: Desk, case: Case, today: date) -> str:
    """Due Monday 1 July 2024, in 3 working days."""
    found = standing_of(desk, case, today)
    if case.due_on is None:
        since = f" since {in_words(case.stopped_on)}" if case.stopped_on else ""
        return f"{capitalised(case.clock_state)}{since}{_fee(desk, case, today)}"
    if found.kind is StandingKind.OVERDUE:
        return f"Was due {in_words(case.due_on)}: {found.words}"
    prudent = case.prudent_due_on
    if prudent is not None and today <= prudent < case.due_on:
        return f"Due {in_words(case.due_on)}; to be safe, answer by {in_words(prudent)}, {_left(found.left)}"
    return f"Due {in_words(case.due_on)}, {_left(found.left)}"


def _left(days: int | None) -> str:
    return f"in {days} working day{'' if days == 1 else 's'}" if days else "today"


def _fee(desk: Desk, case: Case, today: date) -> str:
    """Until when a fee that is waited for can be paid."""
    if case.clock_state != State.AWAITING_FEE or case.stopped_on is None:
        return ""
    last = Regime(case.regime).rules.fee.last_day(case.stopped_on, desk.calendars.of(case.regime))
    lapsed = "; the request has lapsed and can be closed" if last < today else ""
    return f"; the fee can be paid until {in_words(last)}{lapsed}"


def since_last(session: Session, desk: Desk, reader_id: int, kind: DigestKind, today: date) -> datetime:
    """The hour of a reader's last digest: that of the last working day at the latest, and an earlier one where the desk
    was down for a day."""
    before = desk.calendars.of(desk.settings.regime).on_or_before(today - timedelta(days=1))
    last = last_settled(session, reader_id, kind, before=today)
    return datetime.combine(min(before, last or before), desk.settings.digests.at, LONDON)


def section_of_list(
    session: Session,
    desk: Desk,
    today: date,
    name: str,
    heading: str,
    view: View,
    wanted: Narrowing = ALL,
    *,
    officer_id: int = 0,
    sort: str = "due",
    most: int = MOST,
) -> Section:
    """What a list of the desk holds, narrowed; owners are named where it may hold several's."""
    selection = Selection(view, today, not_soon(desk, today), officer_id, wanted, sort=sort)
    page = list_cases(session, selection, size=most)
    one_persons = wanted.owner_id is not None or view in (View.UNASSIGNED, View.TO_CLEAR)
    lines = [
        line_of(desk, case, today, owner="" if one_persons else owner or "nobody yet") for case, owner in page.rows
    ]
    said = sort if sort != ("stopped" if view is View.STOPPED else "due") else ""
    return Section(name, heading, lines, page.total, list_link(desk, view, wanted, said))


def counts(sections: Iterable[Section]) -> dict[str, int]:
    """How many cases each section has in all, by its name."""
    return {section.name: section.total for section in sections}

"""Requests like a case's, of its requester or of others: what ss. 12(4) and 14(2) ask about, for a person to judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from service.desk import Desk
from service.domain.likeness import Asked, Closeness, likeness
from service.domain.outcome import Outcome
from service.domain.regime import Matter, Regime
from service.domain.working_days import WorkingDays
from service.store.likely import cases_by, first_words, requests_among
from service.store.search import cases_like
from service.store.tables import Case

WINDOW = 60  # consecutive working days, SI 2004/3244 reg 5(2)(b)
LOOK_BACK = timedelta(days=3 * 365)  # an earlier request is hardly repeated after a longer time (s.14(2))
MOST_COMPARED, MOST_SHOWN = 50, 8
# What s.14(2) calls having complied: the information was given, or the requester told that it is not held.
COMPLIED = frozenset({Outcome.GRANTED, Outcome.PART, Outcome.NOT_HELD, Outcome.ACCESSIBLE})


@dataclass(frozen=True, slots=True)
class Similar:
    """Another request: `apart` is how many working days lie between the two, negative when the other came earlier.

    `within` says whether some 60 consecutive working days have both; `concert` that the same is asked by different
    people; `matters` for which provisions it may count, a sentence each.
    """

    reference: str
    subject: str
    requester: str
    same_requester: bool
    received_on: date
    apart: int
    within: bool
    likeness: float
    closeness: Closeness
    concert: bool
    matters: tuple[str, ...]


def like(session: Session, desk: Desk, case: Case, today: date) -> tuple[Similar, ...]:
    """The requests most like a case's, and all of its requester's within 60 working days; the closest first."""
    if not Matter(case.matter).is_request:
        return ()
    others = _candidates(session, case, today - LOOK_BACK)
    words = first_words(session, [case.id, *others])
    asked = Asked(words.get(case.id, ""))
    working_days = desk.calendars.of(Regime(case.regime))
    found = [_similar(case, other, asked, Asked(words.get(other.id, "")), working_days) for other in others.values()]
    telling = [row for row in found if row.closeness is not Closeness.OTHER or (row.same_requester and row.within)]
    return tuple(sorted(telling, key=lambda row: (-row.likeness, -row.received_on.toordinal()))[:MOST_SHOWN])


def _candidates(session: Session, case: Case, since: date) -> dict[int, Case]:
    asked = Asked(first_words(session, [case.id]).get(case.id, ""))
    near = requests_among(session, cases_like(session, asked.most_telling, MOST_COMPARED), case, since)
    same = cases_by(session, case, since, MOST_COMPARED)
    return {other.id: other for other in (*near, *same)}


def _similar(case: Case, other: Case, asked: Asked, others: Asked, working_days: WorkingDays) -> Similar:
    same, (alike, close) = is_same_requester(case, other), likeness(asked, others)
    earlier, later = sorted((case.received_on, other.received_on))
    # Both days lie in the sixty: the first is the first of them, and 59 follow it.
    within = working_days.count(earlier, later) < WINDOW
    concert = not same and within and close.substantially_similar
    return Similar(
        reference=other.reference,
        subject=other.subject,
        requester=other.requester_name or other.requester_address,
        same_requester=same,
        received_on=other.received_on,
        apart=working_days.count(case.received_on, other.received_on),
        within=within,
        likeness=alike,
        closeness=close,
        concert=concert,
        matters=tuple(_matters(case, other, close, same=same, within=within, concert=concert)),
    )


def is_same_requester(one: Case, other: Case) -> bool:
    """Whether two requests came from one address, or in one full name."""
    if one.requester_key and one.requester_key == other.requester_key:
        return True
    name = one.requester_name.casefold().split()
    return len(name) > 1 and name == other.requester_name.casefold().split()


def _matters(case: Case, other: Case, close: Closeness, *, same: bool, within: bool, concert: bool) -> Iterable[str]:
    repeated = same and close.substantially_similar and other.received_on <= case.received_on
    environmental = Regime(case.regime) in (Regime.EIR, Regime.EISR)
    if environmental and (repeated or concert or (same and within and close is not Closeness.OTHER)):
        number = "12(4)(b)" if case.regime == Regime.EIR else "10(4)(b)"
        yield f"reg {number}: taken together they may be manifestly unreasonable"
    if environmental:
        return
    if case.regime == Regime.FOIA and within and (concert or (same and close is not Closeness.OTHER)):
        who = "if they act in concert or in pursuance of a campaign, " if concert else ""
        yield f"s.12(4): {who}the cost of both may be counted together"
    if repeated and other.outcome in COMPLIED:
        yield "s.14(2): a repeated request, unless a reasonable interval has passed"
    elif repeated:
        yield "s.14(2): not yet a repeated request, for we have not complied with the earlier one"

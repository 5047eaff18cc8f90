"""Random histories of cases: every event, law and matter, on calendars with holidays added and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from service.domain.calendars import CalendarChange, Calendars, ChangeKind, load_calendars
from service.domain.clock import (
    Answered,
    ClarificationSought,
    Clarified,
    Clock,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Lapsed,
    Matter,
    Period,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    Transferred,
    Withdrawn,
    read_clock,
)
from service.domain.regime import COUNTED, Regime
from service.domain.working_days import Division
from service.errors import ClockError

A_DAY = timedelta(days=1)
CALENDARS = load_calendars()
CHANGED_ON = date(2030, 1, 1)

RECEIPTS = st.dates(date(2012, 1, 6), date(2028, 12, 31))
REGIMES = st.sampled_from([*Regime])
MATTERS = st.sampled_from(COUNTED)
PLACES = st.sampled_from([Division.ENG, Division.SCT, Division.NIR])
GAPS = st.one_of(st.integers(0, 4), st.integers(0, 120)).map(lambda days: A_DAY * days)


@dataclass(frozen=True)
class Told:
    """A case as it might be told to the clock."""

    regime: Regime
    matter: Matter
    calendars: Calendars
    closures: tuple[Period, ...]
    events: tuple[ClockEvent, ...]

    def read(self) -> Clock:
        """Its clock; raises ClockError."""
        return read_clock(self.events, self.regime, self.calendars, matter=self.matter, closures=self.closures)

    def possible(self) -> bool:
        """Whether the clock takes all of it."""
        try:
            self.read()
        except ClockError:
            return False
        return True

    def and_then(self, event: ClockEvent) -> "Told":
        return replace(self, events=(*self.events, event))


@st.composite
def calendars(draw: st.DrawFn, around: date) -> Calendars:
    """The shipped calendars about a day, with a few days added after it and a few that were shipped withdrawn."""
    near = [row for row in CALENDARS.shipped if abs((row.on - around).days) <= 700]
    days = st.integers(-10, 180).map(lambda n: around + A_DAY * n)
    added = draw(st.lists(st.tuples(days, PLACES), max_size=6))
    coming = [row for row in near if around <= row.on <= around + A_DAY * 180]
    gone = draw(st.lists(st.sampled_from(coming), max_size=4)) if coming else []
    changes = [
        *(a_holiday(on, place) for on, place in added),
        *(CalendarChange(ChangeKind.WITHDRAWN, row.on, CHANGED_ON, row.division) for row in gone),
    ]
    return replace(CALENDARS, shipped=tuple(near), changes=tuple(changes))


def a_holiday(on: date, place: Division) -> CalendarChange:
    """A holiday that nobody knew of while the case ran."""
    return CalendarChange(ChangeKind.ADDED, on, CHANGED_ON, place, "a holiday", "a test")


def _extended(on: date, days: int, reason: str) -> Extended:
    return Extended(on, on + A_DAY * days, reason)


def _corrected(on: date, days: int) -> ReceiptCorrected:
    return ReceiptCorrected(on, on - A_DAY * days, "it was misdated")


def acts(on: date) -> st.SearchStrategy[ClockEvent]:
    """Something that happens to a case once it is received, and does not end it."""
    day = st.just(on)
    return st.one_of(
        st.builds(ClarificationSought, day),
        st.builds(Clarified, day),
        st.builds(FeesNoticeGiven, day),
        st.builds(FeePaid, day),
        st.builds(_extended, day, st.integers(0, 60), st.sampled_from(["", "it is complex"])),
    )


def corrections(on: date) -> st.SearchStrategy[ClockEvent]:
    """What is found to have been otherwise all along."""
    return st.one_of(
        st.builds(_corrected, st.just(on), st.integers(-2, 60)),
        st.builds(RegimeChanged, st.just(on), REGIMES, st.none() | MATTERS),
    )


def ends(on: date) -> st.SearchStrategy[ClockEvent]:
    """What ends a case."""
    return st.builds(
        lambda kind, day: kind(day), st.sampled_from([Answered, Lapsed, Transferred, Withdrawn]), st.just(on)
    )


@st.composite
def cases(
    draw: st.DrawFn, *, corrected: bool = True, ended: bool = True, regimes: st.SearchStrategy[Regime] = REGIMES
) -> Told:
    """Cases that can have happened: what the clock refuses is left out."""
    on = draw(RECEIPTS)
    closed_from = on + A_DAY * draw(st.integers(-5, 30))
    closures = [Period(closed_from, closed_from + A_DAY * n) for n in draw(st.lists(st.integers(0, 90), max_size=1))]
    told = Told(draw(regimes), draw(MATTERS), draw(calendars(on)), tuple(closures), (Received(on),))
    for _ in range(draw(st.integers(0, 7))):
        on += draw(GAPS)
        event = draw(st.one_of(acts(on), corrections(on)) if corrected else acts(on))
        told = _if_possible(told, event)
    return _if_possible(told, draw(ends(on))) if ended and draw(st.booleans()) else told


def _if_possible(told: Told, event: ClockEvent) -> Told:
    longer = told.and_then(event)
    return longer if longer.possible() else told


@st.composite
def anything(draw: st.DrawFn) -> Told:
    """Events in any order on any days, most of which make no sense."""
    first = draw(RECEIPTS)
    events: list[ClockEvent] = [Received(first)] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(0, 8))):
        on = first + A_DAY * draw(st.integers(-5, 120))
        events.append(draw(st.one_of(acts(on), corrections(on), ends(on), st.just(Received(on)))))
    return Told(draw(REGIMES), draw(MATTERS), draw(calendars(first)), (), tuple(events))


def with_a_pause(told: Told, at: int, first: date, last: date) -> Told:
    """The same case with a fees notice given and paid before its `at`-th event."""
    pause: Sequence[ClockEvent] = (FeesNoticeGiven(first), FeePaid(last))
    return replace(told, events=(*told.events[:at], *pause, *told.events[at:]))

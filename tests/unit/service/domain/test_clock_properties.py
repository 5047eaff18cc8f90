"""What holds of every clock, on random histories."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.calendars import Calendars, load_calendars
from service.domain.clock import (
    ClarificationSought,
    Clarified,
    Clock,
    ClockEvent,
    FeePaid,
    FeesNoticeGiven,
    Matter,
    Received,
    read_clock,
)
from service.domain.explanation import explain
from service.domain.regime import Regime
from service.domain.working_days import Division, Holiday

A_DAY = timedelta(days=1)
CALENDARS = load_calendars()


def clock(*events: ClockEvent, regime: str = "FOIA", matter: Matter = Matter.REQUEST) -> Clock:
    return read_clock(events, regime, CALENDARS, matter=matter)


RECEIPTS = st.dates(date(2012, 1, 1), date(2028, 12, 31))


@st.composite
def histories(draw: st.DrawFn) -> list[ClockEvent]:
    """Possible histories: rounds of clarification and fees, some left open."""
    on = draw(RECEIPTS)
    events: list[ClockEvent] = [Received(on)]
    for _ in range(draw(st.integers(0, 3))):
        asked = on + A_DAY * draw(st.integers(0, 30))
        on = asked + A_DAY * draw(st.integers(0, 60))
        clarification = draw(st.booleans())
        events.append(ClarificationSought(asked) if clarification else FeesNoticeGiven(asked))
        events.append(Clarified(on) if clarification else FeePaid(on))
    return events if len(events) == 1 or draw(st.booleans()) else events[:-1]


REGIMES = st.sampled_from([*Regime])


@settings(deadline=None)
@given(histories(), REGIMES)
def test_a_deadline_is_a_working_day_of_its_regime(events: list[ClockEvent], regime: Regime) -> None:
    read = clock(*events, regime=regime)
    assert read.due_on is None or CALENDARS.of(regime).is_working(read.due_on)
    assert (read.due_on is None) <= read.stopped


@settings(deadline=None)
@given(histories(), REGIMES)
def test_an_explanation_has_as_many_counted_days_as_the_limit(events: list[ClockEvent], regime: Regime) -> None:
    read = clock(*events, regime=regime)
    explanation = explain(read, CALENDARS)
    assert explanation.counted == 20 if read.due_on else explanation.counted <= 20
    assert [row.n for row in explanation.days if row.counted] == list(range(1, explanation.counted + 1))


@settings(deadline=None)
@given(RECEIPTS, st.integers(0, 40), REGIMES)
def test_a_later_receipt_never_has_an_earlier_deadline(received: date, later: int, regime: Regime) -> None:
    first, second = (clock(Received(on), regime=regime).due_on for on in (received, received + A_DAY * later))
    assert first is not None and second is not None
    assert first <= second


@settings(deadline=None)
@given(st.dates(date(2012, 1, 6), date(2028, 12, 1)), REGIMES)
def test_friday_saturday_and_sunday_share_a_deadline(some_day: date, regime: Regime) -> None:
    friday = some_day + A_DAY * ((4 - some_day.weekday()) % 7)
    assert len({clock(Received(friday + A_DAY * n), regime=regime).due_on for n in range(3)}) == 1


@settings(deadline=None)
@given(histories(), st.sampled_from([("FOIA", "FOISA"), ("EIR", "EISR")]))
def test_the_uk_deadline_is_never_before_the_scottish_one(events: list[ClockEvent], regimes: tuple[str, str]) -> None:
    uk, scotland = (clock(*events, regime=regime).due_on for regime in regimes)
    assert uk is None or scotland is None or uk >= scotland


@settings(deadline=None, max_examples=60)
@given(histories(), st.sets(RECEIPTS, max_size=30), REGIMES)
def test_an_added_holiday_never_brings_a_deadline_forward(
    events: list[ClockEvent], more: set[date], regime: Regime
) -> None:
    rows = [Holiday(on, Division.SCT, "a holiday", "a test", added_on=date(2029, 1, 1)) for on in more]
    with_more: Calendars = CALENDARS.with_added(rows)
    before, after = (read_clock(events, regime, calendars) for calendars in (CALENDARS, with_more))
    if before.due_on is not None and after.due_on is not None:
        assert before.due_on <= after.due_on
        assert after.prudent_due_on == before.prudent_due_on


@settings(deadline=None)
@given(RECEIPTS, st.integers(0, 40), st.integers(0, 60), REGIMES)
def test_a_pause_never_brings_a_deadline_forward(received: date, wait: int, pay: int, regime: Regime) -> None:
    notice = received + A_DAY * wait
    plain = clock(Received(received), regime=regime).due_on
    paused = clock(Received(received), FeesNoticeGiven(notice), FeePaid(notice + A_DAY * pay), regime=regime).due_on
    assert plain is not None and paused is not None
    assert paused >= plain

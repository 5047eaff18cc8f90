"""What holds of every clock, on random histories."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.clock import (
    ClarificationSought,
    Clarified,
    Clock,
    Extended,
    Matter,
    Period,
    ReceiptCorrected,
    Received,
    RegimeChanged,
    State,
)
from service.domain.explanation import explain
from service.domain.regime import Regime
from service.domain.working_days import Division
from service.errors import ClockError
from tests.unit.service.domain.histories import (
    A_DAY,
    CHANGED_ON,
    MATTERS,
    PLACES,
    RECEIPTS,
    REGIMES,
    Told,
    a_holiday,
    acts,
    anything,
    calendars,
    cases,
    corrections,
    ends,
    with_a_pause,
)

quick = settings(deadline=None, max_examples=40)
thorough = settings(deadline=None, max_examples=60)


def walked(clock: Clock, told: Told, limit: int, closed: tuple[Period, ...]) -> date:
    """The limit-th day that counts, found by walking from day to day: no ranks, no arithmetic on counts."""
    day, left, working_days = clock.day_zero, limit, told.calendars.of(clock.regime)
    while left:
        day += A_DAY
        off = any(period.holds(day) for period in closed) or any(paid(clock, day))
        left -= working_days.is_working(day) and not off
    return day


def paid(clock: Clock, day: date) -> Iterator[bool]:
    return (fee.last is not None and fee.first <= day <= fee.last for fee in clock.disregarded)


@thorough
@given(cases(ended=False))
def test_a_deadline_without_an_extension_is_the_one_a_walk_finds(told: Told) -> None:
    clock = told.read()
    assume(clock.due_on is not None and not clock.extended)
    limit = clock.limit
    ways = [walked(clock, told, limit.days, told.closures if limit.school_days_only else ())]
    if limit.long_stop:
        ways.append(walked(clock, told, limit.long_stop, ()))
    assert clock.due_on == min(ways)


@quick
@given(cases())
def test_a_deadline_is_a_working_day_of_its_regime_and_only_a_stop_leaves_none(told: Told) -> None:
    clock = told.read()
    if clock.due_on is None:
        assert clock.stopped_on is not None
        assert clock.prudent_due_on is None
    else:
        assert told.calendars.of(clock.regime).is_working(clock.due_on)
        assert clock.received_on <= clock.day_zero < clock.day_one <= clock.due_on


@quick
@given(cases())
def test_a_clock_is_either_running_or_stopped_or_ended(told: Told) -> None:
    clock = told.read()
    assert clock.stopped <= (clock.stopped_on is not None)
    assert clock.ended == (clock.ended_on is not None)
    assert not (clock.ended and clock.stopped)


@thorough
@given(cases(ended=False))
def test_an_explanation_counts_as_many_days_as_the_limit_or_as_an_extension_comes_to(told: Told) -> None:
    clock = told.read()
    explanation = explain(clock, told.calendars)
    counted = [row for row in explanation.days if row.counted]
    assert [row.n for row in counted] == list(range(1, explanation.counted + 1))
    assert [row.on for row in explanation.days] == [clock.received_on + A_DAY * n for n in range(len(explanation.days))]
    assert all(row.why.endswith(".") for row in explanation.days)
    if clock.due_on is None:
        assert explanation.counted <= clock.limit.days
        return
    assert counted[-1].on == explanation.days[-1].on == clock.due_on
    if clock.school_days or not (clock.extended or clock.limit.school_days_only):
        assert explanation.counted == clock.limit.days or (clock.extended and explanation.counted >= clock.limit.days)
    elif clock.extended:
        assert explanation.counted >= clock.limit.days
    else:
        assert explanation.counted == clock.limit.long_stop


@settings(thorough, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    cases(corrected=False, ended=False, regimes=st.just(Regime.FOIA)),
    st.integers(1, 60),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_an_extension_counts_to_the_day_it_promised_and_on_by_the_days_of_a_fees_notice_since(
    told: Told, days: int, gap: int, pay: int
) -> None:
    # A school's own closures may carry its time limit past the promised day, which then promises nothing.
    assume(told.matter is not Matter.SCHOOL)
    plain, on = told.read(), told.events[-1].on
    assume(plain.due_on is not None and on <= plain.due_on and plain.state is State.RUNNING)
    assert plain.due_on is not None
    told = told.and_then(Extended(on, plain.due_on + A_DAY * days, "it is complex"))
    working_days = told.calendars.of(Regime.FOIA)
    expected = working_days.on_or_after(plain.due_on + A_DAY * days)
    assert told.read().due_on == expected
    first = on + A_DAY * gap
    last = first + A_DAY * pay
    told = with_a_pause(told, len(told.events), first, last)
    assume(told.possible())
    clock = told.read()
    new = [first + A_DAY * n for n in range(pay + 1) if first <= expected and first + A_DAY * n > clock.day_zero]
    taken = [fee.last for fee in plain.disregarded]
    for day in new:
        if working_days.is_working(day) and day not in taken:
            expected = working_days.after(expected, 1)
    assert clock.due_on == expected
    off = {day for fee in clock.disregarded for day in fee.days() if clock.day_zero < day <= expected}
    counted = working_days.count(clock.day_zero, expected) - sum(map(working_days.is_working, off))
    assert explain(clock, told.calendars).counted == counted


@thorough
@given(cases(), st.integers(-5, 150), PLACES)
def test_an_added_holiday_never_brings_a_deadline_forward(told: Told, days: int, place: Division) -> None:
    clock = told.read()
    more = told.calendars.with_log([*told.calendars.changes, a_holiday(clock.day_zero + A_DAY * days, place)])
    told = replace(told, calendars=more)
    assume(told.possible())
    after = told.read()
    assume(clock.due_on is not None and after.due_on is not None)
    assert clock.due_on is not None and after.due_on is not None
    assert clock.due_on <= after.due_on
    if after.timeline == clock.timeline:
        assert after.prudent_due_on == clock.prudent_due_on


@quick
@given(cases())
def test_what_was_known_on_day_0_never_makes_a_later_deadline_than_what_is_known_now(told: Told) -> None:
    clock = told.read()
    if clock.due_on is not None:
        assert clock.prudent_due_on is not None
        assert clock.day_zero < clock.prudent_due_on <= clock.due_on


@thorough
@given(cases(), st.data())
def test_a_pause_never_brings_a_deadline_forward(told: Told, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(told.events)))
    first = told.events[at - 1].on + A_DAY * data.draw(st.integers(0, 30))
    room = (told.events[at].on - first).days if at < len(told.events) else 60
    assume(room >= 0)
    paused = with_a_pause(told, at, first, first + A_DAY * data.draw(st.integers(0, room)))
    assume(paused.possible())
    before, after = told.read().due_on, paused.read().due_on
    # A pause may bring a later fees notice, which came too late, back within the time; then the clock waits.
    assert before is not None or after is None
    assert before is None or after is None or before <= after


@quick
@given(cases(ended=False), st.integers(0, 40))
def test_a_question_never_brings_a_deadline_forward(told: Told, days: int) -> None:
    before, asked_on = told.read(), told.events[-1].on
    asked = told.and_then(ClarificationSought(asked_on))
    assume(asked.possible() and not before.extended)
    after = asked.and_then(Clarified(asked_on + A_DAY * days)).read()
    assert before.due_on is not None and after.due_on is not None
    assert (after.day_zero, after.state) == (asked_on + A_DAY * days, State.RUNNING)
    assert before.due_on <= after.due_on or before.disregarded


def _other_law(told: Told) -> Told:
    """The same case under the Scottish law instead of that of the rest of the kingdom."""
    return replace(told, regime={Regime.FOIA: Regime.FOISA, Regime.EIR: Regime.EISR}[told.regime])


@quick
@given(cases(), st.sampled_from([Regime.FOIA, Regime.EIR]))
def test_the_uk_deadline_is_never_before_the_scottish_one(told: Told, regime: Regime) -> None:
    uk = replace(told, regime=regime, events=tuple(e for e in told.events if not isinstance(e, RegimeChanged)))
    scottish = _other_law(uk)
    assume(uk.possible() and scottish.possible())
    due, scottish_due = uk.read().due_on, scottish.read().due_on
    assert due is None or scottish_due is None or due >= scottish_due


@quick
@given(RECEIPTS, st.integers(0, 40), REGIMES, MATTERS, st.data())
def test_a_later_receipt_never_has_an_earlier_deadline(
    received: date, later: int, regime: Regime, matter: Matter, data: st.DataObject
) -> None:
    told = Told(regime, matter, data.draw(calendars(received)), (), (Received(received),))
    first, second = told.read(), replace(told, events=(Received(received + A_DAY * later),)).read()
    assert first.due_on is not None and second.due_on is not None
    assert first.due_on <= second.due_on
    assert first.day_one <= second.day_one


@quick
@given(cases(ended=False), st.integers(1, 60))
def test_an_earlier_receipt_never_has_a_later_deadline(told: Told, days: int) -> None:
    before = told.read()
    after = told.and_then(ReceiptCorrected(told.events[-1].on, before.received_on - A_DAY * days, "forwarded")).read()
    assert before.due_on is None or after.due_on is None or after.due_on <= before.due_on
    assert before.due_on is not None or after.due_on is None or after.disregarded


@quick
@given(RECEIPTS, REGIMES, MATTERS, st.data())
def test_friday_saturday_and_sunday_share_a_deadline(
    some_day: date, regime: Regime, matter: Matter, data: st.DataObject
) -> None:
    friday = some_day + A_DAY * ((4 - some_day.weekday()) % 7)
    told = Told(regime, matter, data.draw(calendars(friday)), (), ())
    clocks = [told.and_then(Received(friday + A_DAY * n)).read() for n in range(3)]
    assert len({(clock.day_one, clock.due_on) for clock in clocks}) == 1


@thorough
@given(anything())
def test_the_clock_refuses_with_a_sentence_and_fails_in_no_other_way(told: Told) -> None:
    try:
        clock = told.read()
    except ClockError as refusal:
        assert str(refusal).endswith(".")
    else:
        assert explain(clock, told.calendars).days


@quick
@given(cases(), st.data())
def test_a_refused_event_leaves_the_clock_as_it_was(told: Told, data: st.DataObject) -> None:
    before, on = told.read(), told.events[-1].on
    event = data.draw(st.one_of(acts(on), corrections(on), ends(on), st.just(Received(on))))
    with suppress(ClockError):
        told.and_then(event).read()
    assert told.read() == before


@quick
@given(cases(), st.integers(0, 150), PLACES)
def test_a_holiday_that_was_withdrawn_again_counts_as_if_it_had_never_been(
    told: Told, days: int, place: Division
) -> None:
    on = told.events[0].on + A_DAY * days
    assume(place not in {row.division for row in told.calendars.holidays_on(on)})
    gone = CalendarChange(ChangeKind.WITHDRAWN, on, CHANGED_ON, place)
    again = told.calendars.with_log([*told.calendars.changes, a_holiday(on, place), gone])
    before, after = told.read(), replace(told, calendars=again).read()
    assert after == replace(before, calendar_version=after.calendar_version)

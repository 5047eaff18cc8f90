"""The statutory clock against worked examples, an independent count and the events of a case."""

from collections.abc import Sequence
from datetime import date, timedelta

import holidays
import pytest

from service.domain.calendars import load_calendars
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
    State,
    Transferred,
    Withdrawn,
    read_clock,
)
from service.domain.regime import Regime
from service.errors import ClockError

CALENDARS = load_calendars()
A_DAY = timedelta(days=1)


def day(text: str) -> date:
    """A date written Mon 3 Jun 2024; its weekday must be the right one."""
    weekday, number, month, year = text.split()
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    found = date(int(year), months.index(month) + 1, int(number))
    assert f"{found:%a}" == weekday, f"{found} is no {weekday}"
    return found


def clock(*events: ClockEvent, regime: str = "FOIA", matter: Matter = Matter.REQUEST) -> Clock:
    return read_clock(events, regime, CALENDARS, matter=matter)


GOLDENS = """
a plain weekday                 | Mon 3 Jun 2024  | Tue 4 Jun 2024  | Mon 1 Jul 2024
a Friday                        | Fri 7 Jun 2024  | Mon 10 Jun 2024 | Fri 5 Jul 2024
a Saturday                      | Sat 8 Jun 2024  | Mon 10 Jun 2024 | Fri 5 Jul 2024
a Sunday                        | Sun 9 Jun 2024  | Mon 10 Jun 2024 | Fri 5 Jul 2024
a Monday                        | Mon 10 Jun 2024 | Tue 11 Jun 2024 | Mon 8 Jul 2024
on a Scottish holiday           | Mon 5 Aug 2024  | Tue 6 Aug 2024  | Tue 3 Sep 2024
on a Northern Irish holiday     | Fri 12 Jul 2024 | Mon 15 Jul 2024 | Mon 12 Aug 2024
across the Boyne substitute     | Tue 1 Jul 2025  | Wed 2 Jul 2025  | Wed 30 Jul 2025
across St Patrick and Easter    | Mon 4 Mar 2024  | Tue 5 Mar 2024  | Thu 4 Apr 2024
across Easter and early May     | Tue 8 Apr 2025  | Wed 9 Apr 2025  | Fri 9 May 2025
the day before St Patrick       | Mon 16 Mar 2026 | Wed 18 Mar 2026 | Thu 16 Apr 2026
across Christmas                | Thu 21 Dec 2023 | Fri 22 Dec 2023 | Wed 24 Jan 2024
on New Year's Eve               | Sun 31 Dec 2023 | Wed 3 Jan 2024  | Tue 30 Jan 2024
across weekend substitutes      | Fri 10 Dec 2021 | Mon 13 Dec 2021 | Thu 13 Jan 2022
across St Andrew's substitute   | Mon 18 Nov 2024 | Tue 19 Nov 2024 | Tue 17 Dec 2024
across the Platinum Jubilee     | Wed 11 May 2022 | Thu 12 May 2022 | Fri 10 Jun 2022
across the state funeral        | Mon 12 Sep 2022 | Tue 13 Sep 2022 | Tue 11 Oct 2022
across the World Cup holiday    | Mon 18 May 2026 | Tue 19 May 2026 | Wed 17 Jun 2026
a leap February                 | Thu 1 Feb 2024  | Fri 2 Feb 2024  | Thu 29 Feb 2024
on a leap day                   | Thu 29 Feb 2024 | Fri 1 Mar 2024  | Tue 2 Apr 2024
after midnight of summer time   | Mon 1 Jul 2024  | Tue 2 Jul 2024  | Tue 30 Jul 2024
late on a winter evening        | Mon 15 Jan 2024 | Tue 16 Jan 2024 | Mon 12 Feb 2024
the night the clocks go back    | Sun 27 Oct 2024 | Mon 28 Oct 2024 | Fri 22 Nov 2024
from another continent          | Sat 2 Nov 2024  | Mon 4 Nov 2024  | Fri 29 Nov 2024
before Christmas 2024           | Fri 20 Dec 2024 | Mon 23 Dec 2024 | Thu 23 Jan 2025
across VE day, moved to Friday  | Mon 27 Apr 2020 | Tue 28 Apr 2020 | Wed 27 May 2020
across the coronation           | Mon 17 Apr 2023 | Tue 18 Apr 2023 | Wed 17 May 2023
across the Diamond Jubilee      | Mon 14 May 2012 | Tue 15 May 2012 | Wed 13 Jun 2012
"""

OTHER_CALENDAR = """
Mon 4 Mar 2024  | Thu 4 Apr 2024  | Tue 2 Apr 2024
Mon 18 Nov 2024 | Tue 17 Dec 2024 | Tue 17 Dec 2024
Tue 8 Apr 2025  | Fri 9 May 2025  | Thu 8 May 2025
Mon 16 Mar 2026 | Thu 16 Apr 2026 | Tue 14 Apr 2026
Fri 20 Dec 2024 | Thu 23 Jan 2025 | Thu 23 Jan 2025
"""


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


@pytest.mark.parametrize(("name", "received", "day_one", "due"), table(GOLDENS))
@pytest.mark.parametrize("regime", ["FOIA", "EIR"])
def test_the_worked_examples_come_out(name: str, received: str, day_one: str, due: str, regime: str) -> None:
    read = clock(Received(day(received)), regime=regime)
    assert (read.day_one, read.due_on, read.provisional) == (day(day_one), day(due), False), name


@pytest.mark.parametrize(("received", "uk", "scotland"), table(OTHER_CALENDAR))
def test_scotland_counts_by_its_own_calendar(received: str, uk: str, scotland: str) -> None:
    due = {regime: clock(Received(day(received)), regime=regime).due_on for regime in Regime}
    assert due == {"FOIA": day(uk), "EIR": day(uk), "FOISA": day(scotland), "EISR": day(scotland)}


def naive_holidays(*subdivisions: str) -> set[date]:
    years = range(2012, 2029)
    return {on for name in subdivisions for on in holidays.country_holidays("GB", subdiv=name, years=years)}


@pytest.mark.parametrize(
    ("regimes", "off"),
    [(("FOIA", "EIR"), naive_holidays("ENG", "SCT", "NIR")), (("FOISA", "EISR"), naive_holidays("SCT"))],
)
def test_every_receipt_date_agrees_with_a_walk_from_day_to_day(regimes: Sequence[str], off: set[date]) -> None:
    received = date(2012, 1, 1)
    while received <= date(2028, 6, 30):
        walked, left = received, 20
        while left:
            walked += A_DAY
            left -= walked.weekday() < 5 and walked not in off
        for regime in regimes:
            assert clock(Received(received), regime=regime).due_on == walked, (received, regime)
        received += A_DAY


def test_clarification_restarts_the_clock_rather_than_pausing_it() -> None:
    tue_2_apr, wed_10_apr, mon_20_may = date(2024, 4, 2), date(2024, 4, 10), date(2024, 5, 20)
    assert clock(Received(tue_2_apr)).due_on == day("Tue 30 Apr 2024")
    asked = clock(Received(tue_2_apr), ClarificationSought(wed_10_apr))
    assert (asked.state, asked.stopped_on, asked.due_on) == (State.AWAITING_CLARIFICATION, wed_10_apr, None)
    answered = clock(Received(tue_2_apr), ClarificationSought(wed_10_apr), Clarified(mon_20_may))
    assert (answered.received_on, answered.day_zero) == (tue_2_apr, mon_20_may)
    assert (answered.due_on, answered.state) == (day("Tue 18 Jun 2024"), State.RUNNING)


def test_a_fees_notice_takes_its_days_out_of_the_count_both_ends_included() -> None:
    mon_13_may, mon_20_may, mon_10_jun = date(2024, 5, 13), date(2024, 5, 20), date(2024, 6, 10)
    assert clock(Received(mon_13_may)).due_on == day("Tue 11 Jun 2024")
    paused = clock(Received(mon_13_may), FeesNoticeGiven(mon_20_may))
    assert (paused.state, paused.due_on) == (State.AWAITING_FEE, None)
    assert paused.lapses_on == day("Mon 19 Aug 2024")  # three months beginning with the notice day, s.9(2)
    paid = clock(Received(mon_13_may), FeesNoticeGiven(mon_20_may), FeePaid(mon_10_jun))
    assert paid.due_on == day("Tue 2 Jul 2024")


def test_environmental_fees_can_be_paid_for_60_working_days() -> None:
    paused = clock(Received(date(2024, 5, 13)), FeesNoticeGiven(date(2024, 5, 20)), regime="EIR")
    assert paused.lapses_on == day("Thu 15 Aug 2024")


def test_a_fee_paid_on_the_day_of_its_notice_costs_that_one_day() -> None:
    mon_20_may = date(2024, 5, 20)
    read = clock(Received(date(2024, 5, 13)), FeesNoticeGiven(mon_20_may), FeePaid(mon_20_may))
    assert read.due_on == day("Wed 12 Jun 2024")


def test_a_day_that_two_fees_notices_share_is_left_out_once() -> None:
    mon_20_may, tue_21_may = date(2024, 5, 20), date(2024, 5, 21)
    first: list[ClockEvent] = [FeesNoticeGiven(mon_20_may), FeePaid(mon_20_may)]
    again: list[ClockEvent] = [FeesNoticeGiven(mon_20_may), FeePaid(tue_21_may)]
    assert clock(Received(date(2024, 5, 13)), *first, *again).due_on == day("Thu 13 Jun 2024")


def test_a_fees_notice_after_the_deadline_moves_nothing_and_is_warned_of() -> None:
    late: list[ClockEvent] = [Received(date(2024, 5, 13)), FeesNoticeGiven(date(2024, 6, 12))]
    assert clock(*late).due_on == clock(*late, FeePaid(date(2024, 6, 20))).due_on == day("Tue 11 Jun 2024")
    assert "moves nothing (s.10(2))" in clock(*late).warnings[0]


def test_the_public_interest_extension_is_measured_from_day_0() -> None:
    mon_3_jun, mon_1_jul, tue_30_jul = date(2024, 6, 3), date(2024, 7, 1), date(2024, 7, 30)
    once = clock(Received(mon_3_jun), Extended(mon_1_jul, date(2024, 7, 15)))
    assert (once.due_on, once.extended, once.warnings) == (day("Mon 15 Jul 2024"), True, ())
    twice = clock(Received(mon_3_jun), Extended(mon_1_jul, date(2024, 7, 15)), Extended(date(2024, 7, 15), tue_30_jul))
    assert (twice.due_on, twice.warnings) == (tue_30_jul, ())


def test_an_extension_past_the_40th_working_day_does_not_stack_and_needs_a_reason() -> None:
    mon_3_jun, mon_1_jul, wed_31_jul = date(2024, 6, 3), date(2024, 7, 1), date(2024, 7, 31)
    with pytest.raises(ClockError, match=r"past Tuesday 30 July 2024 needs a reason on the record \(s\.10\(3\)"):
        clock(Received(mon_3_jun), Extended(mon_1_jul, wed_31_jul))
    past = clock(Received(mon_3_jun), Extended(mon_1_jul, wed_31_jul, "the third party is abroad"))
    assert past.due_on == wed_31_jul
    assert "past Tuesday 30 July 2024" in past.warnings[0]


def test_an_environmental_request_can_be_extended_to_40_working_days_and_no_further() -> None:
    received = Received(date(2024, 11, 18))
    mon_20_jan, tue_21_jan = date(2025, 1, 20), date(2025, 1, 21)
    assert clock(received, Extended(date(2024, 12, 2), mon_20_jan), regime="EIR").due_on == mon_20_jan
    with pytest.raises(ClockError, match=r"to Monday 20 January 2025 and no further \(reg 7\(1\)\)"):
        clock(received, Extended(date(2024, 12, 2), tue_21_jan, "it is long"), regime="EIR")


def test_a_fees_notice_during_an_extension_moves_the_extended_deadline() -> None:
    events: list[ClockEvent] = [Received(date(2024, 11, 18)), Extended(date(2024, 12, 2), date(2025, 1, 20))]
    paid = clock(*events, FeesNoticeGiven(date(2025, 1, 6)), FeePaid(date(2025, 1, 8)), regime="EIR")
    assert paid.due_on == day("Thu 23 Jan 2025")


@pytest.mark.parametrize(
    ("regime", "received", "due"),
    [
        ("FOIA", "Mon 15 Jul 2024", "Tue 13 Aug 2024"),
        ("EIR", "Mon 6 Jan 2025", "Mon 3 Mar 2025"),
        ("FOISA", "Mon 6 Jan 2025", "Mon 3 Feb 2025"),
        ("EISR", "Mon 6 Jan 2025", "Mon 3 Feb 2025"),
    ],
)
def test_an_internal_review_has_its_own_limit(regime: str, received: str, due: str) -> None:
    assert clock(Received(day(received)), regime=regime, matter=Matter.REVIEW).due_on == day(due)


def test_a_review_under_the_code_can_exceptionally_take_40_working_days() -> None:
    wed_11_sep = date(2024, 9, 11)
    events: list[ClockEvent] = [Received(date(2024, 7, 15)), Extended(date(2024, 8, 1), wed_11_sep)]
    assert clock(*events, matter=Matter.REVIEW).due_on == wed_11_sep
    assert clock(*events, matter=Matter.REVIEW).warnings == ()


def test_transferred_records_have_30_working_days_under_the_acts_and_none_of_it_under_the_regulations() -> None:
    due = {r: clock(Received(date(2024, 6, 3)), regime=r, matter=Matter.ARCHIVES).due_on for r in Regime}
    assert due[Regime.FOIA] == day("Tue 16 Jul 2024")
    assert due[Regime.FOISA] == day("Mon 15 Jul 2024")
    assert due[Regime.EIR] == day("Mon 1 Jul 2024")


def test_a_school_has_20_school_days_or_60_working_days_whichever_come_first() -> None:
    received, summer = [Received(date(2024, 7, 19))], Period(date(2024, 7, 20), date(2024, 9, 2))
    school = read_clock(received, "FOIA", CALENDARS, matter=Matter.SCHOOL, closures=[summer])
    assert (school.due_on, school.school_days) == (day("Mon 30 Sep 2024"), True)
    all_autumn = Period(date(2024, 7, 20), date(2024, 12, 20))
    stopped = read_clock(received, "FOIA", CALENDARS, matter=Matter.SCHOOL, closures=[all_autumn])
    assert (stopped.due_on, stopped.school_days) == (day("Tue 15 Oct 2024"), False)


def test_a_holiday_proclaimed_after_receipt_moves_the_deadline_but_not_the_prudent_one() -> None:
    mon_5_sep, mon_12_sep = date(2022, 9, 5), date(2022, 9, 12)
    before, after = clock(Received(mon_5_sep)), clock(Received(mon_12_sep))
    assert (before.due_on, before.prudent_due_on) == (day("Tue 4 Oct 2022"), day("Mon 3 Oct 2022"))
    assert after.due_on == after.prudent_due_on == day("Tue 11 Oct 2022")


def test_a_deadline_beyond_the_published_holidays_is_provisional() -> None:
    assert not clock(Received(date(2028, 11, 24))).provisional
    assert clock(Received(date(2028, 12, 15))).provisional
    assert clock(Received(date(2011, 12, 30))).provisional


def test_a_corrected_receipt_moves_day_0_even_after_the_answer() -> None:
    mon_3_jun, fri_31_may = date(2024, 6, 3), date(2024, 5, 31)
    answered = clock(
        Received(mon_3_jun),
        Answered(date(2024, 7, 1)),
        ReceiptCorrected(date(2024, 7, 5), fri_31_may, "it was forwarded"),
    )
    assert (answered.received_on, answered.due_on, answered.answered_on) == (
        fri_31_may,
        day("Fri 28 Jun 2024"),
        date(2024, 7, 1),
    )


def test_a_changed_regime_is_counted_from_receipt_by_its_own_calendar_and_drops_an_extension_it_does_not_give() -> None:
    received, extended = Received(date(2024, 3, 4)), Extended(date(2024, 3, 20), date(2024, 4, 19))
    assert clock(received, extended, RegimeChanged(date(2024, 3, 21), Regime.EIR)).due_on == day("Fri 19 Apr 2024")
    dropped = clock(received, extended, RegimeChanged(date(2024, 3, 21), Regime.FOISA))
    assert (dropped.due_on, dropped.extended) == (day("Tue 2 Apr 2024"), False)
    assert "fell away" in dropped.warnings[0]


@pytest.mark.parametrize(("event", "state"), [(Withdrawn, State.WITHDRAWN), (Answered, State.ANSWERED)])
def test_an_ended_clock_says_how_and_when(event: type[Withdrawn | Answered], state: State) -> None:
    ended = clock(Received(date(2024, 6, 3)), event(date(2024, 6, 10)))
    assert (ended.state, ended.ended, ended.ended_on) == (state, True, date(2024, 6, 10))


def test_a_transfer_under_the_act_still_owes_a_reply_and_under_the_regulations_is_one() -> None:
    events: list[ClockEvent] = [Received(date(2024, 6, 3)), Transferred(date(2024, 6, 10))]
    assert "still owed our own reply" in clock(*events).warnings[0]
    assert clock(*events, regime="EIR").warnings == ()


def test_an_unpaid_request_lapses_the_day_after_the_three_months() -> None:
    events: list[ClockEvent] = [Received(date(2024, 5, 13)), FeesNoticeGiven(date(2024, 5, 20))]
    assert clock(*events, Lapsed(date(2024, 8, 20))).state is State.LAPSED
    with pytest.raises(ClockError, match=r"until Monday 19 August 2024 \(s\.9\(2\)\)"):
        clock(*events, Lapsed(date(2024, 8, 19)))


def test_clarification_sought_too_late_for_the_regulations_is_warned_of() -> None:
    late = clock(Received(date(2024, 6, 3)), ClarificationSought(date(2024, 7, 2)), regime="EIR")
    assert "after the 20 working days that reg 9(2) allows" in late.warnings[0]

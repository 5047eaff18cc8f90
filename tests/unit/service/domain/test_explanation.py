"""The day-by-day explanation: each day there once, with the reason a requester can check."""

import json
from datetime import date

from service.domain.calendars import load_calendars
from service.domain.clock import (
    ClarificationSought,
    Clarified,
    ClockEvent,
    Extended,
    FeePaid,
    FeesNoticeGiven,
    Matter,
    Period,
    Received,
    read_clock,
)
from service.domain.explanation import DayKind, Explanation, explain

CALENDARS = load_calendars()


def explained(*events: ClockEvent, regime: str = "FOIA") -> Explanation:
    return explain(read_clock(events, regime, CALENDARS), CALENDARS)


def why(explanation: Explanation, on: date) -> str:
    (row,) = [row for row in explanation.days if row.on == on]
    return row.why


def test_every_day_from_receipt_to_deadline_is_there_once() -> None:
    mon_4_mar, thu_4_apr = date(2024, 3, 4), date(2024, 4, 4)
    explanation = explained(Received(mon_4_mar))
    assert [row.on.toordinal() for row in explanation.days] == list(
        range(mon_4_mar.toordinal(), thu_4_apr.toordinal() + 1)
    )
    assert (explanation.days[0].counted, explanation.days[-1].n) == (False, 20)


def test_a_skipped_day_says_which_holiday_and_whose() -> None:
    explanation = explained(Received(date(2024, 3, 4)))
    assert why(explanation, date(2024, 3, 9)) == "Saturday, not a working day (s.10(6))."
    assert why(explanation, date(2024, 3, 18)) == "St Patrick’s Day (substitute day) in Northern Ireland (s.10(6))."
    assert why(explanation, date(2024, 4, 1)) == "Easter Monday in England and Wales and Northern Ireland (s.10(6))."
    assert why(explanation, date(2024, 4, 4)) == "Working day 20: the deadline (s.10(1))."


def test_easter_monday_is_counted_under_the_scottish_act() -> None:
    assert why(explained(Received(date(2024, 3, 4)), regime="FOISA"), date(2024, 4, 1)).startswith("Working day 19")


def test_a_holiday_outside_the_round_says_since_when_it_has_been_known() -> None:
    explanation = explained(Received(date(2026, 5, 18)))
    assert why(explanation, date(2026, 6, 15)) == (
        "Scotland at the World Cup in Scotland, known since 3 February 2026 (s.10(6))."
    )


def test_the_days_of_a_fees_notice_are_disregarded_weekends_among_them() -> None:
    mon_20_may, mon_10_jun = date(2024, 5, 20), date(2024, 6, 10)
    explanation = explained(Received(date(2024, 5, 13)), FeesNoticeGiven(mon_20_may), FeePaid(mon_10_jun))
    assert why(explanation, mon_20_may) == why(explanation, date(2024, 5, 25)) == why(explanation, mon_10_jun)
    assert "fees notice given on 20 May 2024, paid on 10 June 2024 (s.10(2))" in why(explanation, mon_20_may)
    assert why(explanation, date(2024, 6, 11)) == "Working day 5."


def test_the_days_before_a_clarification_are_explained_and_not_counted() -> None:
    mon_20_may = date(2024, 5, 20)
    explanation = explained(Received(date(2024, 4, 2)), ClarificationSought(date(2024, 4, 10)), Clarified(mon_20_may))
    assert why(explanation, date(2024, 4, 4)) == "Before the clarification arrived on 20 May 2024 (s.10(6)(b))."
    assert "begins afresh" in why(explanation, mon_20_may)
    assert explanation.counted == 20


def test_a_stopped_clock_is_explained_up_to_the_stop() -> None:
    mon_8_apr = date(2024, 4, 8)
    explanation = explained(Received(date(2024, 4, 2)), ClarificationSought(mon_8_apr))
    assert explanation.days[-1].on == mon_8_apr
    assert "stopped until it arrives (s.1(3))" in explanation.days[-1].why
    assert explanation.counted == 3


def test_a_clock_stopped_after_its_deadline_counts_no_21st_day() -> None:
    explanation = explained(Received(date(2024, 6, 3)), ClarificationSought(date(2024, 7, 4)))
    assert explanation.counted == 20
    assert why(explanation, date(2024, 7, 2)) == "The 20 working days had ended (s.10(1))."


def test_an_extension_is_counted_on_to_its_end() -> None:
    tue_30_jul = date(2024, 7, 30)
    explanation = explained(Received(date(2024, 6, 3)), Extended(date(2024, 6, 20), tue_30_jul))
    assert explanation.counted == 40
    assert why(explanation, date(2024, 7, 2)) == "Working day 21, by the extension (s.10(3) and s.17(2))."
    assert why(explanation, tue_30_jul) == "Working day 40: the deadline (s.10(3) and s.17(2))."


def test_a_school_closure_is_a_reason_not_to_count() -> None:
    summer = Period(date(2024, 7, 20), date(2024, 9, 2))
    clock = read_clock([Received(date(2024, 7, 19))], "FOIA", CALENDARS, matter=Matter.SCHOOL, closures=[summer])
    explanation = explain(clock, CALENDARS)
    assert why(explanation, date(2024, 8, 1)) == "No session in the school (SI 2004/3364 reg 3(2))."
    assert explanation.counted == 20


def test_a_day_beyond_the_published_holidays_says_that_it_is_provisional() -> None:
    explanation = explained(Received(date(2028, 12, 15)))
    assert "provisional" in why(explanation, date(2029, 1, 2))
    assert "provisional" not in why(explanation, date(2028, 12, 29))


def test_the_dictionary_is_json_and_says_what_the_clock_says() -> None:
    read = json.loads(json.dumps(explained(Received(date(2024, 3, 4))).as_dict()))
    assert (read["received_on"], read["day_one"], read["due_on"]) == ("2024-03-04", "2024-03-05", "2024-04-04")
    assert read["provisional"] is False
    day = {"date": "2024-03-05", "counted": True, "n": 1, "kind": "counted", "why": "Working day 1."}
    assert read["days"][1] == day


def test_the_text_has_a_line_a_day_with_its_number() -> None:
    lines = explained(Received(date(2024, 3, 4))).as_text().splitlines()
    assert len(lines) == 32
    assert lines[1] == "  1  Tue  5 Mar 2024  Working day 1."
    assert lines[5].startswith("  -  Sat  9 Mar 2024")


def test_every_day_says_what_it_is_to_the_clock() -> None:
    mon_mar_4, mon_mar_11, wed_mar_13 = (date(2024, 3, day) for day in (4, 11, 13))
    told = (Received(mon_mar_4), FeesNoticeGiven(mon_mar_11), FeePaid(wed_mar_13))
    kinds = {day.on: day.kind for day in explained(*told).days}
    assert kinds[mon_mar_4] is DayKind.RECEIPT
    assert kinds[date(2024, 3, 5)] is DayKind.COUNTED
    assert kinds[date(2024, 3, 9)] is DayKind.WEEKEND
    assert {kinds[mon_mar_11], kinds[wed_mar_13]} == {DayKind.DISREGARDED}
    assert kinds[date(2024, 3, 18)] is DayKind.HOLIDAY
    assert kinds[max(kinds)] is DayKind.DEADLINE


def test_a_clarification_tells_what_came_before_it() -> None:
    told = (Received(date(2024, 3, 4)), ClarificationSought(date(2024, 3, 5)), Clarified(date(2024, 3, 7)))
    days = explained(*told).days
    assert [day.kind for day in days[:5]] == [
        DayKind.RECEIPT,
        DayKind.BEFORE,
        DayKind.BEFORE,
        DayKind.CLARIFIED,
        DayKind.COUNTED,
    ]
    waiting = explained(*told[:2]).days
    assert waiting[-1].kind is DayKind.STOPPED


def test_the_full_text_begins_with_what_it_comes_to() -> None:
    text = explained(Received(date(2024, 3, 4)), FeesNoticeGiven(date(2024, 3, 11))).full_text()
    assert text.splitlines()[:5] == [
        "Freedom of Information Act 2000, 20 working days (s.10(1))",
        "Received  Monday 4 March 2024",
        "Day 1     Tuesday 5 March 2024",
        "Due       no date: waiting for the fee",
        "To pay by Monday 10 June 2024",
    ]

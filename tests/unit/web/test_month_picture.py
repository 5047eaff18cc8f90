"""The picture of a clock: the months of its days, each day in the colour of what it is."""

from datetime import date

from service.domain.calendars import load_calendars
from service.domain.clock import ClarificationSought, Clarified, ClockEvent, Received, read_clock
from service.domain.explanation import explain
from web.month_picture import MOST_MONTHS, Picture, in_words, picture

MON_MAR_4_2024 = date(2024, 3, 4)


def drawn(*events: ClockEvent) -> Picture:
    calendars = load_calendars()
    return picture(explain(read_clock(events, "FOIA", calendars), calendars))


def test_each_day_stands_in_its_month_with_the_colour_of_what_it_is() -> None:
    march, april = drawn(Received(MON_MAR_4_2024)).months
    assert [month.name for month in (march, april)] == ["March 2024", "April 2024"]
    assert len(march.squares) == 31
    kinds = {(month.name, square.number): square.kind for month in (march, april) for square in month.squares}
    assert kinds["March 2024", 4] == "receipt"
    assert kinds["March 2024", 18] == "holiday"  # St Patrick's Day, in Northern Ireland
    assert kinds["March 2024", 9] == "weekend"
    assert kinds["April 2024", 4] == "deadline"
    assert kinds["April 2024", 5] == "outside"
    assert next(square.n for square in march.squares if square.number == 5) == 1


def test_squares_stand_in_weeks_from_monday() -> None:
    march = drawn(Received(MON_MAR_4_2024)).months[0]
    monday, sunday = (next(s for s in march.squares if s.number == number) for number in (4, 10))
    assert monday.x == 0
    assert sunday.x == march.width - 26
    assert monday.y == sunday.y > march.squares[0].y
    assert all(square.y + 26 <= march.height for square in march.squares)


def test_the_legend_names_only_what_occurs() -> None:
    assert [words for _, words in drawn(Received(date(2024, 6, 3))).legend] == ["received", "counted", "deadline"]


def test_of_a_clock_that_stood_for_years_the_last_months_are_drawn() -> None:
    sought, came = ClarificationSought(date(2024, 3, 6)), Clarified(date(2026, 3, 2))
    long = drawn(Received(MON_MAR_4_2024), sought, came)
    assert len(long.months) == MOST_MONTHS
    assert long.months[-1].name == "March 2026"
    assert long.left_out == 13


def test_who_does_not_see_it_is_told_what_it_adds_up_to() -> None:
    calendars = load_calendars()
    explained = explain(read_clock([Received(MON_MAR_4_2024)], "FOIA", calendars), calendars)
    assert in_words(explained) == (
        "1 day received, 19 days counted, 1 day deadline, 3 days holiday. The list below says the same day by day."
    )

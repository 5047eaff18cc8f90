"""The public calculator: no sign-in, a date and a law give the deadline."""

import pytest

from tests.unit.web.conftest import Browser


def test_anyone_can_work_out_a_deadline(stranger: Browser) -> None:
    page = stranger.get("/deadline?received=2024-03-04&regime=FOIA")
    assert page.status_code == 200
    assert "Thursday 4 April 2024" in page.text
    assert "Patrick’s Day" in page.text


@pytest.mark.parametrize(("regime", "due"), [("FOIA", "Thursday 16 April 2026"), ("EISR", "Tuesday 14 April 2026")])
def test_each_law_counts_by_its_own_calendar(stranger: Browser, regime: str, due: str) -> None:
    assert due in stranger.get(f"/deadline?received=2026-03-16&regime={regime}").text


def test_without_words_it_answers_for_today(stranger: Browser) -> None:
    assert "Monday 1 July 2024" in stranger.get("/deadline").text


def test_a_date_past_the_known_holidays_is_provisional(stranger: Browser) -> None:
    assert "provisional" in stranger.get("/deadline?received=2031-03-04&regime=FOIA").text


@pytest.mark.parametrize(
    "words", ["received=tomorrow", "received=9999-12-31", "received=", "regime=GDPR", "received=0001-01-01"]
)
def test_what_makes_no_sense_is_answered_with_what_to_enter(stranger: Browser, words: str) -> None:
    page = stranger.get(f"/deadline?{words}")
    assert page.status_code == 422
    assert "There is a problem" in page.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("clarification-sought=2024-03-11&clarified=2024-04-02", "Tuesday 30 April 2024"),
        ("clarification-sought=2024-03-11", "No date: waiting for clarification"),
        ("fees-notice=2024-03-11&fee-paid=2024-03-20", "Disregarded: fees notice given on 11 March 2024"),
        ("fees-notice=2024-03-11", "The fee can be paid until Monday 10 June 2024"),
        ("extended=2024-03-20&until=2024-04-18", "Thursday 18 April 2024"),
        ("matter=archives", "Thursday 18 April 2024"),
        ("matter=school&closed=2024-03-25..2024-04-05", "Tuesday 16 April 2024"),
        ("holiday=2024-03-12&division=ENG", "Friday 5 April 2024"),
        ("holiday=2024-03-12&division=ENG&proclaimed=2024-03-08", "It is prudent to answer by then."),
    ],
)
def test_what_happened_since_changes_the_deadline(stranger: Browser, words: str, said: str) -> None:
    page = stranger.get(f"/deadline?received=2024-03-04&regime=FOIA&{words}")
    assert page.status_code == 200
    assert said in page.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("clarified=2024-04-02", "No clarification is being waited for under s.1(3)"),
        ("fees-notice=2024-03-01", "Enter a day from the receipt to three years after it"),
        ("clarified=2034-04-02", "Enter a day from the receipt to three years after it"),
        ("extended=2024-03-20", "Enter a day, like 2024-03-04"),
        ("matter=anything", "Choose the kind of request"),
        ("matter=school&closed=2024-03-25..2024-03-01", "ends before it begins"),
        ("matter=school&closed=soon", "must be a period such as"),
        ("holiday=2024-03-12", "Choose where it is a holiday"),
        ("holiday=2024-03-10&division=ENG", "is no working day anyway"),
    ],
)
def test_a_story_that_cannot_be_is_answered_beside_its_field(stranger: Browser, words: str, said: str) -> None:
    page = stranger.get(f"/deadline?received=2024-03-04&regime=FOIA&{words}")
    assert page.status_code == 422
    assert said in page.text


def test_a_program_gets_the_same_as_text_or_json(stranger: Browser) -> None:
    address = "received=2024-03-04&regime=EIR&clarification-sought=2024-03-11&clarified=2024-04-02"
    assert '"due_on":"2024-04-30"' in stranger.get(f"/deadline.json?{address}").text
    assert "Due       Tuesday 30 April 2024" in stranger.get(f"/deadline.txt?{address}").text
    for kind in ("txt", "json"):
        answer = stranger.get(f"/deadline.{kind}?received=never")
        assert answer.status_code == 422
        assert "Enter the day it was received" in answer.text


def test_days_without_a_session_cost_no_more_than_those_that_can_move_the_deadline(stranger: Browser) -> None:
    within, for_ever = "2024-03-25..2024-04-05", "0001-01-01..9999-12-31"  # those would be days by the million
    told = [
        stranger.get(f"/deadline.txt?received=2024-03-04&matter=school&closed={closed}").text
        for closed in (within, f"2005-01-01..2024-03-04 {within} 2030-01-01..9999-12-31", ",".join([for_ever] * 40))
    ]
    assert told[0] == told[1]
    assert "Due       Monday 3 June 2024" in told[2]  # 60 working days, for no school day comes

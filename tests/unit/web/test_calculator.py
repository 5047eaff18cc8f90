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

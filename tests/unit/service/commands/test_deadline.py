"""`foidesk deadline`, as it is typed."""

import json

import pytest
from click.testing import CliRunner, Result

from service.commands.deadline import deadline


def run(*words: str) -> Result:
    return CliRunner().invoke(deadline, words)


def due_on(*words: str) -> str:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return str(json.loads(result.output)["due_on"])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-03-04", "2024-04-04"),
        ("2024-03-04T10:00+00:00", "2024-04-04"),
        ("2024-06-30T23:30Z", "2024-07-30"),  # already Mon 1 Jul in London
        ("2024-06-30T23:30", "2024-07-29"),  # London time as it is, Sun 30 Jun
        ("2024-01-15T23:30Z", "2024-02-12"),
        ("2024-10-26T23:30Z", "2024-11-22"),  # Sun 27 Oct 00:30, before the clocks go back
        ("2024-11-01T17:10-08:00", "2024-11-29"),  # Sat 2 Nov 01:10 in London
    ],
)
def test_a_time_is_taken_to_london_before_its_date(received: str, due: str) -> None:
    assert due_on(received) == due


@pytest.mark.parametrize(("regime", "due"), [("FOIA", "2024-04-04"), ("eir", "2024-04-04"), ("foisa", "2024-04-02")])
def test_the_regime_chooses_the_calendar(regime: str, due: str) -> None:
    assert due_on("2024-03-04", "--regime", regime) == due


@pytest.mark.parametrize(
    ("events", "due"),
    [
        (["clarification-sought=2024-04-10", "clarified=2024-05-20T15:00"], "2024-06-18"),
        (["fees-notice=2024-04-10", "fee-paid=2024-04-12"], "2024-05-03"),
        (["extended=2024-04-10,2024-05-20"], "2024-05-20"),
        (["receipt-corrected=2024-04-10,2024-04-01"], "2024-04-29"),
        (["regime-changed=2024-04-10,eisr"], "2024-04-30"),
        (["regime-changed=2024-04-10,eir,review"], "2024-05-30"),
        (["holiday-added=2024-04-15,england-and-wales"], "2024-05-01"),
        (["holiday-added=2024-04-15,SCT", "holiday-added=2024-04-15,NIR"], "2024-05-01"),
        (["holiday-added=2024-04-15,SCT,2024-04-12"], "2024-05-01"),
        (["holiday-added=2024-06-10,SCT", "answered=2024-04-10"], "2024-04-30"),
        (["answered=2024-04-10"], "2024-04-30"),
    ],
)
def test_events_move_the_deadline(events: list[str], due: str) -> None:
    assert due_on("2024-04-02", *(word for event in events for word in ("--event", event))) == due


def test_a_holiday_can_be_taken_out_of_every_division_that_keeps_it() -> None:
    easter_monday = ("2024-03-04", "--event", "holiday-withdrawn=2024-04-01,england-and-wales")
    assert due_on(*easter_monday) == "2024-04-04"  # Northern Ireland keeps it still
    assert due_on(*easter_monday, "--event", "holiday-withdrawn=2024-04-01,northern-ireland") == "2024-04-03"


def test_a_holiday_proclaimed_later_shows_the_prudent_date_too_and_what_was_supposed() -> None:
    output = run("2024-04-02", "--event", "holiday-added=2024-04-15,scotland,2024-04-12").output
    assert "Due       Wednesday 1 May 2024" in output
    assert "Prudent   Tuesday 30 April 2024" in output
    assert "Supposed  + 2024-04-15  Monday, Scotland: a bank holiday, supposed, proclaimed Friday 12 April" in output
    assert "A bank holiday, supposed in Scotland, known since 12 April 2024" in output
    assert "Prudent" not in run("2024-04-02", "--event", "holiday-added=2024-04-15,scotland").output


def test_a_school_and_a_review_have_limits_of_their_own() -> None:
    assert due_on("2024-07-19", "--matter", "school", "--closed", "2024-07-20..2024-09-02") == "2024-09-30"
    assert due_on("2025-01-06", "--matter", "review", "--regime", "eir") == "2025-03-03"


def test_the_json_counts_every_day() -> None:
    read = json.loads(run("2024-03-04", "--json").output)
    assert [row["n"] for row in read["days"] if row["counted"]] == list(range(1, 21))
    assert {"received_on", "day_one", "due_on", "provisional", "days", "regime", "prudent_due_on"} <= read.keys()


def test_a_person_reads_the_dates_with_their_weekdays_and_the_days() -> None:
    output = run("2024-03-04").output
    assert "Due       Thursday 4 April 2024" in output
    assert " 20  Thu  4 Apr 2024  Working day 20: the deadline (s.10(1))." in output


def test_a_person_is_told_what_is_provisional_prudent_stopped_or_doubtful() -> None:
    assert "Provisional:" in run("2028-12-15").output
    assert "Prudent   Monday 3 October 2022" in run("2022-09-05").output
    assert "To pay by Monday 19 August 2024" in run("2024-05-13", "--event", "fees-notice=2024-05-20").output
    assert "no date: waiting for" in run("2024-05-13", "--event", "clarification-sought=2024-05-20").output
    assert "Warning: The extension runs" in run("2024-06-03", "--event", "extended=2024-06-10,2024-09-02").output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["2024-02-30"], "'2024-02-30' is not a date or time"),
        (["soon"], "'soon' is not a date or time"),
        (["0001-01-01T00:00+14:00"], "is outside 2005 to 2199"),
        (["2024-03-04", "--event", "dreamt=2024-03-05"], "'dreamt' is no event"),
        (["2024-03-04", "--event", "clarified"], "'' is not a date or time"),
        (["2024-03-04", "--event", "extended=2024-03-05"], "says too little"),
        (["2024-03-04", "--event", "regime-changed=2024-03-05,GDPR"], "'GDPR' is no regime"),
        (["2024-03-04", "--event", "regime-changed=2024-03-05,EIR,fishing"], "'fishing' is no matter"),
        (["2024-03-04", "--event", "holiday-added=2024-03-05"], "says too little"),
        (["2024-03-04", "--event", "holiday-added=2024-03-05,wales"], "'wales' is no division; say england-and-wales"),
        (["2024-03-04", "--event", "holiday-added=2024-03-09,SCT"], "Saturday 9 March 2024 is no working day anyway"),
        (["2024-03-04", "--event", "holiday-added=2024-03-29,SCT"], "is a holiday in Scotland already: Good Friday"),
        (["2024-03-04", "--event", "holiday-added=2024-03-28,SCT,soon"], "'soon' is not a date or time"),
        (["2024-03-04", "--event", "holiday-withdrawn=2024-03-05,SCT"], "is no holiday in Scotland"),
        (["2024-03-04", "--event", "fee-paid=2024-03-05"], "No fees notice has been given"),
        (["2024-03-04", "--event", "answered=2024-03-01"], "before the request was received"),
        (["2024-03-04", "--closed", "2024-03-09..2024-03-08"], "ends before it begins"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(words: list[str], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [[], ["2024-03-04", "--regime", "GDPR"], ["2024-03-04", "--nonsense"]])
def test_wrong_options_are_refused_with_exit_code_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2

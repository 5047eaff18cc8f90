"""A case's clock page, and what officers tell the clock there."""

import json
from datetime import date

import pytest

from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.store.cases import case_by_reference, history
from service.store.database import reading
from service.store.tables import Case
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

MON_JUN_3 = {"on-day": "3", "on-month": "6", "on-year": "2024"}
FRI_MAY_31 = {"on-day": "31", "on-month": "5", "on-year": "2024"}


def the_case(desk: Desk, reference: str) -> Case:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference)


def last_seq(desk: Desk, reference: str) -> int:
    with reading(desk.engine) as session:
        return history(session, case_by_reference(session, reference).id)[-1].seq


def tell(browser: Browser, reference: str, slug: str, **values: str) -> str:
    """Fill in a fact, check it and record it; returns the page of the check."""
    browser.get(f"/cases/{reference}/clock/{slug}")
    checked = browser.post(f"/cases/{reference}/clock/{slug}", **values)
    assert checked.status_code == 200, checked.text
    recorded = browser.post(f"/cases/{reference}/clock/{slug}", step="record", **values)
    assert recorded.headers["Location"] == f"/cases/{reference}/clock"
    return checked.text


def test_a_fact_is_shown_before_it_is_recorded(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    officer.get(f"/cases/{seeded.soon}/clock/clarification-sought")
    page = officer.post(f"/cases/{seeded.soon}/clock/clarification-sought", **FRI_MAY_31)
    assert "no date: waiting for clarification" in page.text
    assert the_case(desk, seeded.soon).clock_state == "running"
    page = officer.post(f"/cases/{seeded.soon}/clock/clarification-sought", step="record", **FRI_MAY_31)
    assert page.status_code == 302
    assert the_case(desk, seeded.soon).clock_state == "waiting for clarification"
    assert "since Friday 31 May 2024" in officer.get(f"/cases/{seeded.soon}").text
    assert seeded.soon in officer.get("/list/stopped").text


def test_a_clarification_gives_the_whole_time_again(officer: Browser, desk: Desk, time: Time, seeded: Seeded) -> None:
    tell(officer, seeded.soon, "clarification-sought", **FRI_MAY_31)
    time.pass_by(minutes=5)
    checked = tell(officer, seeded.soon, "clarified", **MON_JUN_3)
    assert "answer due on Monday 1 July 2024" in checked
    page = officer.get(f"/cases/{seeded.soon}/clock").text
    assert "Clarification arrived: the count begins afresh" in page
    assert "desk-day--clarified" in page


def test_what_the_officer_typed_is_there_again_to_be_changed(officer: Browser, seeded: Seeded) -> None:
    address = f"/cases/{seeded.soon}/clock/extended"
    officer.get(address)
    typed = MON_JUN_3 | {"until-day": "5", "until-month": "7", "until-year": "2024", "reason": "The public interest"}
    page = officer.post(address, step="change", **typed)
    assert page.status_code == 200
    assert 'value="5"' in page.text
    assert "The public interest</textarea>" in page.text


@pytest.mark.parametrize(
    ("slug", "values", "said"),
    [
        ("clarified", MON_JUN_3, "No clarification is being waited for under s.1(3)"),
        ("fee-paid", MON_JUN_3, "No fees notice has been given that is still unpaid (s.9(2))"),
        ("clarification-sought", MON_JUN_3 | {"on-day": "4"}, "Tuesday 4 June 2024 is still to come"),
        ("clarification-sought", MON_JUN_3 | {"on-month": "1"}, "before the request was received on"),
        ("clarification-sought", MON_JUN_3 | {"on-day": "31"}, "The day on which it happened must be a real date"),
        (
            "extended",
            MON_JUN_3 | {"until-day": "5", "until-month": "7", "until-year": "2024"},
            "Give the reason; the regulator may ask for it",
        ),
        (
            "extended",
            MON_JUN_3 | {"until-day": "4", "until-month": "6", "until-year": "2024", "reason": "x"},
            "so it extends nothing (s.10(3) and s.17(2))",
        ),
        (
            "receipt-corrected",
            {"received_on-day": "4", "received_on-month": "6", "received_on-year": "2024", "reason": "x"},
            "cannot have been received on Tuesday 4 June 2024",
        ),
        ("regime-changed", {"regime": "GDPR", "matter": "request", "reason": "x"}, "Choose the law"),
    ],
)
def test_what_the_law_does_not_know_is_refused_beside_the_field(
    officer: Browser, desk: Desk, seeded: Seeded, slug: str, values: dict[str, str], said: str
) -> None:
    officer.get(f"/cases/{seeded.soon}/clock/{slug}")
    for step in ("", "record"):
        page = officer.post(f"/cases/{seeded.soon}/clock/{slug}", step=step, **values)
        assert page.status_code == 422
        assert said in page.text
    assert the_case(desk, seeded.soon).clock_state == "running"


def test_another_law_counts_by_its_own_time_limit(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    tell(officer, seeded.soon, "regime-changed", regime="FOISA", matter="archives", reason="About Scottish records")
    after = the_case(desk, seeded.soon)
    assert (after.regime, after.matter, after.due_on) == ("FOISA", "archives", date(2024, 6, 21))
    assert "30 working days (s.10)" in officer.get(f"/cases/{seeded.soon}/clock").text


def test_an_extension_past_the_fortieth_day_is_warned_of(officer: Browser, seeded: Seeded) -> None:
    values = MON_JUN_3 | {"until-day": "30", "until-month": "9", "until-year": "2024", "reason": "Very complex"}
    assert "which the regulator accepts only exceptionally" in tell(officer, seeded.soon, "extended", **values)


def test_an_entry_is_struck_out_and_stays_readable(officer: Browser, desk: Desk, seeded: Seeded) -> None:
    tell(officer, seeded.soon, "clarification-sought", **FRI_MAY_31)
    seq = last_seq(desk, seeded.soon)
    address = f"/cases/{seeded.soon}/clock/entries/{seq}/strike-out"
    officer.get(address)
    assert officer.post(address, reason=" ").status_code == 422
    assert "Clock then" in officer.post(address, reason="It was about another case").text
    officer.post(address, reason="It was about another case", step="record")
    assert the_case(desk, seeded.soon).clock_state == "running"
    page = officer.get(f"/cases/{seeded.soon}/clock").text
    assert "<s>Asked the requester for clarification; the clock is stopped</s>" in page
    assert "Reason: It was about another case" in page


def test_striking_out_the_closing_opens_the_case_again(supervisor: Browser, desk: Desk, seeded: Seeded) -> None:
    with reading(desk.engine) as session:
        told = history(session, case_by_reference(session, seeded.closed).id)
    seq = next(event.seq for event in told if event.kind is Kind.CLOSED)
    address = f"/cases/{seeded.closed}/clock/entries/{seq}/strike-out"
    supervisor.get(address)
    assert "The case is open again." in supervisor.post(address, reason="The answer never went out").text
    supervisor.post(address, reason="The answer never went out", step="record")
    assert the_case(desk, seeded.closed).stage == "drafting"


def test_the_receipt_cannot_be_struck_out(officer: Browser, seeded: Seeded) -> None:
    address = f"/cases/{seeded.soon}/clock/entries/1/strike-out"
    officer.get(address)
    page = officer.post(address, reason="x")
    assert page.status_code == 422
    assert "its date can be corrected" in page.text


def test_the_clock_is_shown_as_it_stood_before(officer: Browser, seeded: Seeded) -> None:
    tell(officer, seeded.soon, "clarification-sought", **FRI_MAY_31)
    page = officer.get(f"/cases/{seeded.soon}/clock?after=1").text
    assert "As it stood on" in page
    assert "running" in page
    for wrong in ("999", "x", "-1", "1" * 30):
        assert officer.get(f"/cases/{seeded.soon}/clock?after={wrong}").status_code == 404


def test_how_late_it_is_today_is_not_said_of_how_it_stood_before(officer: Browser, seeded: Seeded) -> None:
    late = "Friday 31 May 2024</time></strong>, 1 working day late"
    assert late in officer.get(f"/cases/{seeded.overdue}/clock").text
    then = officer.get(f"/cases/{seeded.overdue}/clock?after=1").text
    assert "Friday 31 May 2024</time></strong>" in then and late not in then


def test_the_same_is_there_as_text_and_as_json(officer: Browser, seeded: Seeded) -> None:
    text = officer.get(f"/cases/{seeded.overdue}/clock.txt")
    assert text.mimetype == "text/plain"
    assert "Due       Friday 31 May 2024" in text.text
    found = json.loads(officer.get(f"/cases/{seeded.overdue}/clock.json?after=1").text)
    assert found["reference"] == seeded.overdue
    assert found["due_on"] == "2024-05-31"
    assert found["days"][-1]["kind"] == "deadline"


def test_a_colleagues_clock_can_be_read_and_not_told_anything(officer: Browser, seeded: Seeded) -> None:
    page = officer.get(f"/cases/{seeded.of_colleague}/clock")
    assert page.status_code == 200
    assert "Tell the clock" not in page.text
    assert officer.get(f"/cases/{seeded.of_colleague}/clock/clarified").status_code == 403
    assert officer.post(f"/cases/{seeded.of_colleague}/clock/clarification-sought", **MON_JUN_3).status_code == 403


def test_only_what_makes_sense_now_is_offered(officer: Browser, seeded: Seeded) -> None:
    page = officer.get(f"/cases/{seeded.soon}/clock").text
    assert "We asked for clarification" in page
    assert ">Clarification arrived<" not in page
    tell(officer, seeded.soon, "fees-notice-given", amount="£450", **MON_JUN_3)
    page = officer.get(f"/cases/{seeded.soon}/clock").text
    assert ">The fee was paid<" in page
    assert "Can be paid until" in page
    assert ">We asked for clarification<" not in page
    assert officer.get(f"/cases/{seeded.soon}/clock/nonsense").status_code == 404


def test_a_case_lapses_only_when_something_is_waited_for(officer: Browser, seeded: Seeded) -> None:
    lapsed = Outcome.LAPSED.value
    answered = {f"answered_{name}": value for name, value in MON_JUN_3.items()}
    officer.get(f"/cases/{seeded.soon}/close")
    page = officer.post(f"/cases/{seeded.soon}/close", outcome=lapsed, **answered)
    assert page.status_code == 422
    assert "A request lapses only while clarification (s.1(3)) or a fee (s.9(2)) is waited for" in page.text
    tell(officer, seeded.soon, "clarification-sought", **FRI_MAY_31)
    officer.get(f"/cases/{seeded.soon}/close")
    assert officer.post(f"/cases/{seeded.soon}/close", outcome=lapsed, **answered).status_code == 302

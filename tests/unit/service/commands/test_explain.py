"""`foidesk explain`, as it is typed."""

import json
import re
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish, strike_out
from service.casework.close import close
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.store.cases import history
from service.store.database import reading, transaction
from service.store.tables import Case
from tests.builders import an_officer, open_a_case
from tests.conftest import Time
from tests.unit.service.commands.conftest import Foidesk

MON_JUN_3 = date(2024, 6, 3)
REFERENCE = "01.FOI.24.000001"
ADD_MON_JUN_10 = ("holiday", "add", "2024-06-10", "--division", "ENG", "--title", "A royal wedding", "--yes")


def establish_on(session: Session, desk: Desk, case: Case, kind: Kind, on: date, **particulars: str) -> None:
    establish(session, desk, case, ClockFact(kind, on, particulars), at=desk.now(), by="console")


def told(foidesk: Foidesk, *words: str) -> Any:
    result = foidesk("explain", REFERENCE, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def seq_of(desk: Desk, case: Case, kind: Kind) -> str:
    with reading(desk.engine) as session:
        return str(next(event.seq for event in history(session, case.id) if event.kind is kind))


@pytest.fixture
def extended(desk: Desk) -> Case:
    """Received on Monday 3 June 2024, and extended that day to Wednesday 31 July."""
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        assign(session, desk, case, an_officer(session).id, at=desk.now(), by="console")
        establish_on(session, desk, case, Kind.EXTENDED, MON_JUN_3, until="2024-07-31", reason="public interest")
    return case


def test_the_days_and_the_facts_of_a_case_are_told(extended: Case, foidesk: Foidesk) -> None:
    output = foidesk("explain", REFERENCE).output
    assert output.splitlines()[0] == REFERENCE
    assert "Due       Wednesday 31 July 2024" in output
    assert " 41  Wed 31 Jul 2024  Working day 41: the deadline (s.10(3) and s.17(2))." in output
    assert re.search(r"^1    Mon  3 Jun 2024  received FOIA request +Mon  1 Jul 2024  2026.1$", output, re.MULTILINE)
    assert "extended until Wed 31 Jul 2024: public interest" in output


def test_after_an_event_it_is_told_as_it_stood_then(desk: Desk, extended: Case, foidesk: Foidesk) -> None:
    first = told(foidesk, "--after", "1")
    assert (first["due_on"], first["after"]) == ("2024-07-01", 1)
    assert [event["kind"] for event in first["events"]] == ["received"]
    assert told(foidesk, "--after", seq_of(desk, extended, Kind.EXTENDED))["due_on"] == "2024-07-31"
    assert "as it stood after event 1" in foidesk("explain", REFERENCE, "--after", "1").output


def test_after_a_recount_the_new_calendar_counts_and_before_it_the_old(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
    foidesk(*ADD_MON_JUN_10)
    before, after = told(foidesk, "--after", "1"), told(foidesk, "--after", seq_of(desk, case, Kind.RECOUNTED))
    assert (before["due_on"], before["calendar_version"]) == ("2024-07-01", "2026.1")
    assert (after["due_on"], after["calendar_version"]) == ("2024-07-02", "2026.1+1")
    assert after["due_on"] == told(foidesk)["due_on"]
    output = foidesk("explain", REFERENCE).output
    assert "recounted from Mon  1 Jul 2024 to Tue  2 Jul 2024: Monday 10 June 2024 is now a bank holiday in" in output


def test_a_closed_case_is_told_by_the_calendar_it_was_closed_by(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        outcome = Outcome.GRANTED
        close(session, desk, case, outcome, answered_on=MON_JUN_3, at=desk.now(), by="console")
    foidesk(*ADD_MON_JUN_10)
    found = told(foidesk)
    assert (found["due_on"], found["calendar_version"], found["state"]) == ("2024-07-01", "2026.1", "answered")


def test_what_was_struck_out_is_marked_and_not_counted(desk: Desk, extended: Case, foidesk: Foidesk) -> None:
    seq = int(seq_of(desk, extended, Kind.EXTENDED))
    with transaction(desk.engine) as session:
        strike_out(session, desk, extended, seq, "the wrong case", at=desk.now(), by="console")
    found = told(foidesk)
    assert found["due_on"] == "2024-07-01"
    assert [event["seq"] for event in found["events"] if event["struck_out"]] == [seq]
    output = foidesk("explain", REFERENCE).output
    assert "extended until Wed 31 Jul 2024: public interest (struck out)" in output
    assert f"struck out event {seq}: the wrong case" in output
    assert told(foidesk, "--after", str(seq))["due_on"] == "2024-07-31"


def test_corrections_are_told_with_what_they_came_to(sqlite_desk: Desk, sqlite_foidesk: Foidesk, time: Time) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
        time.pass_by(days=1)
        tue_jun_4, reasons = date(2024, 6, 4), {"reason": "misread"}
        establish_on(session, sqlite_desk, case, Kind.RECEIPT_CORRECTED, tue_jun_4, received_on="2024-05-31", **reasons)
        establish_on(
            session, sqlite_desk, case, Kind.REGIME_CHANGED, tue_jun_4, regime="EIR", matter="request", **reasons
        )
        establish_on(session, sqlite_desk, case, Kind.CLARIFICATION_SOUGHT, tue_jun_4)
    output = sqlite_foidesk("explain", REFERENCE).output
    assert "receipt corrected to Fri 31 May 2024: misread" in output
    assert "regime changed to EIR request: misread" in output
    assert "Due       no date: waiting for clarification" in output
    assert "clarification sought" in output.splitlines()[-1]
    assert "no date" in output.splitlines()[-1]


@pytest.mark.parametrize("written", [REFERENCE, " 01.foi.24.000001 ", "foi/24/1", "FOI/2024/000001"])
def test_a_reference_may_be_written_loosely(sqlite_desk: Desk, sqlite_foidesk: Foidesk, written: str) -> None:
    with transaction(sqlite_desk.engine) as session:
        open_a_case(session, sqlite_desk)
    assert sqlite_foidesk("explain", written).output.startswith(f"{REFERENCE}\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["01.FOI.24.000002"], "foidesk: There is no case 01.FOI.24.000002."),
        (["the \x1b[2Jone"], "foidesk: There is no case the  [2Jone."),
        ([REFERENCE, "--after", "99"], "has no entry 99 about its clock."),
        ([REFERENCE, "--after", "0"], "has no entry 0 about its clock."),
    ],
)
def test_what_there_is_not_is_one_sentence(
    sqlite_desk: Desk, sqlite_foidesk: Foidesk, words: list[str], sentence: str
) -> None:
    with transaction(sqlite_desk.engine) as session:
        open_a_case(session, sqlite_desk)
    result = sqlite_foidesk("explain", *words)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1

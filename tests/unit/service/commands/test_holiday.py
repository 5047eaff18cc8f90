"""`foidesk holiday`, as it is typed."""

import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.open_case import Request, open_case
from service.casework.recount import recount_some, to_recount
from service.desk import Desk
from service.domain.kind import Kind
from service.store.calendar_changes import change_log
from service.store.cases import case_by_id
from service.store.database import reading, transaction
from service.store.tables import Case, Letter
from tests.builders import an_officer, open_a_case
from tests.unit.service.commands.conftest import Foidesk, write_settings

MON_JUL_1, TUE_JUL_2 = date(2024, 7, 1), date(2024, 7, 2)
MON_JUN_10 = "2024-06-10"
A_WEDDING = ("add", MON_JUN_10, "--division", "england-and-wales", "--title", "A royal wedding")


def a_case_of_sams(session: Session, desk: Desk) -> Case:
    """Received on Monday 3 June 2024, so due on Monday 1 July."""
    case = open_a_case(session, desk)
    assign(session, desk, case, an_officer(session).id, at=desk.now(), by="console")
    return case


def many_cases(desk: Desk, number: int) -> None:
    with transaction(desk.engine) as session:
        for n in range(number):
            request = Request("H. Bell", "h.bell@example.com", f"Potholes {n}", desk.now(), "foi")
            open_case(session, desk, request, at=desk.now())


def due_on(desk: Desk, case: Case) -> date | None:
    with reading(desk.engine) as session:
        return case_by_id(session, case.id).due_on


def test_a_holiday_moves_the_open_cases_and_their_owners_are_written_to(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = a_case_of_sams(session, desk)
    result = foidesk("holiday", *A_WEDDING, "--proclaimed", "2024-06-05", "--source", "London Gazette", "--yes")
    assert result.exit_code == 0, result.output
    assert f"{case.reference}  Mon  1 Jul 2024 -> Tue  2 Jul 2024  Sam Okoro" in result.output
    assert "1 open case would move." in result.output
    assert "1 open case counted anew, 1 moved; their owners are written to." in result.output
    assert due_on(desk, case) == TUE_JUL_2
    with reading(desk.engine) as session:
        [change] = change_log(session)
        letters = session.exec(select(Letter).where(Letter.kind == "moved")).all()
    assert (change.made_by, change.proclaimed_on, change.source) == ("console", date(2024, 6, 5), "London Gazette")
    assert [letter.recipient_address for letter in letters] == ["sam@anytown.example"]


def test_a_withdrawn_holiday_moves_them_back(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
    foidesk("holiday", *A_WEDDING, "--yes")
    gone = ("holiday", "withdraw", MON_JUN_10, "--division", "ENG", "--reason", "It was called off")
    result = foidesk(*gone, "--yes")
    assert "- 2024-06-10  Monday, England and Wales: A royal wedding (added at this desk on " in result.output
    assert "Tue  2 Jul 2024 -> Mon  1 Jul 2024  nobody's yet" in result.output
    assert due_on(desk, case) == MON_JUL_1
    assert "is no holiday in England and Wales, so there is none to withdraw." in foidesk(*gone, "--yes").stderr


def test_a_dry_run_shows_the_same_and_changes_nothing(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = a_case_of_sams(session, desk)
    result = foidesk("holiday", *A_WEDDING, "--dry-run")
    assert f"{case.reference}  Mon  1 Jul 2024 -> Tue  2 Jul 2024  Sam Okoro" in result.output
    assert "nothing has been changed" in result.output
    assert case.subject not in result.output
    assert due_on(desk, case) == MON_JUL_1
    with reading(desk.engine) as session:
        assert not change_log(session)


@pytest.mark.parametrize(("answer", "due"), [("n\n", MON_JUL_1), ("", MON_JUL_1), ("y\n", TUE_JUL_2)])
def test_without_yes_it_asks_first(sqlite_desk: Desk, sqlite_foidesk: Foidesk, answer: str, due: date) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
    result = sqlite_foidesk("holiday", *A_WEDDING, typed=answer)
    assert "Change the calendar and count the open cases anew?" in result.output
    assert result.exit_code == (0 if answer == "y\n" else 1)
    assert due_on(sqlite_desk, case) == due


def test_uk_is_all_three_divisions_and_one_named_twice_is_added_once(
    sqlite_desk: Desk, sqlite_foidesk: Foidesk
) -> None:
    words = ("add", MON_JUN_10, "--division", "uk", "--division", "SCT", "--title", "A royal wedding", "--yes")
    assert sqlite_foidesk("holiday", *words).exit_code == 0
    with reading(sqlite_desk.engine) as session:
        assert sorted(row.division for row in change_log(session)) == ["ENG", "NIR", "SCT"]


def test_when_one_of_several_divisions_has_it_already_none_is_added(sqlite_desk: Desk, sqlite_foidesk: Foidesk) -> None:
    sqlite_foidesk("holiday", *A_WEDDING, "--yes")
    result = sqlite_foidesk("holiday", "add", MON_JUN_10, "--division", "uk", "--title", "A royal wedding", "--yes")
    assert "Monday 10 June 2024 is a holiday in England and Wales already" in result.stderr
    with reading(sqlite_desk.engine) as session:
        assert len(change_log(session)) == 1


def test_a_case_whose_history_does_not_fit_is_named_and_keeps_its_date(
    sqlite_desk: Desk, sqlite_foidesk: Foidesk
) -> None:
    particulars = {"until": TUE_JUL_2.isoformat(), "reason": "the public interest"}
    with transaction(sqlite_desk.engine) as session:
        case = a_case_of_sams(session, sqlite_desk)
        extended = ClockFact(Kind.EXTENDED, date(2024, 6, 3), particulars)
        establish(session, sqlite_desk, case, extended, at=sqlite_desk.now(), by="console")
    result = sqlite_foidesk("holiday", *A_WEDDING, "--yes")
    assert (
        f"{case.reference}  Tue  2 Jul 2024 stays: Tuesday 2 July 2024 is no later than the deadline" in result.output
    )
    assert "0 open cases would move." in result.output
    assert "The history of 1 open case does not fit" in result.output
    assert "1 open case counted anew, 0 moved, 1 did not fit the new calendar" in result.output
    assert due_on(sqlite_desk, case) == TUE_JUL_2


def test_the_first_fifty_moves_are_listed_and_all_when_asked(sqlite_desk: Desk, sqlite_foidesk: Foidesk) -> None:
    many_cases(sqlite_desk, 53)
    short = sqlite_foidesk("holiday", *A_WEDDING, "--dry-run").output
    assert short.count(" -> ") == 50
    assert "53 open cases would move. 3 of them are not listed; --all lists them." in short
    whole = sqlite_foidesk("holiday", *A_WEDDING, "--dry-run", "--all").output
    assert whole.count(" -> ") == 53
    assert "not listed" not in whole


def test_broken_off_it_says_so_and_the_timetable_finishes(sqlite_desk: Desk, sqlite_url: str, tmp_path: Path) -> None:
    many_cases(sqlite_desk, 3000)
    config = write_settings(tmp_path, sqlite_url)
    typed = [sys.executable, "-m", "service", "--config", str(config), "holiday", *A_WEDDING, "--yes"]
    # So that we are quicker with the signal than it is with its work; and what a shell starts in the background is deaf
    # to the signal, and so would be what we start.
    typed = ["env", "--default-signal=INT", "nice", "-n", "19", *typed]
    with subprocess.Popen(typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        before = next(line for line in process.stdout if "now counts by" in line)
        os.kill(process.pid, signal.SIGINT)
        said, troubles = process.stdout.read(), process.stderr.read()
    assert "2026.1+1" in before
    assert process.returncode == 130, said + troubles
    assert "Broken off: " in said and "counts the rest by itself" in said
    assert "Traceback" not in troubles
    with transaction(sqlite_desk.engine) as session:
        assert to_recount(session, sqlite_desk) >= 1
    done = 1
    while done:
        with transaction(sqlite_desk.engine) as session:
            done = recount_some(session, sqlite_desk, at=sqlite_desk.now()).done
    with reading(sqlite_desk.engine) as session:
        assert {case.due_on for case in session.exec(select(Case))} == {TUE_JUL_2}


def test_the_list_says_where_each_holiday_comes_from(sqlite_desk: Desk, sqlite_foidesk: Foidesk) -> None:
    sqlite_foidesk("holiday", *A_WEDDING, "--proclaimed", "2024-06-05", "--yes")
    lines = sqlite_foidesk("holiday", "list", "--year", "2024").output.splitlines()
    added = next(line for line in lines if line.startswith("2024-06-10 Mon  England and Wales"))
    assert re.search(r"A royal wedding .*proclaimed Wednesday 5 June 2024; added [-0-9]+ [:0-9]+ by the command", added)
    good_friday = "2024-03-29 Fri  Scotland           Good Friday"
    assert any(line.startswith(good_friday) and line.endswith("shipped with 2026.1") for line in lines)
    assert all(line.startswith("2024-") for line in lines)
    assert "no bank holiday in the calendar for 1999" in sqlite_foidesk("holiday", "list", "--year", "1999").output


def test_words_cannot_command_the_terminal(sqlite_desk: Desk, sqlite_foidesk: Foidesk) -> None:
    hostile = ("add", MON_JUN_10, "--division", "SCT", "--title", "A\x1b[2Jwedding", "--source", "x\ny", "--yes")
    sqlite_foidesk("holiday", *hostile)
    [line] = [row for row in sqlite_foidesk("holiday", "list").output.splitlines() if row.startswith(MON_JUN_10)]
    assert re.search(r"  A \[2Jwedding +x y  ", line)


@pytest.mark.parametrize(
    ("words", "sentence", "code"),
    [
        (["2024-06-08", "--division", "SCT", "--title", "X"], "Saturday 8 June 2024 is no working day anyway", 1),
        (["2024-03-29", "--division", "SCT", "--title", "X"], "is a holiday in Scotland already: Good Friday", 1),
        ([MON_JUN_10, "--division", "SCT", "--title", "X", "--proclaimed", "2199-01-01"], "still to come", 1),
        (["2024-06-31", "--division", "SCT", "--title", "X"], "'2024-06-31' is not a date", 2),
        (["2024-06-10T10:00", "--division", "SCT", "--title", "X"], "is not a day; say 2027-06-11", 2),
        ([MON_JUN_10, "--division", "SCT", "--title", "X", "--proclaimed", "lately"], "'lately' is not a date", 2),
        ([MON_JUN_10, "--division", "wales", "--title", "X"], "'wales' is not one of 'england-and-wales'", 2),
        ([MON_JUN_10, "--division", "SCT", "--title", " "], "say what the holiday is called", 2),
        ([MON_JUN_10, "--title", "X"], "Missing option '--division'", 2),
    ],
)
def test_what_cannot_be_added_is_refused_in_a_sentence(
    sqlite_desk: Desk, sqlite_foidesk: Foidesk, words: list[str], sentence: str, code: int
) -> None:
    result = sqlite_foidesk("holiday", "add", *words, "--yes")
    assert result.exit_code == code, result.output
    assert sentence in result.stderr
    assert result.stdout == ""
    with reading(sqlite_desk.engine) as session:
        assert not change_log(session)

"""`foidesk calendar`, as it is typed."""

from datetime import date
from pathlib import Path

import pytest

from service.desk import Desk
from service.domain.calendars import load_calendars
from service.domain.working_days import Division
from service.store.calendar_changes import change_log
from service.store.cases import case_by_id
from service.store.database import reading, transaction
from tests.builders import open_a_case
from tests.unit.service.commands.conftest import Foidesk
from tests.unit.service.domain.published_files import a_file, as_held

MON_JUN_10_2024, TUE_JUL_2_2024 = date(2024, 6, 10), date(2024, 7, 2)
CHRISTMAS_2029 = date(2029, 12, 25)
Parts = dict[Division, dict[date, str]]


@pytest.fixture
def parts() -> Parts:
    """What gov.uk's file said when the calendar was shipped, to be changed by the test."""
    return as_held(load_calendars(), 2022, 2028)


def saved(folder: Path, parts: Parts) -> str:
    path = folder / "bank-holidays.json"
    path.write_bytes(a_file(parts))
    return str(path)


def test_an_update_changes_what_differs_and_moves_the_cases(
    desk: Desk, foidesk: Foidesk, parts: Parts, tmp_path: Path
) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)  # received on Monday 3 June 2024
    parts[Division.ENG][MON_JUN_10_2024] = "A royal wedding"
    del parts[Division.SCT][date(2028, 11, 30)]
    for titles in parts.values():
        titles[CHRISTMAS_2029] = "Christmas Day"
    result = foidesk("calendar", "update", saved(tmp_path, parts), "--yes")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[:7] == [
        "+ 2024-06-10  Monday, England and Wales: A royal wedding",
        "- 2028-11-30  Thursday, Scotland: St Andrew’s Day",
        "+ 2029-12-25  Tuesday, England and Wales: Christmas Day",
        "+ 2029-12-25  Tuesday, Northern Ireland: Christmas Day",
        "+ 2029-12-25  Tuesday, Scotland: Christmas Day",
        "> horizon Monday 31 December 2029: bank holidays are known until then",
        f"{case.reference}  Mon  1 Jul 2024 -> Tue  2 Jul 2024  nobody's yet",
    ]
    assert "1 open case counted anew, 1 moved" in result.output
    with reading(desk.engine) as session:
        assert case_by_id(session, case.id).due_on == TUE_JUL_2_2024
        assert desk.almanac.refresh(session).horizon == date(2029, 12, 31)
    again = foidesk("calendar", "update", saved(tmp_path, parts), "--yes")
    assert "The file changes nothing: calendar 2026.1+6 agrees with it." in again.output


def test_a_file_that_agrees_with_the_calendar_changes_nothing_and_asks_nothing(
    sqlite_foidesk: Foidesk, parts: Parts, tmp_path: Path
) -> None:
    result = sqlite_foidesk("calendar", "update", saved(tmp_path, parts))
    assert result.exit_code == 0
    assert result.output == "The file changes nothing: calendar 2026.1 agrees with it.\n"


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_without_a_yes_nothing_is_changed(
    sqlite_desk: Desk, sqlite_foidesk: Foidesk, parts: Parts, tmp_path: Path, words: list[str]
) -> None:
    parts[Division.SCT][MON_JUN_10_2024] = "A royal wedding"
    result = sqlite_foidesk("calendar", "update", saved(tmp_path, parts), *words, typed="n\n")
    assert "+ 2024-06-10  Monday, Scotland: A royal wedding" in result.output
    assert "othing has been changed." in result.output
    with reading(sqlite_desk.engine) as session:
        assert not change_log(session)


def test_a_holiday_of_our_own_that_the_file_lacks_is_marked(
    sqlite_foidesk: Foidesk, parts: Parts, tmp_path: Path
) -> None:
    sqlite_foidesk("holiday", "add", "2024-06-10", "--division", "SCT", "--title", "A royal wedding", "--yes")
    output = sqlite_foidesk("calendar", "update", saved(tmp_path, parts), "--dry-run").output
    assert "- 2024-06-10  Monday, Scotland: A royal wedding (added at this desk on " in output


def test_what_is_passed_over_is_said(sqlite_foidesk: Foidesk, parts: Parts, tmp_path: Path) -> None:
    parts[Division.SCT][date(2024, 11, 30)] = "St Andrew’s Day"
    output = sqlite_foidesk("calendar", "update", saved(tmp_path, parts)).output
    assert "Passed over: St Andrew’s Day in Scotland on Saturday 30 November 2024 is at a weekend" in output
    assert "The file changes nothing" in output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "foidesk: The file of bank holidays cannot be used: line 1 is no JSON"),
        (b'{"scotland": {}}', 'it has no part "england-and-wales", "northern-ireland".'),
        (b" " * 5_000_001, "it is larger than 5,000,000 bytes."),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(
    sqlite_foidesk: Foidesk, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "holidays.json"
    path.write_bytes(content)
    result = sqlite_foidesk("calendar", "update", str(path), "--yes")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there_is_refused(sqlite_foidesk: Foidesk, tmp_path: Path) -> None:
    result = sqlite_foidesk("calendar", "update", str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_it_shows_its_version_its_horizon_and_who_changed_what(
    sqlite_foidesk: Foidesk, parts: Parts, tmp_path: Path
) -> None:
    before = sqlite_foidesk("calendar", "show").output
    assert "Version  2026.1\n" in before
    assert "Horizon  Sunday 31 December 2028" in before
    assert "Nothing has been changed since it was shipped." in before
    for titles in parts.values():
        titles[CHRISTMAS_2029] = "Christmas Day"
    sqlite_foidesk("calendar", "update", saved(tmp_path, parts), "--yes")
    sqlite_foidesk("holiday", "withdraw", "2029-12-25", "--division", "SCT", "--reason", "Called off", "--yes")
    after = sqlite_foidesk("calendar", "show").output
    assert "Version  2026.1+5\n" in after
    assert "+ 2029-12-25  England and Wales  Christmas Day; gov.uk/bank-holidays" in after
    assert "> 2029-12-31  horizon" in after
    assert "- 2029-12-25  Scotland           Called off" in after
    assert after.count("by the command line") == 5

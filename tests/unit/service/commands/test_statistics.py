"""`foidesk statistics`, as it is typed."""

import json
from errno import ENOSPC
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.desk import Desk
from service.store.database import transaction
from tests.builders import open_a_case
from tests.unit.service.commands.conftest import Foidesk

ASKED = ("statistics", "--quarter", "2024Q2", "--as-at", "2024-06-30")


def test_a_quarter_is_told_for_people_and_programs(desk: Desk, foidesk: Foidesk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
    told = foidesk(*ASKED)
    assert told.exit_code == 0, told.output
    assert "requests received from Monday 1 April 2024 to Sunday 30 June 2024" in told.output
    assert " 1  code.1" in told.output
    found = json.loads(foidesk(*ASKED, "--json").output)
    assert found["tables"][0]["figures"][0]["references"] == [case.reference]
    assert found["as_at"] == "2024-06-30"
    assert case.reference not in foidesk(*ASKED, "--json", "--to-publish").output


def test_a_file_is_written_by_its_ending(sqlite_desk: Desk, sqlite_foidesk: Foidesk, tmp_path: Path) -> None:
    with transaction(sqlite_desk.engine) as session:
        open_a_case(session, sqlite_desk)
    for name in ("q2.csv", "q2.xlsx", "q2.json"):
        result = sqlite_foidesk(*ASKED, "--out", str(tmp_path / name))
        assert result.output.startswith(f"Wrote {tmp_path / name}: requests received from")
    assert "code.1,Requests received,1," in (tmp_path / "q2.csv").read_text(encoding="utf-8-sig")
    assert load_workbook(tmp_path / "q2.xlsx").sheetnames == ["2024Q2"]


def test_a_full_disk_costs_no_earlier_file(
    sqlite_foidesk: Foidesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "q2.csv").write_text("as published")

    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    result = sqlite_foidesk(*ASKED, "--out", str(tmp_path / "q2.csv"))
    assert (result.exit_code, "No space left on device" in " ".join(result.output.split())) == (1, True)
    assert (tmp_path / "q2.csv").read_text() == "as published"
    assert sorted(path.name for path in tmp_path.glob("*q2*")) == ["q2.csv"]


def test_what_cannot_be_done_is_said_in_a_sentence(sqlite_foidesk: Foidesk, tmp_path: Path) -> None:
    for words, code, said in (
        (("--quarter", "2024"), 1, "'2024' is no quarter; write one as 2026Q3."),
        (("--quarter", "2024Q2", "--as-at", "2024-03-31"), 1, "as at Monday 1 April 2024, when it began"),
        (("--quarter", "2024Q2", "--as-at", "June"), 2, "'June' is not a date"),
        (("--quarter", "2024Q2", "--out", "q2.doc"), 2, "must end in .csv, .xlsx or .json"),
        (("--quarter", "2024Q2", "--out", str(tmp_path / "no" / "q2.csv")), 1, "cannot be written: No such file"),
    ):
        result = sqlite_foidesk("statistics", *words)
        assert result.exit_code == code, words
        assert said in " ".join(result.output.split()), words

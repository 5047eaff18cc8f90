"""`foidesk scan-file`, as it is typed."""

import json
from pathlib import Path

from tests.unit.service.commands.conftest import Foidesk
from tests.unit.service.release.samples import a_workbook


def hidden() -> bytes:
    return a_workbook(lambda book: setattr(book.create_sheet("Pay"), "sheet_state", "veryHidden"))


def test_a_clean_file_ends_with_0(foidesk: Foidesk, tmp_path: Path) -> None:
    path = tmp_path / "trees.xlsx"
    path.write_bytes(a_workbook())
    result = foidesk("scan-file", str(path))
    assert (result.exit_code, result.output) == (0, f"{path}: nothing found\n")


def test_what_is_found_stands_in_a_table_and_ends_with_1(foidesk: Foidesk, tmp_path: Path) -> None:
    clean, bad = tmp_path / "trees.xlsx", tmp_path / "pay.xlsx"
    clean.write_bytes(a_workbook())
    bad.write_bytes(hidden())
    result = foidesk("scan-file", str(clean), str(bad))
    assert result.exit_code == 1
    assert '!  hidden sheet  Sheet "Pay"  The sheet is hidden' in result.output


def test_the_same_as_json(foidesk: Foidesk, tmp_path: Path) -> None:
    path = tmp_path / "pay.xlsx"
    path.write_bytes(hidden())
    result = foidesk("scan-file", "--json", str(path))
    assert result.exit_code == 1
    (one,) = json.loads(result.output)[str(path)]
    assert (one["kind"], one["place"], one["serious"]) == ("hidden sheet", 'Sheet "Pay"', True)


def test_what_is_not_there_is_named_and_ends_with_2_and_the_others_are_looked_into(
    foidesk: Foidesk, tmp_path: Path
) -> None:
    path = tmp_path / "trees.xlsx"
    path.write_bytes(a_workbook())
    result = foidesk("scan-file", str(tmp_path / "none.csv"), str(path), str(tmp_path))
    assert result.exit_code == 2
    assert f"{path}: nothing found" in result.output
    assert "none.csv cannot be read: No such file or directory" in result.output
    assert f"{tmp_path} cannot be read: it is a folder" in result.output


def test_a_file_that_cannot_be_judged_is_found_and_not_refused(foidesk: Foidesk, tmp_path: Path) -> None:
    path = tmp_path / "trees.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    result = foidesk("scan-file", str(path))
    assert result.exit_code == 1
    assert "cannot be looked into" in result.output

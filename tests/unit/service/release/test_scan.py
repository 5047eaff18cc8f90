"""The child that looks into files: its limits hold, and whatever becomes of it, something is told."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from service.release.found import Found
from service.release.scan import Limits, scan, serious
from tests.unit.service.release.samples import a_pdf, a_workbook, with_parts, zipped


def a_hidden_sheet() -> bytes:
    return a_workbook(lambda book: setattr(book.create_sheet("Pay"), "sheet_state", "hidden"))


def test_a_file_is_looked_into_in_a_child_and_what_it_hides_comes_back() -> None:
    (one,) = scan("trees.xlsx", a_hidden_sheet())
    assert one == Found("hidden sheet", "The sheet is hidden, with 0 filled cells.", 'Sheet "Pay"')
    assert serious((one,)) and not serious(())
    assert scan("trees.xlsx", a_workbook()) == ()


def test_serious_things_come_first() -> None:
    text = "BT /F1 12 Tf 72 720 Td (Ring 020 7946 0123) Tj ET"
    told = scan("letter.pdf", a_pdf(text, trailer="/Info << /Title (Trees) /Author (Ann) >>"))
    assert [one.serious for one in told] == [True, False, False]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(memory_mb=120), "too much memory"),
        (Limits(cpu_seconds=1), "takes too long"),
        (Limits(wall_seconds=0.05), "takes too long"),
    ],
)
def test_what_takes_too_much_is_told_as_found(limits: Limits, words: str) -> None:
    strings = "".join(f"<si><t>{number:060d}</t></si>" for number in range(700_000))
    large = with_parts(a_workbook(), {"xl/sharedStrings.xml": f"<sst>{strings}</sst>"})
    (one,) = scan("trees.xlsx", large, limits)
    assert one.kind == "cannot be looked into" and words in one.sentence and one.serious


def test_a_bomb_of_a_picture_and_of_a_zip_end_within_their_limits() -> None:
    began = time.monotonic()
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG")
    told = scan("bomb.png", target.getvalue(), Limits(memory_mb=600))
    assert [one.kind for one in told] in (["cannot be looked into"], [])
    (*_, last) = scan("bomb.zip", zipped({"bomb.bin": bytes(201_000_000)}), Limits(memory_mb=600))
    assert last.kind == "cannot be looked into"
    assert time.monotonic() - began < 60


def test_a_hostile_name_is_only_a_name() -> None:
    assert scan("a\n{}\x00\ud800'; $(reboot).csv", b"ward,felled\nNorth,12\n") == ()


def test_a_killed_child_is_told_as_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub = tmp_path / "python"
    stub.write_text("#!/bin/sh\nkill -9 $$\n")
    stub.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(stub))
    (one,) = scan("trees.csv", b"x")
    assert one.kind == "cannot be looked into"


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    stub = tmp_path / "python"
    stub.write_text(f"#!/bin/sh\nenv > {seen}\n")
    stub.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(stub))
    monkeypatch.setitem(os.environ, "FOIDESK_SMTP__PASSWORD", "secret")
    (one,) = scan("trees.csv", b"x")
    assert one.kind == "cannot be looked into"
    assert "secret" not in seen.read_text()

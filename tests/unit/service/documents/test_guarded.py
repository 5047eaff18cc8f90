"""Letters that came with a mail are read in a child: their words come back, and nothing that is not a letter's."""

from pathlib import Path

import pytest

from service.documents import guarded
from service.documents.guarded import words_of_letter


def test_the_words_of_a_letter_come_back() -> None:
    assert words_of_letter("Dear Ms Bell, we refuse – sorry.".encode()) == "Dear Ms Bell, we refuse – sorry."


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 no archive", b"%PDF-1.7 cut off"])
def test_what_cannot_be_read_has_no_words(content: bytes) -> None:
    assert words_of_letter(content) == ""


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(guarded, "_PROGRAM", "import time; time.sleep(30)")
    monkeypatch.setattr(guarded, "WALL_SECONDS", 0.2)
    assert words_of_letter(b"Dear Ms Bell") == ""
    assert tmp_path

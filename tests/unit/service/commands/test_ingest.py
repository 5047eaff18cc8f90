"""Mail from files: at the pace that the administrator allows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from mail.archive import ArchivedMail
from service.__main__ import main
from service.commands.ingest import paced

MAILS = [ArchivedMail(f"{number}.eml", number, b"", datetime(2024, 6, 3, tzinfo=UTC)) for number in range(5)]


def test_a_rehearsal_passes_over_no_fault_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.eml").write_bytes(b"From: a@example.com\n\nHow many bins have you got?\n")
    (tmp_path / "foidesk.toml").write_text('[database]\nurk = "sqlite:///var/foidesk.db"\n')
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["ingest", "1.eml", "--dry-run"])
    assert told.exit_code == 1
    assert "database.urk" in told.output


class Clock:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now = 100.0

    def pause(self, seconds: float) -> None:
        self.now += seconds


def test_a_bound_spreads_mails_evenly_and_takes_the_first_at_once() -> None:
    clock, taken = Clock(), list[float]()
    for mail in paced(MAILS, 30, lambda: clock.now, clock.pause):
        taken.append(clock.now)
        clock.now += 0.5 if mail.number else 5.0  # the first takes longer than its share, the next need not hurry
    assert taken == [100, 105, 107, 109, 111]


def test_without_a_bound_nothing_waits() -> None:
    clock = Clock()
    assert list(paced(MAILS, None, lambda: clock.now, clock.pause)) == MAILS
    assert clock.now == 100

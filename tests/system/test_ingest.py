"""`foidesk ingest`: mail from files, tried first and then taken in once."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.system.installation import Installation

CORPUS = Path(__file__).parents[1] / "corpus"
KEYS = ["file", "action", "acknowledge", "subject", "from", "attachments", "received_at", "reason"]
MACHINES = {"bounce", "auto-reply-ignore", "junk", "duplicate-ignore", "quarantine"}


def _ingested(desk: Installation, *words: str) -> list[dict[str, Any]]:
    done = desk.run("ingest", str(CORPUS), "--json", *words)
    assert done.returncode == 0, done.stderr
    assert "Reading" in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _counts(desk: Installation) -> list[str]:
    report = desk.status()
    return [json.dumps(report[part]) for part in ("unread_mail", "mail_to_sort", "letters")]


def test_a_dry_run_needs_no_settings_and_keeps_nothing(bare: Installation) -> None:
    rows = _ingested(bare, "--dry-run")
    assert sorted(row["file"] for row in rows) == sorted(path.name for path in CORPUS.glob("*.eml"))
    for row in rows:
        assert list(row) == KEYS
        assert datetime.fromisoformat(row["received_at"]).tzinfo is not None
        assert row["action"]
        assert not (row["acknowledge"] and row["action"] in MACHINES), row
    assert any(row["acknowledge"] for row in rows)
    assert {row["action"] for row in rows} >= {"new-case", "bounce", "auto-reply-ignore"}
    assert list(bare.folder.iterdir()) == []


def test_a_second_run_adds_nothing(desk: Installation) -> None:
    assert desk.run("migrate").returncode == 0
    tried = _ingested(desk, "--dry-run")
    empty = _counts(desk)
    first = _ingested(desk)
    assert [row["action"] for row in first] == [row["action"] for row in tried]
    assert [row["file"] for row in first if row["acknowledge"]] == []  # an import is silent
    filled = _counts(desk)
    assert filled != empty
    assert _ingested(desk) == first
    assert _counts(desk) == filled

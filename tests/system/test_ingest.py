"""`foidesk ingest`: mail from files, tried first and then taken in once."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from service.store.database import open_engine
from tests.system.installation import Installation

CORPUS = Path(__file__).parents[1] / "corpus"
KEYS = ["file", "action", "acknowledge", "subject", "from", "attachments", "received_at", "reason"]
MACHINES = {"bounce", "auto-reply-ignore", "junk", "duplicate-ignore", "quarantine"}


def _ingested(desk: Installation, *words: str) -> list[dict[str, Any]]:
    done = desk.run("ingest", str(CORPUS), "--json", *words)
    assert done.returncode == 0, done.stderr
    assert "Reading" in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _rows(desk: Installation) -> list[int]:
    """How many of everything there is."""
    engine = open_engine(f"sqlite:///{desk.folder / 'var' / 'foidesk.db'}")
    with engine.connect() as connection:
        tables = ("foi_case", "case_event", "post", "message", "attachment", "letter", "stored_chunk")
        found = [int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()) for table in tables]
    engine.dispose()
    return found


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
    assert [*bare.folder.iterdir(), *bare.temporary.iterdir()] == []


def test_a_second_run_adds_nothing(desk: Installation) -> None:
    first = _ingested(desk)
    assert [row["file"] for row in first if row["acknowledge"]] == []  # an import is silent
    filled = _rows(desk)
    assert filled[2] == len(first)
    assert _ingested(desk) == first
    assert _rows(desk) == filled

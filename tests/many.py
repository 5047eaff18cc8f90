"""Open cases by the thousand, as rows alone: for lists and counts, which replay no history."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from sqlmodel import Session

from service.store.tables import Case


def open_rows(
    session: Session, number: int, *, due_on: date | None, first: int = 500_000, **changes: object
) -> list[str]:
    """Add open cases of Harriet Bell's due on a day, changed as told; returns their references."""
    received_on = (due_on or date(2024, 6, 3)) - timedelta(days=28)
    row: dict[str, object] = {
        "kind": "FOI",
        "year": 2024,
        "account": "foi",
        "subject": "Pothole repairs",
        "requester_name": "Harriet Bell",
        "requester_address": "h.bell@example.com",
        "requester_key": "h.bell@example.com",
        "received_at": datetime.combine(received_on, datetime.min.time(), UTC),
        "received_on": received_on,
        "regime": "FOIA",
        "matter": "request",
        "due_on": due_on,
        "prudent_due_on": due_on,
        "provisional": False,
        "calendar_version": "",
        "uncountable_by": "",
        "untold": False,
        "clock_state": "running" if due_on else "waiting for clarification",
        "stopped_on": None if due_on else received_on,
        "stage": "drafting",
        "owner_id": None,
        "outcome": "",
    } | changes
    references = [f"01.FOI.24.{first + n:06d}" for n in range(number)]
    rows = [row | {"reference": reference, "number": first + n} for n, reference in enumerate(references)]
    session.connection().execute(insert(Case), rows)
    return references

"""Letters in the outbox of a test's desk: put there, looked at again, and desks whose settings differ."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from service.desk import Desk
from service.store.case_files import add_letter_file
from service.store.correspondence import add_letter
from service.store.database import reading, transaction
from service.store.originals import keep
from service.store.tables import Letter
from tests.conftest import council_settings

_numbers = count(1)


def write(desk: Desk, **changes: Any) -> int:
    """Put a letter into the outbox; gives its key."""
    number = next(_numbers)
    words: dict[str, Any] = {
        "kind": "acknowledgement",
        "recipient_name": "Harriet Bell",
        "recipient_address": "h.bell@example.com",
        "recipient_key": "h.bell@example.com",
        "subject": f"[01.FOI.24.00000{number}] Acknowledgement: Potholes",
        "body": "Dear Harriet Bell,\n\n.Thank you.\n",
        "message_id": f"<acknowledgement.{number}.0123456789abcdef0123@anytown.example>",
        "automatic": "auto-replied",
        "created_at": desk.now(),
    }
    with transaction(desk.engine) as session:
        return add_letter(session, Letter(**(words | changes))).id


def enclose(desk: Desk, letter_id: int, name: str, content: bytes) -> None:
    """Put a file into a letter that waits."""
    with transaction(desk.engine) as session:
        sha256 = keep(session, content)
        add_letter_file(session, letter_id, 0, name=name, content_type="text/csv", size=len(content), sha256=sha256)


def letter(desk: Desk, letter_id: int) -> Letter:
    with reading(desk.engine) as session:
        return session.get_one(Letter, letter_id)


def changed(desk: Desk, tmp_path: Path, **sections: dict[str, Any]) -> Desk:
    return replace(desk, settings=council_settings(tmp_path, **sections))

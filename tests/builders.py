"""Believable post and cases, a line each."""

from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any

from sqlmodel import Session

from service.casework.receive import receive
from service.desk import Desk
from service.domain.message import Address, IncomingMessage, Unreadable
from service.store.cases import case_by_id
from service.store.correspondence import STORED
from service.store.officers import add_officer
from service.store.originals import keep
from service.store.tables import Case, Officer, Post

_numbers = count(1)
HARRIET = Address("Harriet Bell", "h.bell@example.com")


def a_message(**changes: object) -> IncomingMessage:
    """A request for information from Harriet Bell, changed as told."""
    number = next(_numbers)
    words: dict[str, object] = {
        "message_id": f"<{number}@example.com>",
        "subject": "Pothole repairs",
        "sender": HARRIET,
        "text": f"How many potholes were repaired? ({number})",
        "to": (Address("", "foi@anytown.example"),),
    }
    return IncomingMessage(**(words | changes))  # type: ignore[arg-type]


FORWARDED = """Hi, I think this is one for you. Sorry for the delay.

From: Harriet Bell <h.bell@example.com>
Sent: 17 May 2024 16:02
To: Planning
Subject: Potholes in Mill Lane

How many potholes were filled in Mill Lane in 2023?"""


def a_forward(**changes: object) -> IncomingMessage:
    """A request of Harriet Bell's that a colleague passes on, changed as told."""
    colleague = Address("Bob Jones", "bob.jones@planning.anytown.example")
    words: dict[str, object] = {"sender": colleague, "subject": "FW: Potholes in Mill Lane", "text": FORWARDED}
    return a_message(**(words | changes))


def stored_post(session: Session, *, received_at: datetime, raw: bytes | None = None, **changes: Any) -> Post:
    """A mail as the poller stores it."""
    number = next(_numbers)
    content = raw if raw is not None else f"mail {number}".encode()
    words: dict[str, Any] = {
        "account": "foi",
        "folder": "INBOX",
        "uidvalidity": 1,
        "uid": number,
        "received_at": received_at,
        "size": len(content),
        "sha256": keep(session, content),
        "state": STORED,
        "stored_at": received_at,
    }
    post = Post(**(words | changes))
    session.add(post)
    session.flush()
    return post


def arrive(
    session: Session,
    desk: Desk,
    message: IncomingMessage | Unreadable | None = None,
    *,
    received_at: datetime | None = None,
) -> Post:
    """Receive a message as the desk does once it has been read; returns its mail, settled."""
    read = message or a_message()
    post = stored_post(session, received_at=received_at or desk.now())
    key = sha256(repr(read).encode()).hexdigest()
    receive(session, desk, post, read, key, at=desk.now())
    return post


def open_a_case(
    session: Session, desk: Desk, message: IncomingMessage | None = None, *, received_at: datetime | None = None
) -> Case:
    """The case that a request opens."""
    post = arrive(session, desk, message, received_at=received_at)
    assert post.case_id is not None, post.reason
    return case_by_id(session, post.case_id)


def an_officer(session: Session, name: str = "Sam Okoro", role: str = "officer") -> Officer:
    """A member of the team."""
    email = f"{name.split(maxsplit=1)[0].lower()}@anytown.example"
    created_at = datetime(2024, 1, 2, tzinfo=UTC)
    return add_officer(session, Officer(email=email, name=name, role=role, password_hash="", created_at=created_at))

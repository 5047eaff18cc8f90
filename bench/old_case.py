"""One case that has been argued over for years: the longest page of a made-up authority."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel, col, select

from service.domain.history import CaseEvent
from service.domain.kind import Kind
from service.domain.stage import Stage
from service.store.cases import append_events
from service.store.database import transaction
from service.store.tables import Case, Consultation, Letter, Message, MessageBody, QuestionRow

NOTES, MAILS, QUESTIONS, CONSULTED = 400, 150, 40, 30
PARAGRAPH = "You still have not told me what was spent, in which year, on whose word and out of which budget. "


def grow_old(engine: Engine, now: datetime) -> str:
    """Give the newest case that is being drafted what years of letters leave behind; gives its reference."""
    with transaction(engine) as session:
        wanted = select(Case).where(col(Case.stage) == Stage.DRAFTING.value).order_by(col(Case.id).desc())
        case = session.exec(wanted).first()
        if case is None:
            raise SystemExit("No case of this authority is being drafted.")
        moments = [now - timedelta(hours=n + 1) for n in range(NOTES)]
        notes = [(case.id, CaseEvent(Kind.NOTED, at, "officer:2", {"text": PARAGRAPH})) for at in reversed(moments)]
        append_events(session, notes, now)
        for kind, rows in _papers(session, case, now):
            session.connection().execute(insert(kind), list(rows))
        return case.reference


def _papers(session: Session, case: Case, now: datetime) -> Iterator[tuple[type[SQLModel], list[dict[str, Any]]]]:
    last = max(
        session.exec(select(col(kind.id)).order_by(col(kind.id).desc())).first() or 0 for kind in (Message, Letter)
    )
    keys = range(last + 1, last + 1 + MAILS)
    at = [now - timedelta(hours=5 * n + 2) for n in range(MAILS)]
    who = {"subject": f"Re: {case.subject}", "sender_name": case.requester_name}
    yield (
        Message,
        [
            who
            | {
                "id": key,
                "case_id": case.id,
                "direction": "in",
                "message_id": f"<old{key}@example.com>",
                "sender_address": case.requester_address,
                "at": moment,
                "reply_address": case.requester_address,
            }
            for key, moment in zip(keys, at, strict=True)
        ],
    )
    yield MessageBody, [{"message_id": key, "text": PARAGRAPH * 12} for key in keys]
    yield (
        Letter,
        [
            {
                "id": key,
                "case_id": case.id,
                "kind": "reply",
                "recipient_name": case.requester_name,
                "recipient_address": case.requester_address,
                "recipient_key": case.requester_key,
                "subject": f"{case.reference}: {case.subject}",
                "body": PARAGRAPH * 6,
                "message_id": f"<old-l{key}@anytown.example>",
                "state": "sent",
                "created_at": moment + timedelta(minutes=40),
                "sent_at": moment + timedelta(minutes=41),
                "copied": True,
            }
            for key, moment in zip(keys, at, strict=True)
        ],
    )
    yield (
        QuestionRow,
        [
            {"case_id": case.id, "position": n, "label": str(n), "text": PARAGRAPH, "holding": "held"}
            for n in range(2, QUESTIONS + 2)
        ],
    )
    yield (
        Consultation,
        [
            {
                "case_id": case.id,
                "name": f"Service {n}",
                "address": f"service{n}@anytown.example",
                "address_key": f"service{n}@anytown.example",
                "question": PARAGRAPH,
                "asked_at": now - timedelta(days=n),
                "asked_by": "officer:2",
                "due_on": (now + timedelta(days=5 - n)).date(),
            }
            for n in range(CONSULTED)
        ],
    )

"""No page asks the database the oftener the more rows it shows."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from service.desk import Desk
from service.domain.history import CaseEvent
from service.domain.kind import Kind
from service.store.bulk_acts import add_bulk_act
from service.store.cases import append_events
from service.store.database import transaction
from service.store.officers import officer_by_email
from service.store.tables import (
    BulkAct,
    BulkItem,
    CalendarChangeRow,
    Case,
    Consultation,
    Forward,
    Letter,
    LetterFile,
    Message,
    MessageBody,
    Post,
    QuestionRow,
    StoredBytes,
)
from tests.builders import a_message, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded

FEW, MANY = 3, 30
SOME_BYTES = "a" * 64
LISTS = (
    "/dashboard",
    "/statistics?quarter=2024Q2&as_at=2024-06-03",
    "/statistics/cases?quarter=2024Q2&as_at=2024-06-03&figure=code.1",
    "/post",
    "/post/automatic",
    "/post/letters",
    "/post/forwarded",
    "/mailboxes",
    "/consultations",
    "/holidays",
    "/search?q=potholes",
)
OF_A_CASE = ("", "/clock", "/questions", "/consultations", "/response", "/reply", "/files")


def add_to_the_desk(session: Session, desk: Desk, first: int, last: int) -> None:
    """A row more in every list, for each number."""
    now = desk.now()
    for number in range(first, last):
        case = open_a_case(session, desk, a_message(subject=f"Potholes of road {number}"), received_at=now)
        for state in ("quarantined", "filed"):
            session.add(
                Post(
                    account="foi",
                    folder="INBOX",
                    uidvalidity=9,
                    uid=2 * number + (state == "filed"),
                    received_at=now,
                    size=1,
                    state=state,
                    stored_at=now,
                    action="auto-reply-ignore",
                    subject=f"Automatic {number}",
                )
            )
        session.add(_letter(case, f"failed-{number}", "failed", desk))
        session.add(_consultation(case, number, desk))
        told = session.exec(select(Message).where(col(Message.case_id) == case.id)).first()
        if told is None:
            told = _message(case, number, desk)
            session.add(told)
            session.flush()
            session.add(MessageBody(message_id=told.id, text="Please pass this on."))
        session.add(
            Forward(case_id=case.id, message_id=told.id, sender_name="A", sender_address="a@b.example", subject="S")
        )
        day = date(2026, 1, 5) + timedelta(days=7 * number)  # Mondays
        session.add(
            CalendarChangeRow(
                kind="holiday added",
                day=day,
                division="SCT",
                title=f"Feast {number}",
                source="a test",
                proclaimed_on=now.date(),
                made_at=now,
                made_by="console",
            )
        )


def add_to_a_case(session: Session, desk: Desk, case: Case, first: int, last: int) -> None:
    """An event, a mail, a letter with a file, a question and a consultation more, for each number."""
    now = desk.now()
    if session.get(StoredBytes, SOME_BYTES) is None:
        session.add(StoredBytes(sha256=SOME_BYTES, size=1))
    notes = [(case.id, CaseEvent(Kind.NOTED, now, "officer:1", {"text": f"Note {n}"})) for n in range(first, last)]
    append_events(session, notes, now)
    for number in range(first, last):
        message, letter = _message(case, number, desk), _letter(case, f"sent-{number}", "sent", desk)
        session.add_all([message, letter])
        session.flush()
        session.add(MessageBody(message_id=message.id, text=f"Any news of {number}?"))
        session.add(
            LetterFile(letter_id=letter.id, position=1, name="a.pdf", content_type="x/y", size=1, sha256=SOME_BYTES)
        )
        session.add(
            QuestionRow(case_id=case.id, position=100 + number, label=str(number), text="How many?", holding="held")
        )
        session.add(_consultation(case, number, desk))


def _message(case: Case, number: int, desk: Desk) -> Message:
    return Message(
        case_id=case.id,
        direction="in",
        message_id=f"<counted-{case.id}-{number}@example.org>",
        subject="Any news?",
        sender_name="Harriet Bell",
        sender_address="h@example.org",
        at=desk.now(),
        reply_address="h@example.org",
    )


def _letter(case: Case, name: str, state: str, desk: Desk) -> Letter:
    return Letter(
        case_id=case.id,
        kind="reply",
        recipient_address="h@example.org",
        recipient_key="h@example.org",
        subject="Your request",
        body="We are looking.",
        message_id=f"<{name}-{case.id}@anytown.example>",
        state=state,
        created_at=desk.now(),
        sent_at=desk.now() if state == "sent" else None,
    )


def _consultation(case: Case, number: int, desk: Desk) -> Consultation:
    return Consultation(
        case_id=case.id,
        name=f"Service {number}",
        address=f"service{number}@anytown.example",
        address_key=f"service{number}@anytown.example",
        question="Do you hold it?",
        asked_at=desk.now(),
        asked_by="officer:1",
        due_on=desk.today() + timedelta(days=5),
    )


def count(desk: Desk, browser: Browser, url: str) -> int:
    """The statements of a page; asked for twice, for the first request after a change reads the calendar anew."""
    browser.get(url)
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(desk.engine, "before_cursor_execute", hear)
    try:
        response = browser.get(url)
    finally:
        event.remove(desk.engine, "before_cursor_execute", hear)
    assert response.status_code == 200, url
    return len(said)


def test_the_lists_of_the_desk(desk: Desk, browser: Callable[[str], Browser]) -> None:
    supervisor = browser("supervisor")
    with transaction(desk.engine) as session:
        add_to_the_desk(session, desk, 0, FEW)
    few = {url: count(desk, supervisor, url) for url in LISTS}
    with transaction(desk.engine) as session:
        add_to_the_desk(session, desk, FEW, MANY)
    assert {url: count(desk, supervisor, url) for url in LISTS} == few
    assert supervisor.get("/post").text.count("Automatic") > FEW
    assert supervisor.get("/holidays").text.count("Feast") >= MANY


@pytest.mark.parametrize("page", OF_A_CASE)
def test_the_pages_of_a_case(desk: Desk, supervisor: Browser, seeded: Seeded, page: str) -> None:
    url = f"/cases/{seeded.overdue}{page}"
    with transaction(desk.engine) as session:
        case = session.exec(select(Case).where(col(Case.reference) == seeded.overdue)).one()
        add_to_a_case(session, desk, case, 0, FEW)
    few = count(desk, supervisor, url)
    with transaction(desk.engine) as session:
        add_to_a_case(session, desk, case, FEW, MANY)
    assert count(desk, supervisor, url) <= few  # fewer where the latest of its mail is of one kind


def test_what_can_be_undone(desk: Desk, supervisor: Browser, seeded: Seeded) -> None:
    def give(number: int) -> None:
        with transaction(desk.engine) as session:
            case = session.exec(select(Case).where(col(Case.reference) == seeded.overdue)).one()
            who = officer_by_email(session, EMAILS["supervisor"])
            assert who is not None
            for _ in range(number):
                act = BulkAct(officer_id=who.id, to_id=1, asked_at=desk.now(), finished_at=desk.now())
                add_bulk_act(session, act, [(case.id, None)])
                session.exec(select(BulkItem).where(col(BulkItem.bulk_act_id) == act.id)).one().done_at = desk.now()

    give(FEW)
    few = count(desk, supervisor, "/undo")
    give(MANY)
    assert count(desk, supervisor, "/undo") == few
    assert supervisor.get("/undo").text.count("1 case given to") >= FEW + MANY

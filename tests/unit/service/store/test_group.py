"""Intake by the group: fewer statements, and nobody who looks can tell."""

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from service.casework.receive import receive
from service.desk import Desk
from service.domain.message import Attachment, IncomingMessage
from service.errors import DeskError
from service.store.cases import history
from service.store.correspondence import files_of, look_for_copies
from service.store.database import transaction
from service.store.group import ask, grouped
from service.store.numbering import take_number
from service.store.originals import keep
from service.store.rows import add_row, new_row
from service.store.tables import Case, Letter, Message, Post
from tests.builders import a_message, stored_post


class Crash(DeskError):
    """Something went wrong in the midst of a group."""


def key_of(message: IncomingMessage) -> str:
    return sha256(repr(message).encode()).hexdigest()


def requests(many: int, first: int = 1, **changes: object) -> list[IncomingMessage]:
    numbers = range(first, first + many)
    return [a_message(message_id=f"<{n}@a.example>", subject=f"Request {n}", **changes) for n in numbers]


def settle(desk: Desk, messages: list[IncomingMessage]) -> list[Post]:
    """As one group."""
    with transaction(desk.engine) as session:
        posts = [stored_post(session, received_at=desk.now()) for _ in messages]
    with transaction(desk.engine) as session, grouped(session, len(messages)):
        fresh = [session.get_one(Post, post.id) for post in posts]
        receive_all(session, desk, fresh, messages)
    return fresh


def receive_all(session: Session, desk: Desk, posts: list[Post], messages: list[IncomingMessage]) -> None:
    look_for_copies(session, [key_of(message) for message in messages])
    for post, message in zip(posts, messages, strict=True):
        receive(session, desk, post, message, key_of(message), at=desk.now())


def count_of(session: Session, table: str) -> int:
    return int(ask(session, text(f"SELECT count(*) FROM {table}")).scalar_one())


def statements(desk: Desk, messages: list[IncomingMessage]) -> int:
    said: list[str] = []

    def listen(*words: Any) -> None:
        said.append(words[2])

    with transaction(desk.engine) as session:
        posts = [stored_post(session, received_at=desk.now()) for _ in messages]
        event.listen(desk.engine, "before_cursor_execute", listen)
        with grouped(session, len(messages)):
            receive_all(session, desk, posts, messages)
    event.remove(desk.engine, "before_cursor_execute", listen)
    return len(said)


def test_twelve_mails_take_no_more_statements_than_three(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        files = (Attachment("plan.txt", "text/plain", 4, keep(session, b"plan")),)
    few = statements(desk, requests(3, attachments=files))
    assert statements(desk, requests(12, first=4, attachments=files)) == few < 25


def test_what_waits_is_written_before_anybody_looks(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        posts = [stored_post(session, received_at=desk.now()) for _ in range(2)]
        with grouped(session, 2):
            receive_all(session, desk, posts, requests(2))
            assert [case.number for case in session.exec(select(Case).order_by(col(Case.number)))] == [1, 2]
            assert [count_of(session, table) for table in ("letter", "message", "case_event")] == [2, 2, 4]
            assert all(len(history(session, post.case_id or 0)) == 2 for post in posts)


def test_a_group_that_is_rolled_back_leaves_nothing_and_gives_its_numbers_back(desk: Desk) -> None:
    def crash() -> None:
        with transaction(desk.engine) as session:
            posts = [stored_post(session, received_at=desk.now()) for _ in range(3)]
            with grouped(session, 3):
                receive_all(session, desk, posts, requests(3))
                raise Crash

    with pytest.raises(Crash):
        crash()
    with transaction(desk.engine) as session:
        assert [count_of(session, table) for table in ("letter", "message", "foi_case", "numbering")] == [0, 0, 0, 0]


def test_numbers_go_on_within_a_group_between_groups_and_after_them(desk: Desk) -> None:
    settle(desk, requests(3))
    settle(desk, requests(2, first=4))
    with transaction(desk.engine) as session:
        assert [case.number for case in session.exec(select(Case).order_by(col(Case.number)))] == [1, 2, 3, 4, 5]
        assert take_number(session, session.exec(text("SELECT series FROM numbering")).scalar_one()) == 6  # type: ignore[call-overload]


def test_a_copy_within_a_group_is_known_as_one(desk: Desk) -> None:
    [message] = requests(1)
    first, copy = settle(desk, [message, message])
    assert (first.state, copy.state) == ("filed", "duplicate")
    assert (copy.duplicate_of, copy.case_id) == (first.id, first.case_id)
    [later] = settle(desk, [message])
    assert later.duplicate_of == first.id


def test_an_answer_finds_the_case_that_a_mail_before_it_in_the_group_opened(desk: Desk) -> None:
    [request] = requests(1)
    answer = a_message(message_id="<2@a.example>", in_reply_to=(request.message_id,), subject="Re: Request 1")
    opened, answered = settle(desk, [request, answer])
    assert (answered.state, answered.action, answered.case_id) == ("filed", "reply", opened.case_id)
    with transaction(desk.engine) as session:
        assert len(session.exec(select(Message).where(col(Message.case_id) == opened.case_id)).all()) == 2


def test_the_brake_counts_what_the_group_itself_has_written(desk: Desk) -> None:
    most = desk.settings.limits.acknowledgements_per_address_a_day
    settle(desk, requests(most + 2))
    with transaction(desk.engine) as session:
        assert count_of(session, "letter") == most
        assert count_of(session, "foi_case") == most + 2


def test_files_are_kept_with_the_messages_of_a_group(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        file = Attachment("plan.txt", "text/plain", 4, keep(session, b"plan"))
    [post, _] = settle(desk, requests(2, attachments=(file,)))
    with transaction(desk.engine) as session:
        message = session.exec(select(Message).where(col(Message.post_id) == post.id)).one()
        assert [(row.name, row.sha256) for row in files_of(session, [message.id])] == [("plan.txt", file.sha256)]


def test_a_row_that_the_session_adds_between_takes_a_key_of_its_own(desk: Desk) -> None:
    def letter(number: int) -> dict[str, Any]:
        words = {"recipient_address": "a@a.example", "recipient_key": "a@a.example", "subject": "", "body": ""}
        return {"kind": "note", "message_id": f"<{number}@us>", "created_at": desk.now(), **words}

    with transaction(desk.engine) as session, grouped(session, 4):
        first = add_row(session, new_row(Letter, **letter(1)))
        session.add(between := Letter(**letter(2)))
        session.flush()
        last = add_row(session, new_row(Letter, **letter(3)))
    assert len({first.id, between.id, last.id}) == 3
    with transaction(desk.engine) as session:
        assert session.get_one(Letter, last.id).message_id == "<3@us>"


def test_a_new_row_wants_every_column_that_has_no_default_and_no_other(desk: Desk) -> None:
    for wrong in ({"name": "a"}, {"message_id": 1, "text": "", "html": "", "colour": "red"}):
        with pytest.raises(TypeError):
            new_row(Message, **wrong)
    assert new_row(Post, **stored(desk)).place == "here"


def stored(desk: Desk) -> dict[str, Any]:
    words = {"account": "foi", "folder": "INBOX", "uidvalidity": 1, "uid": 1, "size": 1, "state": "stored"}
    return {**words, "received_at": desk.now(), "stored_at": desk.now()}

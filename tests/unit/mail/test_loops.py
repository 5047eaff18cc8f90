"""Machines that answer machines: a conversation between them ends after one mail each way (RFC 3834, 2)."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from mail.content_key import content_key
from mail.parse import parse
from mail.sender import senders
from service.bootstrap import open_desk
from service.casework.receive import receive
from service.desk import Desk
from service.store.correspondence import letters_in
from service.store.database import transaction
from service.store.schema import migrate
from service.store.tables import Letter, Post
from tests.builders import stored_post
from tests.conftest import Time, council_settings

MOST_ROUNDS = 30


@pytest.fixture
def a_desk(tmp_path: Path, time: Time) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(address: str) -> Desk:
        folder = tmp_path / address
        folder.mkdir()
        mailbox = {"address": address, "host": "127.0.0.1", "security": "none", "user": "foi", "password": "x"}
        desk = open_desk(council_settings(folder, mailbox=mailbox), time.now)
        migrate(desk.engine)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.engine.dispose()


def take_in(desk: Desk, raw: bytes) -> Post:
    with transaction(desk.engine) as session:
        post = stored_post(session, received_at=desk.now(), raw=raw)
        receive(session, desk, post, parse(raw, desk.settings.own), content_key(raw), at=desk.now())
    return post


def answers(desk: Desk) -> list[bytes]:
    """What the desk has written and not sent yet, as mails; it is then sent."""
    [sender] = senders(desk.settings)
    with transaction(desk.engine) as session:
        letters: list[Letter] = list(letters_in(session, "queued"))
        for letter in letters:
            letter.state = "sent"
            session.add(letter)
        return [sender.compose(letter, (), desk.secret) for letter in letters]


def a_request(sender: str, to: str, subject: str = "Potholes", text: str = "How many were repaired?") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{abs(hash((subject, text)))}@{sender.partition('@')[2]}>"
    mail.set_content(text)
    return mail.as_bytes()


def test_two_desks_send_one_mail_each_way(a_desk: Callable[[str], Desk]) -> None:
    ours, theirs = a_desk("foi@anytown.example"), a_desk("foi@othertown.example")
    take_in(ours, a_request("foi@othertown.example", "foi@anytown.example"))
    sent = []
    for _ in range(MOST_ROUNDS):
        passing = [(theirs, mail) for mail in answers(ours)] + [(ours, mail) for mail in answers(theirs)]
        sent += passing
        for desk, mail in passing:
            take_in(desk, mail)
    assert [desk is theirs for desk, _ in sent] == [True]  # our acknowledgement, which nothing answered


def test_an_answering_machine_that_keeps_the_subject_is_not_answered_again(a_desk: Callable[[str], Desk]) -> None:
    desk, sent = a_desk("foi@anytown.example"), 0
    take_in(desk, a_request("machine@example.net", "foi@anytown.example"))
    for number in range(MOST_ROUNDS):
        for mail in answers(desk):
            sent += 1
            subject = parse(mail).subject
            text = f"Thank you, your message matters to us. Ticket {number}."
            take_in(desk, a_request("machine@example.net", "foi@anytown.example", f"Re: {subject}", text))
    assert sent == 1


def test_an_answering_machine_without_any_mark_gets_five_answers_a_day(a_desk: Callable[[str], Desk]) -> None:
    desk, sent = a_desk("foi@anytown.example"), 0
    take_in(desk, a_request("machine@example.net", "foi@anytown.example"))
    for number in range(MOST_ROUNDS):
        for _ in answers(desk):
            sent += 1
            text = f"Thank you, your message matters to us. Ticket {number}."
            take_in(desk, a_request("machine@example.net", "foi@anytown.example", f"Ticket {number}", text))
    assert sent == desk.settings.limits.acknowledgements_per_address_a_day == 5

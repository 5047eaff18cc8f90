"""A colleague's mail with a citizen's request in it, from raw bytes to the acknowledgement of the one who asked."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mail.reader import Reader
from mail.take_in import take_in
from service.casework.forwards import Asker, confirm
from service.desk import Desk
from service.store.cases import case_by_id
from service.store.correspondence import body_of, letters_of_case, messages_of_case
from service.store.database import reading, transaction
from service.store.forwards import undecided_forward, undecided_forwards
from service.store.originals import read_all
from tests.builders import stored_post
from tests.integration.polling import rows
from tests.unit.mail.outlook_files import moment, msg, words

ASKED = "How many potholes were filled in Mill Lane in 2023?"
FRI_MAY_17 = date(2024, 5, 17)


def _mail(sender: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "foi@anytown.example", subject
    mail["Message-ID"] = f"<{subject.encode().hex()}@anytown.example>"
    mail.set_content(text)
    return mail


def quoted() -> EmailMessage:
    head = "From: Harriet Bell <h.bell@example.com>\nSent: 17 May 2024 16:02\nTo: Planning\nSubject: Potholes"
    return _mail("Bob Jones <bob@anytown.example>", "FW: Potholes", f"Please deal with it.\n\n{head}\n\n{ASKED}")


def enclosed() -> EmailMessage:
    inner = _mail("Harriet Bell <h.bell@example.com>", "Potholes", ASKED)
    inner["Date"] = "Fri, 17 May 2024 16:02:00 +0100"
    outer = _mail("Bob Jones <bob@planning.anytown.example>", "For you", "Please deal with it.")
    outer.add_attachment(inner)
    return outer


def saved_from_outlook() -> EmailMessage:
    outer = _mail("Bob Jones <bob@anytown.example>", "Request", "Please deal with it.")
    held = {
        0x0037: words("Potholes"),
        0x1000: words(ASKED),
        0x0C1A: words("Harriet Bell"),
        0x5D01: words("h.bell@example.com"),
        0x0E06: moment(datetime(2024, 5, 17, 15, 2, tzinfo=UTC)),
    }
    outer.add_attachment(msg(held), maintype="application", subtype="vnd.ms-outlook", filename="Potholes.msg")
    return outer


@pytest.mark.parametrize("written", [quoted, enclosed, saved_from_outlook])
def test_who_asked_is_proposed_then_confirmed_and_then_acknowledged(
    desk: Desk, reader: Reader, written: Callable[[], EmailMessage]
) -> None:
    raw = written().as_bytes()
    with transaction(desk.engine) as session:
        stored_post(session, received_at=desk.now(), raw=raw)
    assert take_in(desk, reader) == 1
    with reading(desk.engine) as session:
        [(forward, case)] = undecided_forwards(session)
        assert (forward.sender_name, forward.sender_address) == ("Harriet Bell", "h.bell@example.com")
        assert (case.requester_address.partition("@")[0], case.due_on) == ("bob", date(2024, 7, 1))
        assert letters_of_case(session, case.id) == []
        [message] = messages_of_case(session, case.id)
        assert ASKED in body_of(session, message.id).text
        assert forward.received_at == datetime(2024, 5, 17, 15, 2, tzinfo=UTC)
    asker = Asker("Harriet Bell", "h.bell@example.com", FRI_MAY_17, "Planning had it first")
    with transaction(desk.engine) as session:
        confirm(session, desk, case_by_id(session, case.id), asker, at=desk.now(), by="officer:1")
    with reading(desk.engine) as session:
        case = case_by_id(session, case.id)
        assert (case.requester_name, case.subject, case.due_on) == ("Harriet Bell", "Potholes", date(2024, 6, 17))
        [letter] = letters_of_case(session, case.id)
        assert (letter.recipient_address, letter.state) == ("h.bell@example.com", "queued")
        assert "no later than Monday 17 June 2024" in letter.body
        assert undecided_forward(session, case.id) is None
        [post] = rows(desk, case_id=case.id)
        assert post.sha256 is not None
        assert read_all(session, post.sha256) == raw

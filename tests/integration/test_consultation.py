"""A question to somebody who holds the information, from the outbox to their answer in a real mailbox."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from mail.deliver import deliver_outbox
from mail.poll import Polled, poll_mailbox
from mail.reader import Reader
from mail.sandbox import MailSandbox
from service.casework.consult import Asked, ask
from service.desk import Desk
from service.domain.kind import Kind
from service.store.cases import case_by_reference, history
from service.store.consultations import consultations_of
from service.store.correspondence import files_of
from service.store.database import reading, transaction
from service.store.originals import read_all
from tests.conftest import Time, council_settings
from tests.integration.dovecot import Dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, counted, reading_from

BOB = "bob.jones@roads.anytown.example"
FIGURES = b"year,repaired\n2023,412\n"


def answer(question: bytes, *, threaded: bool, number: int) -> bytes:
    """What Bob's mail program makes of a reply; some drop the thread, and none the address to answer to."""
    asked, mail = message_from_bytes(question), EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Bob Jones <{BOB}>", asked["Reply-To"]
    mail["Subject"], mail["Message-ID"] = "RE: your question", f"<bob{number}@roads.anytown.example>"
    if threaded:
        mail["In-Reply-To"] = mail["References"] = asked["Message-ID"]
    mail.set_content('See the table.\n\nOn Mon, 3 Jun 2024 at 09:30, FOI team wrote:\n> reply "nil return"\n')
    mail.add_attachment(FIGURES, maintype="text", subtype="csv", filename="potholes.csv")
    return mail.as_bytes()


def test_an_answer_finds_its_case_by_its_address_once_and_brings_its_file(
    desk: Desk, dovecot: Dovecot, reader: Reader, tmp_path: Path, time: Time
) -> None:
    with MailSandbox({}, time.now) as outside:
        box = dovecot.settings().model_copy(update={"plus_addresses": True})
        smtp = council_settings(tmp_path, smtp={"port": outside.smtp_port, "timeout": 10}).smtp
        polling = reading_from(desk, box)
        polling = replace(polling, settings=polling.settings.model_copy(update={"smtp": smtp}))
        dovecot.append(a_mail(1), MON_JUN_3_2024)
        assert poll_mailbox(polling, reader, begin=SAT_JUN_1_2024) == Polled(1, 1, 1)
        with transaction(polling.engine) as session:
            case = case_by_reference(session, "01.FOI.24.000001")
            asked = Asked("Bob Jones", "", BOB, "How many potholes?", date(2024, 6, 10))
            ask(session, polling, case, asked, signatory="Sam Okoro", at=polling.now(), by="desk")
        deliver_outbox(polling)
        [question] = outside.inbox(BOB)
    assert b"person1" not in question.raw
    for number, threaded in ((1, False), (2, True)):
        dovecot.append(answer(question.raw, threaded=threaded, number=number), MON_JUN_3_2024 + timedelta(hours=number))
        poll_mailbox(polling, reader)
    with reading(polling.engine) as session:
        [consultation] = consultations_of(session, case.id)
        assert (consultation.answered_at, consultation.suggestion) == (MON_JUN_3_2024 + timedelta(hours=1), "")
        [file] = files_of(session, [consultation.answer_id or 0])
        assert (file.name, read_all(session, file.sha256)) == ("potholes.csv", FIGURES)
        told = [event.kind for event in history(session, case.id)]
        assert told.count(Kind.CONSULTATION_ANSWERED) == 1
        assert told.count(Kind.POST_FILED) == 1  # the second waits for a person
    assert counted(polling) == (1, 1, 1)

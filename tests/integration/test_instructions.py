"""From a chaser in an officer's inbox to the case's new owner and back, through real mailboxes, once each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import col, select

from mail.deliver import deliver_outbox
from mail.poll import poll_mailbox
from mail.reader import Reader
from mail.sandbox import MailSandbox
from service.casework.assign import assign
from service.casework.chase import chase_cases
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.stage import Stage
from service.jobs import obey_all
from service.store.cases import case_by_reference, history
from service.store.database import reading, transaction
from service.store.tables import Case, InstructionRow, Officer
from tests.builders import an_officer
from tests.conftest import Time, council_settings
from tests.integration.dovecot import Dovecot
from tests.integration.polling import MON_JUN_3_2024, SAT_JUN_1_2024, a_mail, reading_from

SERVER = "mx1.anytown.example"
PASSES = f"{SERVER}; dmarc=pass header.from=anytown.example"
_numbers = count(1)


def reply(to: bytes, text: str, sender: str, *, results: str = PASSES, html: str = "", **headers: str) -> bytes:
    """What an officer's mail program sends, and our mail server stamps, in answer to a mail of ours."""
    asked = message_from_bytes(to, policy=policy.default)
    quoted = "\n".join(f"> {line}" for line in asked.get_content().splitlines())
    mail = EmailMessage(policy=SMTP)
    if results:
        mail["Authentication-Results"] = results
    mail["From"], mail["To"] = sender, headers.pop("To", asked["Reply-To"])
    mail["Subject"], mail["Message-ID"] = f"RE: {asked['Subject']}", f"<r{next(_numbers)}@anytown.example>"
    mail["In-Reply-To"] = mail["References"] = asked["Message-ID"]
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if html:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(f"{text}\n\nOn Monday, FOI wrote:\n{quoted}\n")
        mail.add_alternative(f"<p>{text}</p>", subtype="html")
    return mail.as_bytes()


@dataclass
class Town:
    """A desk with a chaser in an officer's inbox, and the ways to go on from there."""

    desk: Desk
    outside: MailSandbox
    dovecot: Dovecot
    reader: Reader
    time: Time
    morgan: Officer
    priya: Officer

    def take(self, *mails: bytes) -> None:
        """Let mails arrive and the desk do all that its timetable does."""
        self.time.pass_by(minutes=1)
        for mail in mails:
            self.dovecot.append(mail, self.time.moment)
        poll_mailbox(self.desk, self.reader)
        obey_all(self.desk, self.reader)
        deliver_outbox(self.desk)

    def newest(self, officer: Officer) -> bytes:
        return self.outside.inbox(officer.email)[-1].raw

    def case(self) -> Case:
        with reading(self.desk.engine) as session:
            return case_by_reference(session, "01.FOI.24.000001")

    def record(self) -> list[tuple[str, str]]:
        with reading(self.desk.engine) as session:
            rows = session.exec(select(InstructionRow).order_by(col(InstructionRow.id))).all()
            return [(row.verb, row.state) for row in rows]


@pytest.fixture
def towns(
    desk: Desk, dovecot: Dovecot, reader: Reader, tmp_path: Path, time: Time
) -> Callable[[MailSandbox, bool], Town]:
    def make(outside: MailSandbox, plus: bool) -> Town:
        box = dovecot.settings().model_copy(update={"plus_addresses": plus, "authserv_id": SERVER})
        smtp = council_settings(tmp_path, smtp={"port": outside.smtp_port, "timeout": 10}).smtp
        served = reading_from(desk, box)
        served = replace(served, settings=served.settings.model_copy(update={"smtp": smtp}))
        dovecot.append(a_mail(1), MON_JUN_3_2024)
        poll_mailbox(served, reader, begin=SAT_JUN_1_2024)
        time.pass_by(days=21)
        with transaction(served.engine) as session:
            morgan, priya = an_officer(session, "Morgan Reid", "supervisor"), an_officer(session, "Priya Shah")
            case = case_by_reference(session, "01.FOI.24.000001")
            assign(session, served, case, morgan.id, at=served.now(), by=f"officer:{morgan.id}")
            chase_cases(session, served, today=served.today(), at=served.now())
        deliver_outbox(served)
        return Town(served, outside, dovecot, reader, time, morgan, priya)

    return make


def test_a_chaser_is_answered_the_case_changes_hands_and_undo_brings_it_back(
    towns: Callable[[MailSandbox, bool], Town], time: Time
) -> None:
    with MailSandbox({}, time.now) as outside:
        town = towns(outside, True)
        chaser = town.newest(town.morgan)
        assert b"+act-" in chaser
        said = reply(chaser, "Assign Priya", "Morgan Reid <morgan@anytown.example>")
        town.take(said, said)  # the copy of a second mailbox
        assert town.case().owner_id == town.priya.id
        assert "given to you" in message_from_bytes(town.newest(town.priya), policy=policy.default).get_content()
        done = message_from_bytes(town.newest(town.morgan), policy=policy.default)
        assert "The case is given to Priya Shah." in done.get_content()
        assert done["Auto-Submitted"] == "auto-replied"
        assert done["In-Reply-To"] == message_from_bytes(said)["Message-ID"]
        town.take(reply(town.newest(town.morgan), "undo", "morgan@anytown.example"))
        assert town.case().owner_id == town.morgan.id
        assert town.record() == [("assign", "done"), ("undo", "done")]
        with reading(town.desk.engine) as session:
            told = [event.kind for event in history(session, town.case().id)]
        assert told.count(Kind.INSTRUCTED) == 2
        assert told.count(Kind.POST_FILED) == 2


def test_forgeries_replays_and_machines_change_nothing(towns: Callable[[MailSandbox, bool], Town], time: Time) -> None:
    with MailSandbox({}, time.now) as outside:
        town = towns(outside, True)
        chaser, morgan = town.newest(town.morgan), "Morgan Reid <morgan@anytown.example>"
        fails = f"{SERVER}; dmarc=fail header.from=anytown.example"
        elsewhere = "mx.evil.example; dmarc=pass header.from=anytown.example"
        town.take(
            reply(chaser, "close not held", morgan, results=fails),
            reply(chaser, "close not held", morgan, results=elsewhere),
            reply(chaser, "close not held", morgan, results=""),
            reply(chaser, "close not held", "Person 1 <person1@example.com>"),
            reply(chaser, "close not held", "Morgan Reid <m\u043ergan@anytown.example>"),
            reply(chaser, "close not held", morgan, Auto_Submitted="auto-replied"),
            reply(chaser, "close not held", morgan, Precedence="bulk"),
            reply(chaser, "close not held", morgan, Sender="pat@anytown.example"),
            reply(chaser, "", morgan, html="<p>close not held</p>"),
        )
        case = town.case()
        assert (case.stage, case.owner_id) == (Stage.DRAFTING, town.morgan.id)
        assert "done" not in [state for _, state in town.record()]
        assert len(town.record()) == 9
        town.take(reply(chaser, "note: seen", morgan))
        town.take(reply(chaser, "close not held", morgan))  # the address has been used
        assert town.case().stage == Stage.DRAFTING
        assert [state for _, state in town.record()[-2:]] == ["done", "refused"]


def test_without_plus_addresses_the_thread_is_the_token(towns: Callable[[MailSandbox, bool], Town], time: Time) -> None:
    with MailSandbox({}, time.now) as outside:
        town = towns(outside, False)
        chaser = town.newest(town.morgan)
        assert b"+act-" not in chaser
        morgan = "morgan@anytown.example"
        town.take(reply(chaser, "assign priya", morgan, To="foi@anytown.example"))
        assert town.case().owner_id == town.priya.id
        town.take(reply(chaser, "assign morgan", morgan, To="foi@anytown.example"))
        assert town.case().owner_id == town.priya.id
        assert town.record() == [("assign", "done"), ("assign", "refused")]

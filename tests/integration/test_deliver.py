"""The outbox against a mail server that fails at every phase: where a letter ends up, and how often it arrives."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from time import sleep

import pytest
from sqlalchemy import Engine

from mail.deliver import Delivered, deliver_outbox
from mail.smtp_fault import SendingRefused
from service.bootstrap import open_desk
from service.casework.uncertain_letter import LetterNotInDoubt, mark_sent, resend
from service.desk import Desk
from service.settings import Settings
from service.store.cases import history
from service.store.database import reading, transaction
from service.store.outbox import Outlet, claim_letter, note_handing_over
from service.store.tables import Letter
from tests.builders import open_a_case
from tests.conftest import Time, council_settings
from tests.integration.outbox import changed, enclose, letter, write
from tests.integration.smtp_faults import DROP, SILENT, Script, faulty_smtp

MON_JUN_3_2024 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def smtp() -> Iterator[Script]:
    with faulty_smtp() as script:
        yield script


@pytest.fixture
def settings(tmp_path: Path, smtp: Script) -> Settings:
    return council_settings(tmp_path, smtp={"port": smtp.port, "timeout": 0.5, "user": "foi", "password": "x"})


@pytest.fixture
def desk(sqlite_desk: Desk) -> Desk:
    return sqlite_desk


def test_a_letter_is_sent_once_and_settled(desk: Desk, smtp: Script, time: Time) -> None:
    key = write(desk)
    assert deliver_outbox(desk) == Delivered(sent=1)
    assert deliver_outbox(desk) == Delivered()
    sent = letter(desk, key)
    assert (sent.state, sent.attempts, sent.sent_at, sent.trouble) == ("sent", 1, time.now(), "")
    assert smtp.message_ids() == [sent.message_id]
    assert b"\r\n..Thank you." in smtp.taken[0]  # RFC 5321 4.5.2


def test_several_letters_share_one_connection_and_keep_their_pace(desk: Desk, smtp: Script, tmp_path: Path) -> None:
    for _ in range(3):
        write(desk)
    pauses: list[float] = []
    slow = {"port": smtp.port, "timeout": 0.5, "pace_seconds": 2.5}
    assert deliver_outbox(changed(desk, tmp_path, smtp=slow), pause=pauses.append) == Delivered(sent=3)
    assert (smtp.connections, pauses) == (1, [2.5, 2.5])


@dataclass(frozen=True)
class Trial:
    """A fault, and what it makes of a letter: its state, minutes until the next try, and copies that arrived."""

    phase: str
    fault: str
    state: str
    minutes: int | None
    taken: int = 0

    def __str__(self) -> str:
        return f"{self.fault} at {self.phase}"


TRIALS = (
    Trial("mail", DROP, "retry", 1),
    Trial("rcpt", DROP, "retry", 1),
    Trial("data", DROP, "retry", 1),
    Trial("before dot", DROP, "retry", 1),
    Trial("dot", DROP, "uncertain", 5, taken=1),
    Trial("mail", SILENT, "retry", 1),
    Trial("rcpt", SILENT, "retry", 1),
    Trial("data", SILENT, "retry", 1),
    Trial("dot", SILENT, "uncertain", 5, taken=1),
    Trial("quit", DROP, "sent", None, taken=1),
    Trial("quit", "500 no", "sent", None, taken=1),
    Trial("mail", "451 4.3.0 try later", "retry", 1),
    Trial("rcpt", "450 4.2.1 mailbox busy", "retry", 1),
    Trial("data", "451 4.3.0 try later", "retry", 1),
    Trial("dot", "452 4.2.2 mailbox full", "retry", 1),
    Trial("mail", "552 5.3.4 too large", "failed", None),
    Trial("rcpt", "550 5.1.1 no such user", "failed", None),
    Trial("data", "554 5.6.0 no", "failed", None),
    Trial("dot", "550 5.7.1 looks like spam", "failed", None),
    Trial("mail", "421 4.3.2 closing", "retry", 1),
    Trial("rcpt", "450 4.7.1 too fast", "retry", 1),
    Trial("dot", "432 4.3.2 concurrent connections exceeded", "retry", 1),
    Trial("dot", "gibberish", "uncertain", 5),
)


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_a_letter_ends_where_the_phase_of_the_fault_says(desk: Desk, smtp: Script, time: Time, trial: Trial) -> None:
    key = write(desk)
    smtp.faults[trial.phase] = trial.fault
    done = deliver_outbox(desk)
    found = letter(desk, key)
    assert found.state == trial.state
    assert done == Delivered(**{trial.state: 1})
    assert found.next_try_at == (None if trial.minutes is None else time.now() + timedelta(minutes=trial.minutes))
    assert len(smtp.taken) == trial.taken
    assert (found.trouble == "") == (trial.state == "sent")


@pytest.mark.parametrize("trial", [t for t in TRIALS if t.state in ("retry", "uncertain")], ids=str)
def test_every_attempt_carries_the_same_message_id(desk: Desk, smtp: Script, time: Time, trial: Trial) -> None:
    key = write(desk)
    smtp.faults[trial.phase] = trial.fault
    deliver_outbox(desk)
    smtp.faults.clear()
    time.pass_by(minutes=5)
    assert deliver_outbox(desk) == Delivered(sent=1)
    assert set(smtp.message_ids()) == {letter(desk, key).message_id}
    assert len(smtp.taken) == trial.taken + 1
    assert letter(desk, key).attempts == 2


REFUSALS = (
    ("mail", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    ("mail", "553 5.1.8 sender rejected"),
    ("mail", "530 5.7.57 Client not authenticated to send mail"),
    ("rcpt", "530 5.7.0 authentication required"),
    ("dot", "554 5.7.60 SendAsDenied; foi@anytown.example not allowed to send as foi@anytown.example"),
)


@pytest.mark.parametrize(("phase", "words"), REFUSALS)
def test_a_refusal_of_us_stops_the_queue_and_fails_no_letter(
    desk: Desk, smtp: Script, time: Time, phase: str, words: str
) -> None:
    keys = [write(desk) for _ in range(3)]
    smtp.faults[phase] = words
    with pytest.raises(SendingRefused, match="Send As"):
        deliver_outbox(desk)
    assert {letter(desk, key).state for key in keys} == {"retry"}
    assert {letter(desk, key).next_try_at for key in keys} == {time.now() + timedelta(minutes=15)}
    assert len([c for c in smtp.commands if c.startswith("MAIL")]) == 1
    time.pass_by(days=10)
    with pytest.raises(SendingRefused):
        deliver_outbox(desk)
    assert {letter(desk, key).state for key in keys} == {"retry"}  # however long it takes
    smtp.faults.clear()
    time.pass_by(minutes=15)
    assert deliver_outbox(desk) == Delivered(sent=3)


def test_a_busy_server_makes_the_whole_queue_wait(desk: Desk, smtp: Script, time: Time) -> None:
    keys = [write(desk) for _ in range(3)]
    smtp.faults["rcpt"] = "421 4.3.2 too many messages"
    assert deliver_outbox(desk) == Delivered(retry=3)
    assert {letter(desk, key).next_try_at for key in keys} == {time.now() + timedelta(minutes=1)}
    assert len([c for c in smtp.commands if c.startswith("RCPT")]) == 1


def test_a_refused_recipient_does_not_hold_up_the_next_letter(desk: Desk, smtp: Script) -> None:
    bad, good = write(desk, recipient_address="no.such@example.com"), write(desk)
    real = smtp.commands

    class Watching(list[str]):
        def append(self, line: str) -> None:
            smtp.faults.pop("rcpt", None)
            if "no.such" in line:
                smtp.faults["rcpt"] = "550 5.1.1 <no.such@example.com>: user no.such unknown"
            real.append(line)

    smtp.commands = Watching()
    assert deliver_outbox(desk) == Delivered(sent=1, failed=1)
    assert letter(desk, good).state == "sent"
    trouble = letter(desk, bad).trouble
    assert trouble.startswith("550 5.1.1") and "no.such" not in trouble and "example.com" not in trouble


def test_tries_grow_apart_and_end_after_two_days(desk: Desk, smtp: Script, time: Time) -> None:
    key = write(desk)
    smtp.faults["rcpt"] = "450 4.2.0 not now"
    waits = []
    while (found := letter(desk, key)).state != "failed":
        if found.next_try_at is not None:
            waits.append((found.next_try_at - time.now()) // timedelta(minutes=1))
            time.moment = found.next_try_at
        deliver_outbox(desk)
    assert waits[:6] == [1, 5, 15, 60, 60, 60]
    assert timedelta(hours=48) <= time.now() - MON_JUN_3_2024 < timedelta(hours=49)


def test_a_desk_that_was_off_for_days_does_not_give_up_at_its_first_attempt(
    desk: Desk, smtp: Script, time: Time
) -> None:
    key = write(desk)
    time.pass_by(days=4)
    smtp.faults["rcpt"] = "450 4.2.0 not now"
    deliver_outbox(desk)
    assert letter(desk, key).state == "retry"


def test_an_uncertain_acknowledgement_goes_once_more_and_only_once(desk: Desk, smtp: Script, time: Time) -> None:
    key = write(desk)
    smtp.faults["dot"] = DROP
    for _ in range(6):
        deliver_outbox(desk)
        time.pass_by(minutes=10)
    found = letter(desk, key)
    assert (found.state, found.attempts, found.next_try_at) == ("uncertain", 2, None)
    assert smtp.message_ids() == [found.message_id] * 2


def test_an_officers_uncertain_letter_waits_for_the_officer(desk: Desk, smtp: Script, time: Time) -> None:
    key = write(desk, kind="reply", automatic="")
    smtp.faults["dot"] = DROP
    deliver_outbox(desk)
    smtp.faults.clear()
    time.pass_by(days=1)
    assert deliver_outbox(desk) == Delivered()
    assert letter(desk, key).state == "uncertain"
    with transaction(desk.engine) as session:
        resend(session, desk, session.get_one(Letter, key), desk.now())
    assert deliver_outbox(desk) == Delivered(sent=1)
    assert len(set(smtp.message_ids())) == 1
    with transaction(desk.engine) as session, pytest.raises(LetterNotInDoubt):
        resend(session, desk, session.get_one(Letter, key), desk.now())


def test_an_officers_decision_on_an_uncertain_letter_stands_on_its_case(desk: Desk, smtp: Script) -> None:
    with transaction(desk.engine) as session:
        case_id = open_a_case(session, desk).id
    deliver_outbox(desk)
    key = write(desk, kind="reply", automatic="", case_id=case_id)
    smtp.faults["dot"] = DROP
    deliver_outbox(desk)
    with transaction(desk.engine) as session:
        mark_sent(session, desk, session.get_one(Letter, key), desk.now(), "officer:1")
    assert letter(desk, key).state == "sent"
    with reading(desk.engine) as session:
        kinds = [str(event.kind) for event in history(session, case_id)]
    assert kinds[-3:] == ["letter uncertain", "letter sent", "noted"]


@pytest.mark.parametrize(("automatic", "handed_over"), [("auto-replied", False), ("auto-replied", True), ("", False)])
def test_a_letter_left_behind_by_a_crash_is_found(
    desk: Desk, smtp: Script, time: Time, automatic: str, handed_over: bool
) -> None:
    key = write(desk, automatic=automatic)
    with transaction(desk.engine) as session:
        claim_letter(session, Outlet(), desk.now(), desk.now() + timedelta(minutes=5))
        if handed_over:
            note_handing_over(session, key, desk.now() + timedelta(minutes=5))
    assert deliver_outbox(desk) == Delivered()  # somebody may still be at it
    time.pass_by(minutes=5)
    assert deliver_outbox(desk) == Delivered(sent=1)
    found = letter(desk, key)
    assert (found.state, found.attempts) == ("sent", 2)


def test_a_letter_with_a_file_is_the_same_mail_at_every_attempt(desk: Desk, smtp: Script, time: Time) -> None:
    key = write(desk)
    enclose(desk, key, "trees.csv", bytes(range(256)) * 2_000)
    smtp.faults["dot"] = DROP
    assert deliver_outbox(desk) == Delivered(uncertain=1)
    smtp.faults.clear()
    time.pass_by(minutes=5)
    assert deliver_outbox(desk) == Delivered(sent=1)
    first, second = smtp.taken
    assert first == second and len(first) > 600_000


def test_a_desk_killed_while_it_hands_a_letter_over_sends_it_once_more(
    sqlite_desk: Desk, settings: Settings, smtp: Script, time: Time, tmp_path: Path
) -> None:
    key = write(sqlite_desk)
    smtp.faults["dot"] = SILENT
    config = tmp_path / "foidesk.toml"
    config.write_text(
        f"""secret_file = "{settings.secret_file}"
        authority = {{name = "Anytown"}}
        database = {{url = "{settings.database.url}"}}
        mailbox = {{address = "foi@anytown.example", host = "127.0.0.1", security = "none"}}
        smtp = {{host = "127.0.0.1", port = {smtp.port}, security = "none"}}"""
    )
    command = [sys.executable, "-m", "service", "deliver", "--once"]
    with subprocess.Popen(command, env=os.environ | {"FOIDESK_CONFIG": str(config)}, cwd=ROOT) as desk:
        for _ in range(1500):
            if smtp.taken or desk.poll() is not None:
                break
            sleep(0.02)
        desk.kill()
    assert letter(sqlite_desk, key).state == "sending"
    smtp.faults.clear()
    time.moment = datetime.now(UTC) + timedelta(minutes=6)
    assert deliver_outbox(sqlite_desk) == Delivered(sent=1)
    assert smtp.message_ids() == [letter(sqlite_desk, key).message_id] * 2


def test_an_officers_letter_left_behind_after_its_content_went_stays_uncertain(
    desk: Desk, smtp: Script, time: Time
) -> None:
    key = write(desk, kind="reply", automatic="")
    with transaction(desk.engine) as session:
        claim_letter(session, Outlet(), desk.now(), desk.now() + timedelta(minutes=5))
        note_handing_over(session, key, desk.now() + timedelta(minutes=5))
    time.pass_by(minutes=5)
    assert deliver_outbox(desk) == Delivered()
    assert letter(desk, key).state == "uncertain"
    assert smtp.taken == []


def test_a_letter_that_is_no_mail_fails_alone(desk: Desk, smtp: Script) -> None:
    bad, good = write(desk, recipient_address="a@example.com, b@example.com"), write(desk)
    assert deliver_outbox(desk) == Delivered(sent=1, failed=1)
    assert (letter(desk, bad).state, letter(desk, good).state) == ("failed", "sent")


def test_an_international_address_needs_a_server_that_takes_it(desk: Desk, smtp: Script) -> None:
    takes = write(desk, recipient_address="żółć@bücher.example")
    deliver_outbox(desk)
    assert letter(desk, takes).state == "sent"
    assert any(c.startswith("MAIL") and c.endswith("SMTPUTF8") for c in smtp.commands)
    smtp.extensions = ("AUTH PLAIN",)
    refused = write(desk, recipient_address="żółć@bücher.example")
    assert deliver_outbox(desk) == Delivered(failed=1)
    assert "SMTPUTF8" in letter(desk, refused).trouble
    assert len(smtp.taken) == 1


def test_two_workers_never_send_the_same_letter(engine: Engine, settings: Settings, time: Time, smtp: Script) -> None:
    desk = replace(open_desk(settings, time.now), engine=engine)
    for _ in range(20):
        write(desk)
    start, done = Barrier(2), []

    def work() -> None:
        start.wait()
        done.append(deliver_outbox(desk))

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(d.sent for d in done) == 20
    assert len(smtp.message_ids()) == len(set(smtp.message_ids())) == 20

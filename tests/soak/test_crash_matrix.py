"""Killed at every step of intake and of sending, two workers at a time: nothing lost, nothing twice."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.desk import Desk
from tests.integration.dovecot import Dovecot
from tests.integration.polling import PLENTY, a_mail, counted, reading_from, rows
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.soak.dying import INTAKE, MON_JUN_3_2024, SENDING

pytestmark = pytest.mark.soak
MAILS, A_STEP = 150, 16
RENUMBERED = 3  # the step before which the folder gets a new UIDVALIDITY
ROOT = Path(__file__).parents[2]
BOUND = 120  # seconds for one worker


@pytest.fixture
def smtp() -> Iterator[Script]:
    with faulty_smtp() as script:
        yield script


def start(desk: Desk, smtp: Script, step: str = "", times: int = 1) -> "subprocess.Popen[str]":
    """A worker in a process of its own, killed at a step if one is named."""
    url = desk.engine.url.render_as_string(hide_password=False)
    words = desk.settings.model_dump(mode="json") | {"limits": PLENTY, "database": {"url": url}}
    mailbox = desk.settings.mailbox
    words["mailbox"] = mailbox.model_dump(mode="json") | {"password": mailbox.secret()}
    words["smtp"] = {"host": "127.0.0.1", "port": smtp.port, "security": "none", "pace_seconds": 0}
    command = [sys.executable, "-m", "tests.soak.dying", json.dumps(words), step, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finished(*workers: "subprocess.Popen[str]") -> list[int]:
    """How each of them ended."""
    said = [worker.communicate(timeout=BOUND)[0] for worker in workers]
    assert not any("Traceback" in words for words in said), "\n".join(said)
    return [worker.returncode for worker in workers]


def let_the_claims_end(desk: Desk) -> None:
    """The letter that a killed worker held is its own for minutes: have them pass."""
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE letter SET next_try_at = '2024-06-03 07:00:00' WHERE state = 'sending'"))


def arrive(dovecot: Dovecot, numbers: range) -> None:
    """Mails, three in ten of which a colleague has opened before we look."""
    for number in numbers:
        dovecot.append(a_mail(number), MON_JUN_3_2024, flags=(rb"\Seen",) if number % 10 < 3 else ())


def test_every_mail_is_one_case_with_one_acknowledgement(desk: Desk, dovecot: Dovecot, smtp: Script) -> None:
    polling = reading_from(desk, dovecot.settings())
    killed: Counter[str] = Counter()
    for number, step in enumerate((*INTAKE, *SENDING)):
        arrive(dovecot, range(number * A_STEP, (number + 1) * A_STEP))
        if number == RENUMBERED:
            dovecot.renumber()
        first, second = (3, 5) if step in SENDING else (1, 1)
        killed[step] += finished(start(polling, smtp, step, first), start(polling, smtp, step, second)).count(-9)
        let_the_claims_end(polling)
    arrive(dovecot, range(A_STEP * len(killed), MAILS))
    assert all(killed[step] for step in (*INTAKE, *SENDING)), killed
    for _ in range(3):
        assert finished(start(polling, smtp)) == [0]
        let_the_claims_end(polling)

    assert counted(polling) == (MAILS, MAILS, MAILS)
    posts = Counter(post.state for post in rows(polling))
    assert posts["filed"] == MAILS
    assert set(posts) <= {"filed", "duplicate"}
    acknowledged = Counter(smtp.message_ids())
    assert len(acknowledged) == MAILS
    # Only a letter under way when its worker was killed may go once more, under the Message-ID that it had.
    assert acknowledged.total() <= MAILS + killed["handed over"]
    assert max(acknowledged.values()) <= 2
    assert dovecot.folder_content("INBOX") == []

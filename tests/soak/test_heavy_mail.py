"""Poison among ordinary mail, a mail as large as they come, and a full inbox: the real worker, within its memory."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from service.store.database import open_engine
from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail, fill
from tests.system.installation import Installation, Running, until

pytestmark = pytest.mark.soak
MOST = 120 * 1024  # kilobytes that the process, and its child that parses, may each ever have held
GROWTH = 20_000  # kilobytes, over nine thousand mails
BOUND = 60  # seconds for the hundred ordinary mails
HEAD = b"From: Odd <odd@example.com>\r\nSubject: Odd\r\nMessage-ID: <%s@example.com>\r\n"


@pytest.fixture
def database(installation: Installation) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{installation.folder / 'var' / 'foidesk.db'}")
    yield engine
    engine.dispose()


def counted(engine: Engine, words: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {words}")).scalar_one())


def most_memory(worker: Running) -> dict[str, int]:
    """The most that the worker and the child that parses for it have held so far, in kilobytes."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words, command = status.read_text(), status.with_name("cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it has just ended
        pid, parent = int(status.parent.name), int(re.search(r"PPid:\s+(\d+)", words)[1])  # type: ignore[index]
        if worker.process.pid in (pid, parent):
            found["reader" if "reader_child" in command else "worker"] = int(re.search(r"VmHWM:\s+(\d+)", words)[1])  # type: ignore[index]
    return found


def huge() -> bytes:
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n"
    head = (
        HEAD % b"huge" + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPlans.\r\n"
    )
    file = b"--b\r\nContent-Type: application/pdf; name=plans.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + file + line * (60_000_000 // len(line)) + b"--b--\r\n"


def nested(depth: int = 3000) -> bytes:
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD % b"nested" + b"MIME-Version: 1.0\r\n" + parts


POISON = {
    "nested": nested(),
    "quotes": HEAD % b"quotes" + b"To: " + b'"' * 100_000 + b"\r\n\r\nHow many?\r\n",
    "brackets": HEAD % b"brackets" + b"To: " + b"(" * 10_000 + b"\r\n\r\nHow many?\r\n",
    "huge": huge(),
}


def test_poison_does_not_hold_up_ordinary_mail_and_a_mail_of_60_mb_does_not_fill_the_memory(
    installation: Installation, database: Engine, dovecot: Dovecot
) -> None:
    now = datetime.now(UTC)
    fill(dovecot, {number: a_mail(number) for number in range(50)}, now)
    fill(dovecot, dict(enumerate(POISON.values())), now)
    fill(dovecot, {number: a_mail(number) for number in range(50, 100)}, now)
    with installation.running("work", "--from", "2026-01-01") as worker:
        until(lambda: counted(database, "letter") >= 100, BOUND, worker.said)
        until(lambda: counted(database, "post WHERE state = 'stored'") == 0, BOUND, worker.said)
        until(lambda: counted(database, "post") == 104, what=worker.said)
        held = most_memory(worker)
        assert worker.stop() == 0
        assert "Traceback" not in worker.said()
    assert counted(database, "foi_case WHERE subject LIKE 'Request %'") == 100
    with database.connect() as connection:
        fates = connection.execute(text("SELECT state FROM post WHERE sender_address LIKE 'odd%'")).scalars().all()
        [nested_one] = connection.execute(text("SELECT reason FROM post WHERE state = 'quarantined'")).scalars()
    assert sorted(fates) == ["filed", "filed", "filed", "quarantined"]  # the other three can be read, and are
    assert "nested" in nested_one
    assert held.keys() == {"worker", "reader"}
    assert max(held.values()) < MOST, held


def test_ten_thousand_mails_are_taken_in_at_flat_memory(
    installation: Installation, database: Engine, dovecot: Dovecot
) -> None:
    fill(dovecot, {number: a_mail(number) for number in range(10_000)}, datetime.now(UTC))
    installation.change("mailbox", filed_folder="")
    with installation.running("work", "--from", "2026-01-01") as worker:
        until(lambda: counted(database, "post WHERE state = 'filed'") >= 1_000, 120, worker.said)
        early = most_memory(worker)
        until(lambda: counted(database, "post WHERE state = 'filed'") >= 10_000, 300, worker.said)
        late = most_memory(worker)
    assert counted(database, "foi_case") == 10_000
    assert late["worker"] < early["worker"] + GROWTH, (early, late)
    assert late["reader"] < early["reader"] + GROWTH, (early, late)

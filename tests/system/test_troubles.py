"""Trouble while the desk runs: it says what to do, goes on when the trouble is over, and has lost nothing."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from service.store.database import open_engine
from tests.integration.dovecot import BINARY, Dovecot
from tests.integration.polling import a_mail
from tests.servers import need
from tests.system.conftest import Sink
from tests.system.installation import Installation, Visitor, until

BLOCK = b"\0" * 4096


@pytest.fixture
def small_disk(desk: Installation) -> Iterator[Path]:
    """A file system of twenty megabytes, for the database."""
    disk = desk.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", disk], capture_output=True)
    need("small disk", mounted.returncode == 0)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def _fill_up(disk: Path) -> Path:
    """Take all the room there is."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(BLOCK)
    return ballast


def _later(desk: Installation, statement: str) -> None:
    """Have time pass for something that the desk has written down."""
    engine = open_engine(f"sqlite:///{desk.folder / 'var' / 'foidesk.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _subjects(sink: Sink) -> set[str]:
    return {
        line
        for mail in sink.acknowledgements()
        for line in mail.decode().splitlines()
        if line.startswith("Your subject")
    }


def test_a_full_disk(desk: Installation, small_disk: Path, dovecot: Dovecot, sink: Sink) -> None:
    desk.change("database", url=f"sqlite:///{small_disk / 'foidesk.db'}")
    desk.add_officer()
    with desk.running("serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        visitor.sign_in()
        ballast = _fill_up(small_disk)
        dovecot.deliver(*(a_mail(number, text="It does not fit. " * 20_000) for number in range(3)))
        said = serve.heard(r"poll: .*cannot be used: (.*)")
        assert "that the disk has room; nothing was lost" in said[1]
        assert visitor.health()[0] in (200, 503)
        assert "All open (0)" in visitor.get("/list/open")
        assert sink.acknowledgements() == []
        ballast.unlink()
        until(lambda: len(_subjects(sink)) == 3, what=serve.said)
        assert serve.stop() == 0
        assert "Traceback" not in serve.said()
    assert len(sink.acknowledgements()) == 3


def test_a_disk_that_is_full_at_the_start(desk: Installation, small_disk: Path) -> None:
    desk.change("database", url=f"sqlite:///{small_disk / 'foidesk.db'}")
    ballast = _fill_up(small_disk)
    done = desk.run("serve", "--from", "now")
    assert done.returncode == 1
    assert "that the disk has room" in done.stderr
    assert "Traceback" not in done.stderr
    ballast.unlink()
    with desk.running("serve", "--from", "now") as serve:
        serve.url()
        assert serve.stop() == 0


def test_a_template_with_a_word_that_nobody_knows(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    own = desk.folder / "wording" / "emails" / "acknowledgement" / "body.txt"
    own.parent.mkdir(parents=True)
    own.write_text("Dear {{ case.requester }},\n")
    desk.change(templates=str(desk.folder / "wording"))
    with desk.running("serve", "--from", "now") as serve:
        serve.url()
        dovecot.deliver(a_mail())
        serve.heard(r"could not be taken in|letter template")
        assert sink.acknowledgements() == []
        assert len(dovecot.folder_content("INBOX")) == 1
        own.write_text("Dear {{ case.requester_name }}, as our council says it.\n")
        _later(desk, "UPDATE post SET next_try_at = NULL")
        until(sink.acknowledgements, what=serve.said)
        assert serve.stop() == 0
    assert b"Dear Person 1, as our council says it." in sink.acknowledgements()[0]


@contextmanager
def _back(dovecot: Dovecot) -> Iterator[None]:
    """The mail server again, after it was stopped."""
    assert BINARY is not None
    process = subprocess.Popen(
        [BINARY, "-F", "-c", dovecot.folder / "dovecot.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_a_mail_server_that_is_away_for_a_while(desk: Installation, dovecot: Dovecot, sink: Sink) -> None:
    desk.add_officer()
    with desk.running("serve", "--from", "now") as serve:
        visitor = Visitor(serve.url())
        visitor.sign_in()
        until(lambda: visitor.health()[1]["mailboxes"][0].get("last_read"), what=serve.said)
        dovecot.process.terminate()
        dovecot.process.wait(20)
        serve.heard("cannot be reached")
        status, report = visitor.health()
        assert (status, report["mailboxes"][0]["status"]) == (200, "warn")
        # It may have ended a sign-in under way; the next try tells the rest.
        until(lambda: "Check [mailbox] host" in desk.status()["mailboxes"][0]["trouble"], what=serve.said)
        _later(desk, "UPDATE mailbox SET read_at = '2024-06-03 08:00:00' WHERE folder = 'INBOX'")
        status, report = visitor.health()
        assert (status, report["mailboxes"][0]["status"]) == (503, "fail")
        assert "127.0.0.1" not in str(report)
        assert "has not been read since 09:00 on 3 June" in visitor.get("/list/open")
        with _back(dovecot):
            until(lambda: visitor.health()[1]["mailboxes"][0]["status"] == "ok", what=serve.said)
            assert "has not been read" not in visitor.get("/list/open")
            dovecot.deliver(a_mail())
            until(sink.acknowledgements, what=serve.said)
            assert serve.stop() == 0
    assert "Traceback" not in serve.said()

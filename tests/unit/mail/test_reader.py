"""The guarded reader: one bad mail ends a child at most, and the next mail is read all the same."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import pytest

from mail.content_key import content_key
from mail.parse import parse
from mail.reader import Limits, Reader, Reading
from service.domain.message import Address, IncomingMessage, Unreadable

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "corpus"
OWN = frozenset({"foi@borough.example"})
ORDINARY = (CORPUS / "request_plain.eml").read_bytes()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path / "spool", OWN) as reader:
        yield reader


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("spool"), OWN) as reader:
        yield reader


def child_of(reader: Reader) -> int:
    assert reader._child is not None
    return reader._child.pid


def most_memory(pid: int) -> int:
    """The most that a process has held, in kilobytes."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0])


def large(megabytes: int) -> bytes:
    """A mail that is well formed and simply too large for the memory given."""
    head = b"From: Jo <jo@x.example>\r\nSubject: big\r\nMessage-ID: <big@x.example>\r\nContent-Type: message/rfc822\r\n"
    return head + b"\r\nSubject: inner\r\n\r\n" + (b"QUJD" * 18 + b"\r\n") * (megabytes * 14_000)


def slow() -> bytes:
    """A mail that takes a second to read: forty parts of HTML, each a long run of nested elements, unclosed."""
    head = b"From: Jo <jo@x.example>\r\nSubject: slow\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    part = b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<b><i><a href=x>w" * 20_000 + b"\r\n"
    return head + part * 40 + b"--b--\r\n"


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.eml")))
def test_the_child_reads_what_the_parser_reads(shared: Reader, name: str) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes()
    reading, alone = shared.read(raw), parse(raw, OWN)
    assert reading.content_key == content_key(raw)
    if isinstance(alone, Unreadable):
        assert reading.message == alone
    else:
        assert without_files(reading) == without_files(Reading(alone, "", Path()))


def without_files(reading: Reading) -> list[object]:
    message = reading.message
    assert isinstance(message, IncomingMessage)
    names = [(file.name, file.content_type, file.size, file.sha256) for file in message.attachments]
    rest = [getattr(message, name) for name in message.__dataclass_fields__ if name != "attachments"]
    return [*rest, names]


def test_files_wait_in_the_spool_until_discarded(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(CORPUS / "request_apple_parts.eml")
    assert isinstance(reading.message, IncomingMessage)
    spooled = Path(reading.message.attachments[0].spool)
    assert spooled.read_bytes() == b"%PDF-1.4\n"
    reader.discard(reading)
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_memory_bomb_ends_in_words_for_an_officer_and_the_next_mail_is_read(tmp_path: Path) -> None:
    with Reader(tmp_path, limits=Limits(memory_mb=192)) as reader:
        before = reader.read(ORDINARY)
        bomb = reader.read(large(100))
        assert isinstance(bomb.message, Unreadable)
        assert "too much memory" in bomb.message.reason
        assert (bomb.message.subject, bomb.message.sender) == ("big", Address("Jo", "jo@x.example"))
        assert bomb.content_key == content_key(large(100))
        assert reader.read(ORDINARY).message == before.message


def test_a_slow_mail_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    with Reader(tmp_path, limits=Limits(wall_seconds=0.3)) as reader:
        before = reader.read(ORDINARY)
        started = perf_counter()
        slowed = reader.read(slow())
        assert isinstance(slowed.message, Unreadable)
        assert "too long" in slowed.message.reason
        assert slowed.message.subject == "slow"
        assert perf_counter() - started < 10
        assert reader.read(ORDINARY).message == before.message


def test_a_child_that_died_in_between_is_replaced(reader: Reader) -> None:
    first = reader.read(ORDINARY)
    pid = child_of(reader)
    os.kill(pid, signal.SIGKILL)
    assert reader.read(ORDINARY).message == first.message
    assert child_of(reader) != pid


def test_ctrl_c_does_not_reach_the_child(reader: Reader) -> None:
    reader.read(ORDINARY)
    pid = child_of(reader)
    os.kill(pid, signal.SIGINT)
    reader.read(ORDINARY)
    assert child_of(reader) == pid


def test_closing_ends_the_child_and_reading_starts_another(reader: Reader) -> None:
    reader.read(ORDINARY)
    pid = child_of(reader)
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert isinstance(reader.read(ORDINARY).message, IncomingMessage)


def test_threads_may_share_a_reader(reader: Reader) -> None:
    found: list[Reading] = []
    threads = [threading.Thread(target=lambda: found.append(reader.read(ORDINARY))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({reading.content_key for reading in found}) == 1
    assert len(found) == 8


@pytest.mark.parametrize(
    ("encoding", "line"),
    [(b"base64", b"QUJD" * 18), (b"quoted-printable", b"caf=C3=A9" * 8), (b"8bit", b"plain" * 14)],
    ids=["base64", "quoted-printable", "8bit"],
)
def test_a_large_file_is_no_memory_bomb(tmp_path: Path, encoding: bytes, line: bytes) -> None:
    lines = 300_000
    head = b"From: Jo <jo@x.example>\r\nSubject: big\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: "
    with Reader(tmp_path / "spool") as reader:
        reader.read(ORDINARY)
        small = most_memory(child_of(reader))
        raw = head + encoding + b"\r\n\r\n" + (line + b"\r\n") * lines
        reading = reader.read(raw)
        assert most_memory(child_of(reader)) < small + len(raw) // 1024 + 12_000  # its bytes once, and some pieces
    assert isinstance(reading.message, IncomingMessage)
    [file] = reading.message.attachments
    kept = sha256(Path(file.spool).read_bytes()).hexdigest()
    assert (file.sha256, file.size) == (kept, Path(file.spool).stat().st_size)
    break_kept = b"" if encoding == b"base64" else b"\r\n"
    once = {b"base64": b"ABC" * 18, b"quoted-printable": "café".encode() * 8}.get(encoding, line) + break_kept
    assert kept == sha256(once * lines).hexdigest()


def test_the_child_carries_neither_a_database_nor_a_web_server() -> None:
    program = "import sys, mail.reader_child; print(sys.modules.keys() & {'sqlalchemy', 'pydantic', 'jinja2', 'flask'})"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True).stdout == "set()\n"

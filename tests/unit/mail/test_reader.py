"""The guarded reader: one bad mail ends a child at most, and the next mail is read all the same."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from mail.content_key import content_key
from mail.parse import parse
from mail.reader import Limits, Reader, Reading
from service.domain.message import Address, IncomingMessage, Unreadable

CORPUS = Path(__file__).parents[2] / "corpus"
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


def large(megabytes: int) -> bytes:
    """A mail that is well formed and simply too large for the memory given."""
    head = (
        b"From: Jo <jo@x.example>\r\nSubject: big\r\nMessage-ID: <big@x.example>\r\nContent-Type: application/pdf\r\n"
    )
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 18 + b"\r\n") * (megabytes * 14_000)


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
    with Reader(tmp_path, limits=Limits(memory_mb=256)) as reader:
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

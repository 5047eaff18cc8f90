"""Files in a letter: each arrives byte for byte under its own name, and nothing of it becomes a header."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from sqlmodel import Session

from mail.attachments import files_of
from mail.compose import LetterUnsendable, compose
from mail.enclosures import OutgoingFile, boundary_of
from mail.mime import read_parts
from mail.sender import senders
from service.casework.release_file import enclose_bytes
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.letters import Words
from service.store.database import transaction
from service.store.tables import Letter, LetterFile
from tests.unit.mail.test_compose import INJECTIONS, a_letter

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
NAMES = [
    "trees.pdf",
    "Trees – Mill Lane 2023.pdf",
    'say "hi" \\ there.pdf',
    "Žluťoučký kůň " * 9 + ".xlsx",
    "日本語の名前.csv",
    "x" * 200 + ".pdf",
    "=?utf-8?q?x?=.pdf",
    "per%20cent'and''quotes*.pdf",
]


def enclosed(*files: OutgoingFile, body: str = "Dear Harriet Bell,\n\nThank you.\n") -> bytes:
    sender = {"sender_name": "Anytown Borough Council", "sender_address": "foi@anytown.example"}
    return compose(a_letter(body=body), files, secret=b"secret", **sender)


def a_file(name: str = "trees.pdf", content_type: str = "application/pdf", content: bytes = PDF) -> OutgoingFile:
    return OutgoingFile(name, content_type, content)


def parts_of(raw: bytes) -> list[EmailMessage]:
    message = message_from_bytes(raw, policy=default)
    assert message.get_content_type() == "multipart/mixed" and not message.defects
    return [cast(EmailMessage, part) for part in message.iter_parts()]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_arrives_under_its_name_for_the_standard_library_and_for_our_own_reader(name: str) -> None:
    raw = enclosed(a_file(name))
    _, part = parts_of(raw)
    assert (part.get_filename(), part.get_content_disposition()) == (name, "attachment")
    assert part.get_payload(decode=True) == PDF
    (ours,) = [file for file in files_of(read_parts(raw)) if file.name]
    assert ours.data == PDF
    if len(name) < 100 and not set(name) & set('"\\*=?'):  # our reader makes names safe to keep
        assert ours.name == name
    assert max(map(len, raw.split(b"\r\n"))) <= 78 and raw.isascii()


def test_words_and_files_come_in_order_each_under_its_type() -> None:
    files = [a_file(), a_file("trees.csv", "text/csv", b"ward,felled\nNorth,12\n"), a_file("none.bin", "x/y", b"")]
    text, *others = parts_of(enclosed(*files))
    assert (text.get_content_type(), text.get_content().splitlines()[0]) == ("text/plain", "Dear Harriet Bell,")
    assert [part.get_content_type() for part in others] == ["application/pdf", "text/csv", "x/y"]
    assert [part.get_payload(decode=True) for part in others] == [file.content for file in files]


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_name_and_no_type_becomes_a_header(text: str) -> None:
    raw = enclosed(a_file(text, text))
    _, part = parts_of(raw)
    assert part.keys() == ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]
    assert part.get_payload(decode=True) == PDF
    assert message_from_bytes(raw)["Bcc"] is None
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("content_type", ["message/rfc822", "multipart/mixed", "nonsense", "", "TEXT/HTML; x=y"])
def test_a_type_that_may_not_be_base64_or_is_none_goes_out_as_bytes(content_type: str) -> None:
    _, part = parts_of(enclosed(a_file("x.eml", content_type)))
    assert part.get_content_type() == "application/octet-stream"
    assert part.get_payload(decode=True) == PDF


def test_the_same_row_gives_the_same_bytes_and_another_row_another_boundary() -> None:
    assert enclosed(a_file()) == enclosed(a_file())
    assert boundary_of("<1@x>", b"secret") != boundary_of("<2@x>", b"secret") != boundary_of("<2@x>", b"other")


def test_no_words_of_a_letter_end_it_early() -> None:
    boundary = boundary_of(a_letter().message_id, b"secret")
    text, part = parts_of(enclosed(a_file(content=f"--{boundary}--".encode()), body=f"a\n--{boundary}--\nb\n"))
    assert text.get_content().splitlines() == ["a", f"--{boundary}--", "b"]
    assert part.get_payload(decode=True) == f"--{boundary}--".encode()


def queued(session: Session, desk: Desk, content: bytes) -> Letter:
    files = [enclose_bytes(session, "trees.pdf", content)]
    ann, words = Recipient("Ann", "ann@example.com"), Words("Trees", "Dear Ann")
    return queue(session, desk, "reply", ann, words, at=desk.now(), files=files)


def test_a_letters_file_is_read_from_the_database(desk: Desk) -> None:
    large = bytes(range(256)) * 10_000  # several chunks
    with transaction(desk.engine) as session:
        letter = queued(session, desk, large)
    _, part = parts_of(senders(desk.settings)[0].mail(desk, letter))
    assert part.get_payload(decode=True) == large


def test_a_letter_whose_file_is_no_longer_what_it_was_does_not_go(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        letter = queued(session, desk, PDF)
        session.get_one(LetterFile, (letter.id, 0)).size += 1
    with pytest.raises(LetterUnsendable, match="no longer held"):
        senders(desk.settings)[0].mail(desk, letter)

"""Delivery reports: which letter, whose, and what became of it."""

from pathlib import Path

import pytest

from mail.parse import parse
from service.domain.message import Bounce, IncomingMessage

CORPUS = Path(__file__).parents[2] / "corpus"
LETTER = "<ack.letter1.0123456789abcdef0123@borough.example>"


def bounce(raw: bytes) -> Bounce | None:
    message = parse(raw)
    assert isinstance(message, IncomingMessage)
    return message.bounce


def read(name: str) -> Bounce:
    found = bounce((CORPUS / f"{name}.eml").read_bytes())
    assert found is not None
    return found


def test_one_failed_recipient_of_two_makes_the_letter_failed() -> None:
    assert read("bounce_mixed") == Bounce("failed", ("ann@residents.example",), (LETTER,), "550 5.1.1 no such mailbox")


@pytest.mark.parametrize(("name", "outcome"), [("bounce_delayed", "delayed"), ("bounce_delivered", "delivered")])
def test_a_delay_or_a_delivery_is_no_failure(name: str, outcome: str) -> None:
    assert (read(name).outcome, read(name).letter_ids) == (outcome, (LETTER,))


def test_a_report_in_plain_words_names_the_recipient_and_the_letter() -> None:
    found = read("bounce_text")
    assert found.recipients == ("ann@residents.example",)
    assert found.letter_ids == ("<ack.letter2.0123456789abcdef0123@borough.example>",)


def test_a_report_without_a_sender_is_still_a_report() -> None:
    assert read("bounce_without_from").outcome == "failed"


def test_a_status_code_stands_in_for_a_missing_action() -> None:
    raw = (CORPUS / "bounce_delayed.eml").read_bytes().replace(b"Action: delayed\r\n", b"").replace(b"4.4.1", b"5.4.1")
    found = bounce(raw)
    assert found is not None
    assert found.outcome == "failed"


def test_a_request_about_undelivered_mail_is_none() -> None:
    raw = b"From: jo@x.example\r\nSubject: Undelivered mail to the council\r\n\r\nPlease send me the complaints log."
    assert bounce(raw) is None

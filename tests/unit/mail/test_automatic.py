"""Machines and mailings: who is never answered, and who only looks like one of them."""

from pathlib import Path

import pytest

from mail.parse import parse
from service.domain.intake import Action, judge
from service.domain.message import IncomingMessage

CORPUS = Path(__file__).parents[2] / "corpus"
OWN = frozenset({"FOI@borough.example"})


def signs(*lines: str, body: str = "Good morning.", sender: str = "Jo <jo@residents.example>") -> IncomingMessage:
    message = parse("\r\n".join([f"From: {sender}", "Message-ID: <m@x>", *lines, "", body]).encode(), OWN)
    assert isinstance(message, IncomingMessage)
    return message


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied; owner-email=x",
        "Auto-Submitted: (vacation) auto-generated",
        "X-Autoreply:",
        "X-Autorespond: yes",
        "Precedence: auto_reply",
        "X-MessageClass: IPM.Note.Rules.OofTemplate.Microsoft",
    ],
)
def test_a_machines_mark_is_seen(line: str) -> None:
    assert signs(line).automatic


@pytest.mark.parametrize("line", ["Auto-Submitted: no", "Auto-Submitted: No", "Precedence: normal", "X-Priority: 1"])
def test_ordinary_headers_are_no_marks(line: str) -> None:
    message = signs(line)
    assert (message.automatic, message.bulk, message.concerns) == ((), (), ())


@pytest.mark.parametrize(
    "line",
    ["Precedence: bulk", "Precedence: junk", "List-Unsubscribe: <x>", "X-Spam-Status: Yes, score=9", "Feedback-ID: 1"],
)
def test_a_mailing_is_seen(line: str) -> None:
    assert signs(line).bulk


@pytest.mark.parametrize(
    "line",
    [
        "Return-Path: <>",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Loop: foi",
        "List-Id: Staff <staff.borough.example>",
        "\r\n".join(["Received: from a by b; Thu, 18 May 2023 10:00:00 +0100"] * 26),
    ],
)
def test_a_concern_holds_back_the_answer_and_nothing_else(line: str) -> None:
    message = signs(line, body="Please send me the minutes.")
    assert message.concerns
    assert judge(message, OWN).action is Action.NEW_CASE
    assert not judge(message, OWN).acknowledge


@pytest.mark.parametrize(
    "sender", ["no-reply@x.example", "NoReply+1@x.example", "do_not_reply@x.example", "mailer-daemon@x.example"]
)
def test_an_address_that_nobody_reads_is_not_answered(sender: str) -> None:
    assert "its sender's address does not take answers" in signs(sender=sender).concerns


@pytest.mark.parametrize("sender", ["request-12-ab@platform.example", "norman.reply@x.example", "rooty@x.example"])
def test_an_address_that_only_sounds_like_it_is_answered(sender: str) -> None:
    assert not signs(sender=sender).concerns


def test_a_receipt_from_a_machine_is_automatic() -> None:
    assert signs(sender="no_reply@office.example", body="Thank you for your email. Your case is 12.").automatic


def test_the_same_words_from_a_person_are_not() -> None:
    assert not signs(body="Thank you for your email. May I add a question?").automatic


def test_a_person_answering_an_absence_notice_is_not_automatic() -> None:
    assert not signs("Subject: RE: Automatic reply: hello", "In-Reply-To: <a@b>").automatic


@pytest.mark.parametrize(
    ("name", "action", "acknowledge"),
    [
        ("request_plain", Action.NEW_CASE, True),
        ("request_html_only", Action.NEW_CASE, True),
        ("request_about_absence", Action.NEW_CASE, True),
        ("form_request", Action.NEW_CASE, False),
        ("list_request", Action.NEW_CASE, False),
        ("request_forwarded_inside", Action.NEW_CASE, False),
        ("newsletter", Action.JUNK, False),
        ("away_exchange", Action.AUTOMATIC, False),
        ("away_no_threading", Action.AUTOMATIC, False),
        ("read_receipt", Action.AUTOMATIC, False),
        ("invitation_accepted", Action.AUTOMATIC, False),
        ("letter_looped", Action.AUTOMATIC, False),
        ("bounce_mixed", Action.BOUNCE, False),
        ("bounce_delayed", Action.BOUNCE, False),
        ("bounce_text", Action.BOUNCE, False),
        ("bounce_without_from", Action.BOUNCE, False),
        ("exchange_stub", Action.QUARANTINE, False),
    ],
)
def test_each_kind_of_mail_is_judged(name: str, action: Action, acknowledge: bool) -> None:
    verdict = judge(parse((CORPUS / f"{name}.eml").read_bytes(), OWN), OWN)
    assert (verdict.action, verdict.acknowledge) == (action, acknowledge), verdict.reason


def test_a_newspaper_that_asks_is_answered() -> None:
    message = signs(sender="news@gazette.example", body="Please send me the figures for 2022.")
    assert judge(message, OWN).acknowledge


def test_a_newsletter_without_any_mark_is_known_by_its_address_and_its_footer() -> None:
    assert signs(sender="newsletter@shop.example", body="Toner, half price.").bulk
    assert signs(body="Toner, half price.\r\n\r\nTo unsubscribe, click here.").bulk


def test_another_authoritys_desk_is_not_taken_for_ours() -> None:
    message = signs("X-FOI-Desk: abc", sender="foi@county.example", body="Please treat this as transferred to you.")
    assert not message.automatic
    assert judge(message, OWN).action is Action.NEW_CASE

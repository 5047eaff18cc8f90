"""The verdict on a mail by itself, and what it claims to answer."""

import pytest

from service.domain.intake import Action, answers_something, judge
from service.domain.message import Address, Attachment, Bounce, IncomingMessage, Unreadable
from service.domain.request_words import asks_for_information

JO = Address("Jo", "jo@residents.example")
PDF = Attachment("request.pdf", "application/pdf", 1, "0" * 64)


def message(
    subject: str = "Bins",
    text: str = "Good morning.",
    sender: Address = JO,
    bulk: tuple[str, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    references: tuple[str, ...] = (),
) -> IncomingMessage:
    return IncomingMessage("<1@x>", subject, sender, text, bulk=bulk, attachments=attachments, references=references)


def test_an_ordinary_mail_becomes_a_case_and_is_acknowledged() -> None:
    assert judge(message()).action is Action.NEW_CASE
    assert judge(message()).acknowledge


def test_an_unreadable_mail_waits_for_a_person() -> None:
    verdict = judge(Unreadable("It is empty."))
    assert (verdict.action, verdict.acknowledge, verdict.reason) == (Action.QUARANTINE, False, "It is empty.")


def test_a_bounce_is_a_bounce_even_when_a_machine_sent_it() -> None:
    mail = IncomingMessage("<1@x>", "", JO, "", bounce=Bounce("failed", (), ()), automatic=("a machine",))
    assert judge(mail).action is Action.BOUNCE


def test_a_mailing_is_junk() -> None:
    assert judge(message("Half price toner", bulk=("bulk",))).action is Action.JUNK


@pytest.mark.parametrize("text", ["Please send me the minutes.", "Could you tell me who pays?", "My FOI request"])
def test_a_mailing_that_asks_is_a_case_without_acknowledgement(text: str) -> None:
    verdict = judge(message(text=text, bulk=("bulk",)))
    assert (verdict.action, verdict.acknowledge) == (Action.NEW_CASE, False)


def test_a_mailing_with_papers_is_for_a_person_to_read() -> None:
    assert judge(message(bulk=("bulk",), attachments=(PDF,))).action is Action.NEW_CASE


def test_mail_from_the_desks_own_address_is_not_answered() -> None:
    own = frozenset({"FOI@borough.example"})
    assert not judge(message(sender=Address("", "foi@Borough.example")), own).acknowledge


@pytest.mark.parametrize(
    ("subject", "references", "answers"),
    [
        ("RE: Your request 01.FOI.23.034275", (), True),
        ("AW: [External] 01.FOI.23.034275", (), True),
        ("Your request 01.FOI.23.034275", (), False),
        ("Re: bins", (), False),
        ("Bins", ("<letter@x>",), True),
    ],
)
def test_an_answer_is_told_by_its_thread_or_by_re_and_a_reference(
    subject: str, references: tuple[str, ...], answers: bool
) -> None:
    assert answers_something(message(subject, references=references)) is answers


@pytest.mark.parametrize(
    "text",
    [
        "I would like to know how many trees were felled.",
        "How many potholes were filled in 2022?",
        "Under the Environmental Information Regulations, the reports",
        "Can you please provide copies of all invoices",
        "cais Rhyddid Gwybodaeth",
        "I wish to request the salary bands",
    ],
)
def test_the_words_people_ask_with_are_known(text: str) -> None:
    assert asks_for_information("", text)


@pytest.mark.parametrize("text", ["Toner at half the price.", "Meet our new laptop family.", "Buy now!", "Foie gras"])
def test_an_advertisement_asks_for_nothing(text: str) -> None:
    assert not asks_for_information("", text)

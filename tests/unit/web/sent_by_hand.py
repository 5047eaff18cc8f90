"""Mails that colleagues sent from Outlook, for the pages to show: one asked about, one of an unsure case."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from service.casework.assign import assign
from service.casework.receive import receive
from service.casework.sent_answers import check_sent_answer
from service.desk import Desk
from service.domain.message import Address, IncomingMessage
from service.store.mailboxes import Look, begin_mailbox, note_read
from service.store.officers import officer_by_email
from service.store.sent import answers_of
from service.store.tables import Case, Officer, Post
from tests.builders import a_message, open_a_case, stored_post
from tests.unit.web.seed import EMAILS

ANNA = Address("Anna Weir", "a.weir@example.com")
REFUSAL = """Dear Ms Weir,

We hold the contract. It is exempt under section 43(2) of the Act, so we refuse to give it.

Sam Okoro

From: Anna Weir <a.weir@example.com>
Sent: 20 May 2024 10:00
Please send me the contract for the winter gritting."""


@dataclass(frozen=True, slots=True)
class SentByHand:
    """The reference and message of one that may be the answer, of another, and the number of one of an unsure case."""

    asked: str
    message: int
    other: str
    unsure: int


def send_by_hand(session: Session, desk: Desk) -> SentByHand:
    """A case of Sam's that was answered from Outlook two hours ago, and another mail of Sam's."""
    now = desk.now()
    box = begin_mailbox(session, "foi", "\\Sent", now - timedelta(days=30))
    note_read(session, box, Look(uidvalidity=1, next_uid=3, listed=2), now - timedelta(minutes=1))
    sam = officer_by_email(session, EMAILS["officer"])
    assert sam is not None
    case, message_id = _answered(session, desk, sam, "Contract for the winter gritting")
    other, _ = _answered(session, desk, sam, "Contract for the street lamps")
    unsure = _found_in_sent(session, desk, a_sent_mail(subject="Your question", text="As we said on the telephone."))
    return SentByHand(case.reference, message_id, other.reference, unsure.id)


def _answered(session: Session, desk: Desk, sam: Officer, subject: str) -> tuple[Case, int]:
    now, asked = desk.now(), f"<{subject.replace(' ', '.')}@example.com>"
    asks = a_message(message_id=asked, sender=ANNA, subject=subject)
    case = open_a_case(session, desk, asks, received_at=now - timedelta(days=14))
    assign(session, desk, case, sam.id, at=now, by=f"officer:{sam.id}")
    _found_in_sent(session, desk, a_sent_mail(subject=f"Re: {subject}", in_reply_to=(asked,)))
    [(message_id, answer)] = answers_of(session, case.id).items()
    check_sent_answer(session, desk, answer, {}, at=now)
    return case, message_id


def a_sent_mail(**changes: object) -> IncomingMessage:
    """A mail of Sam's to Anna Weir."""
    words: dict[str, object] = {
        "sender": Address("Sam Okoro", EMAILS["officer"]),
        "to": (ANNA,),
        "subject": "Re: Contract for the winter gritting",
        "text": REFUSAL,
    }
    return a_message(**(words | changes))


def _found_in_sent(session: Session, desk: Desk, read: IncomingMessage) -> Post:
    post = stored_post(session, received_at=desk.now() - timedelta(hours=2), folder="\\Sent", sent=True)
    receive(session, desk, post, read, f"sent {post.id}", at=desk.now())
    return post

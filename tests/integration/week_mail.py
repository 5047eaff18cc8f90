"""The mails of a simulated week: requests, requesters' answers, what officers send from Outlook and say to the desk."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tests.integration.dovecot import FOI

SERVER = "mx1.anytown.example"
PASSES = f"{SERVER}; dmarc=pass header.from=anytown.example"
REFERENCE = re.compile(r"01\.FOI\.24\.\d{6}")


def a_mail(message_id: str, sender: str, subject: str, text: str, at: datetime, **headers: str) -> bytes:
    """A mail to the shared mailbox, dated when it was written, unless `headers` say otherwise."""
    mail = EmailMessage(policy=SMTP)
    words = {"From": sender, "To": FOI, "Subject": subject, "Date": format_datetime(at), "Message-ID": message_id}
    for name, value in (words | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def a_request(number: int, at: datetime) -> bytes:
    """What a person of its own asks."""
    text = f"Please send me the parking fines of street {number} in 2023.\n\nPerson {number}\n"
    return a_mail(f"<ask{number}@example.com>", person(number), f"Request {number}", text, at)


def person(number: int) -> str:
    return f"Person {number} <person{number}@example.com>"


def said_in_answer(letter: EmailMessage, line: str, message_id: str, sender: str, at: datetime) -> bytes:
    """One line on top of a mail of the desk's, as Outlook sends it and our mail server stamps it."""
    quoted = "\n".join(f"> {text}" for text in letter.get_content().splitlines())
    asked = letter["Message-ID"]
    mail = EmailMessage(policy=SMTP)
    mail["Authentication-Results"], mail["From"], mail["To"] = PASSES, sender, letter["Reply-To"] or FOI
    mail["Subject"], mail["Date"], mail["Message-ID"] = f"RE: {letter['Subject']}", format_datetime(at), message_id
    mail["In-Reply-To"] = mail["References"] = asked
    mail.set_content(f"{line}\n\nOn Monday, FOI wrote:\n{quoted}\n")
    mail.add_alternative(f"<p>{line}</p>", subtype="html")
    return mail.as_bytes()


def from_outlook(number: int, text: str, message_id: str, sender: str, answers: str, at: datetime) -> bytes:
    """An answer to a requester as Outlook leaves it in Sent."""
    older = f"On Monday, Person {number} wrote:\n> Please send me the parking fines of street {number} in 2023.\n"
    headers = {"To": person(number), "In_Reply_To": answers, "References": answers}
    return a_mail(message_id, sender, f"RE: Request {number}", f"{text}\n\n{older}", at, **headers)


def read(raw: bytes) -> EmailMessage:
    """A mail of the desk's, as it left over SMTP."""
    return message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)


def named(letter: EmailMessage) -> str:
    """The case that a mail of the desk's names in its subject, empty when it names none."""
    found = REFERENCE.search(letter["Subject"])
    return found[0] if found else ""


def address(letter: EmailMessage) -> str:
    """Whom a mail of the desk's is for."""
    return str(letter["To"].addresses[0].addr_spec)

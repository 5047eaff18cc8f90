"""Writing a letter into the outbox: its words are fixed with the act that caused it and never rendered again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from sqlmodel import Session

from service.casework.record import record
from service.desk import LONDON, Desk
from service.domain.kind import Kind
from service.domain.mail_size import mail_size, room_for_files
from service.domain.message_id import mint
from service.domain.regime import Matter, Regime
from service.domain.regulator import regulator
from service.errors import DeskError
from service.letters import Words
from service.store.case_files import add_letter_file
from service.store.correspondence import add_letter
from service.store.rows import new_row
from service.store.tables import Case, Letter, Message

MOST_REFERENCES = 900  # bytes; relays refuse longer headers


class FilesTooLarge(DeskError):
    """The files are too large for one letter: together at most {most:.1f} MB can go. Send fewer, or say on the case
    how the others reach the requester."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes out with a letter, its bytes held under their SHA-256.

    One that an officer put on a case comes from `release_file.enclose`, which lets none out that is not released.
    """

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What a letter answers: the Message-ID and the References header it carries (RFC 5322, 3.6.4)."""

    in_reply_to: str = ""
    references: str = ""


def in_thread(message: Message) -> Thread:
    """The thread of an answer to a message; empty when its sender gave it no Message-ID."""
    if message.message_id.endswith("@no-message-id.invalid>"):
        return Thread()
    return Thread(message.message_id, message.message_id)


def case_words(desk: Desk, case: Case, on: date) -> dict[str, object]:
    """What every letter about a case may say, on the day it is written."""
    limit = Regime(case.regime).rules.limit(Matter(case.matter))
    return {
        "case": case,
        "authority": desk.settings.authority_of(case.account),
        "mailbox": desk.settings.mailbox_of(case.account).address,
        "law": Regime(case.regime).rules.title,
        "time_limit": limit.days,
        "time_limit_in_words": limit.in_words,
        "regulator": regulator(case.regime, on),
    }


def write_letter(
    session: Session,
    desk: Desk,
    case: Case,
    kind: str,
    recipient: Recipient,
    words: Mapping[str, object],
    *,
    at: datetime,
    by: str,
    thread: Thread = Thread(),
    automatic: str = "",
) -> Letter:
    """Render a letter about a case from its template and queue it; raises LetterFault."""
    written = desk.stationery.write(kind, case_words(desk, case, at.astimezone(LONDON).date()) | dict(words))
    letter = queue(session, desk, kind, recipient, written, at=at, case=case, thread=thread, automatic=automatic)
    record(session, desk, case, Kind.LETTER_WRITTEN, at=at, by=by, letter=letter.id, kind=kind)
    return letter


def queue(
    session: Session,
    desk: Desk,
    kind: str,
    recipient: Recipient,
    written: Words,
    *,
    at: datetime,
    case: Case | None = None,
    thread: Thread = Thread(),
    automatic: str = "",
    files: Sequence[Enclosure] = (),
    answers_to: str = "",
) -> Letter:
    """Put written words, and files with them, into the outbox under a Message-ID that all attempts will share.

    Raises FilesTooLarge for more than the mail server takes.
    """
    box = desk.settings.mailbox_of(case.account if case else "")
    _refuse_too_large(desk, box.account, files)
    letter = add_letter(
        session,
        new_row(
            Letter,
            case_id=case.id if case else None,
            kind=kind,
            account=box.account,
            recipient_name=recipient.name,
            recipient_address=recipient.address,
            recipient_key=recipient.address.casefold(),
            subject=written.subject,
            body=written.body,
            message_id=mint(desk.secret, kind, token_hex(8), box.address.rpartition("@")[2]),
            in_reply_to=thread.in_reply_to,
            references=thread.references,
            automatic=automatic,
            answers_to=answers_to,
            created_at=at,
        ),
    )
    for position, file in enumerate(files):
        _enclose(session, letter.id, position, file)
    return letter


def _enclose(session: Session, letter_id: int, position: int, file: Enclosure) -> None:
    add_letter_file(
        session,
        letter_id,
        position,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
    )


def most_for_files(desk: Desk, account: str) -> int:
    """How many bytes of files a letter from an account may carry."""
    return room_for_files(desk.settings.smtp_of(account).largest_mail)


def _refuse_too_large(desk: Desk, account: str, files: Sequence[Enclosure]) -> None:
    largest = desk.settings.smtp_of(account).largest_mail
    if files and mail_size(file.size for file in files) > largest:
        raise FilesTooLarge(most=room_for_files(largest) / 1_000_000)

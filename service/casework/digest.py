"""The digests: written as things stand, each to whoever may have it and wants it, and once a day."""

from datetime import date, datetime

from sqlmodel import Session

from service.casework.invite import bind, reply_address_for
from service.casework.own_digest import own_words
from service.casework.supervisors_digest import supervisors_words
from service.casework.weekly_digest import weekly_words
from service.casework.write_letter import Recipient, queue
from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.domain.topic import Topic
from service.errors import DeskError
from service.letters import Words, folded
from service.store.digests import claim_digest, entitled
from service.store.officers import officer_by_id
from service.store.tables import Officer

ANSWERABLE = (DigestKind.SUPERVISORS, DigestKind.OWN)  # their lines name cases that an answer can act on
TEMPLATES = {DigestKind.SUPERVISORS: "digest", DigestKind.OWN: "digest-own", DigestKind.WEEKLY: "digest-weekly"}


class DigestNotYours(DeskError):
    """Only supervisors get that email."""


def compose_digest(session: Session, desk: Desk, kind: DigestKind, reader: Officer, *, at: datetime) -> Words | None:
    """A digest as it is at an instant; None when there is nothing to say. Raises LetterFault or DigestNotYours."""
    if not entitled(reader, kind):
        raise DigestNotYours
    match kind:
        case DigestKind.SUPERVISORS:
            words: dict[str, object] | None = supervisors_words(session, desk, reader.id, at=at)
        case DigestKind.WEEKLY:
            words = weekly_words(session, desk, at=at)
        case DigestKind.OWN:
            words = own_words(session, desk, reader, at=at)
    if words is None:
        return None
    written = desk.stationery.write(TEMPLATES[kind], words)
    return Words(written.subject, folded(written.body))


def send_digest(
    session: Session, desk: Desk, kind: DigestKind, reader: Officer, written: Words, *, at: datetime
) -> None:
    """Queue a composed digest to its reader, as a machine's mail that nobody's machine answers."""
    answers = reply_address_for(session, desk, reader, Topic.LIST, at=at) if kind in ANSWERABLE else None
    how = folded(desk.stationery.block("answers", {"answers": answers}))
    letter = queue(
        session,
        desk,
        TEMPLATES[kind],
        Recipient(reader.name, reader.email),
        Words(written.subject, written.body + how),
        at=at,
        automatic="auto-generated",
        answers_to=answers.address if answers else "",
    )
    bind(session, answers, letter)


def settle_digest(
    session: Session,
    desk: Desk,
    kind: DigestKind,
    officer_id: int,
    written: Words | None,
    *,
    day: date,
    at: datetime,
) -> bool:
    """Settle an officer's digest of a day: queue it, unless they have had it, do not want it, or have left.

    Returns whether it was queued. One with nothing to say is settled too, so that it is not made again all day long.
    """
    reader = officer_by_id(session, officer_id)
    if reader is None or not entitled(reader, kind) or not claim_digest(session, officer_id, kind, day):
        return False
    if written is None:
        return False
    send_digest(session, desk, kind, reader, written, at=at)
    return True

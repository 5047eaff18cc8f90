"""Officers' answers to the desk's mails, as they come in."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from service.casework.assign import assign
from service.casework.obey_instruction import obey
from service.desk import Desk
from service.domain.message import Address, IncomingMessage
from service.store.instructions import waiting_instructions
from service.store.tables import Case, InstructionRow, Letter, Officer, Post
from tests.builders import a_message, an_officer, arrive, open_a_case
from tests.conftest import council_settings

SERVER = "mx1.anytown.example"
PASS = (
    f"authentication-results: {SERVER}; dmarc=pass header.from=anytown.example",
    f"received: from outlook.anytown.example (x [192.0.2.1]) by {SERVER} with ESMTPS; Mon",
)
FAIL = (f"authentication-results: {SERVER}; dmarc=fail header.from=anytown.example", PASS[1])
BOX = {"plus_addresses": True, "authserv_id": SERVER}


def verbal(desk: Desk, folder: Path, **sections: Any) -> Desk:
    """The desk with a mailbox that takes plus addresses, before a server that vouches for senders."""
    box = BOX | sections.pop("mailbox", {})
    return replace(desk, settings=council_settings(folder, mailbox=box, **sections))


def letters(session: Session, kind: str) -> Sequence[Letter]:
    """Our letters of a kind, oldest first."""
    return session.exec(select(Letter).where(col(Letter.kind) == kind).order_by(col(Letter.id))).all()


def answer(mail: Letter, said: str, officer: Officer, **changes: Any) -> IncomingMessage:
    """What an officer's mail program makes of an answer to a mail of ours."""
    quoted = "\n".join(f"> {line}" for line in mail.body.splitlines())
    words: dict[str, Any] = {
        "subject": f"RE: {mail.subject}",
        "sender": Address(officer.name, officer.email),
        "to": (Address("", mail.answers_to or "foi@anytown.example"),),
        "in_reply_to": (mail.message_id,),
        "text": f"{said}\n\nOn Monday 3 June 2024 at 09:30, FOI wrote:\n{quoted}",
        "trace": PASS,
        "plain": True,
    }
    return a_message(**(words | changes))


def say(session: Session, desk: Desk, message: IncomingMessage) -> tuple[Post, InstructionRow | None]:
    """Receive an answer and do what waits; gives its mail and what the record says of it."""
    post = arrive(session, desk, message)
    for waiting in waiting_instructions(session):
        obey(session, desk, waiting, at=desk.now())
    return post, session.exec(select(InstructionRow).where(col(InstructionRow.post_id) == post.id)).first()


def given_to(session: Session, desk: Desk, officer: Officer, by: str = "officer:99") -> tuple[Case, Letter]:
    """A case that somebody gave to an officer, and the mail that tells them."""
    case = open_a_case(session, desk)
    assign(session, desk, case, officer.id, at=desk.now(), by=by)
    return case, letters(session, "assigned")[-1]


def sam(session: Session) -> Officer:
    return an_officer(session)

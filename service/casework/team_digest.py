"""What everybody who works in the shared mailbox finds in it each morning: the day's work, as a message of its own."""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from service.casework.digest_sections import Section, counts, section_of_list
from service.desk import LONDON, Desk
from service.domain.message_id import is_ours, mint
from service.letters import Words, folded
from service.store.page_counts import page_counts
from service.store.rows import new_row
from service.store.tables import Letter
from service.store.worklist import Days, Narrowing, View

TEMPLATE = "digest-team"
PREFIX = f"<{TEMPLATE}."  # of the Message-IDs of all of them


def compose_team_digest(session: Session, desk: Desk, account: str, *, at: datetime) -> Letter:
    """The day's message, which never goes through the outbox: its Message-ID is that of its mailbox and day."""
    today, box = at.astimezone(LONDON).date(), desk.settings.mailbox_of(account)
    written = desk.stationery.write(TEMPLATE, _words(session, desk, account, today))
    words = Words(written.subject, folded(written.body))
    return new_row(
        Letter,
        kind=TEMPLATE,
        account=account,
        recipient_name=desk.settings.authority_of(account).name,
        recipient_address=box.address,
        recipient_key=box.address.casefold(),
        subject=words.subject,
        body=words.body,
        message_id=_message_id(desk, account, today),
        automatic="auto-generated",
        created_at=at,
    )


def is_team_digest(desk: Desk, message_id: str) -> bool:
    """Whether a message is one of these: no other has such a Message-ID, which only the desk can make."""
    return message_id.startswith(PREFIX) and is_ours(desk.secret, message_id)


def _message_id(desk: Desk, account: str, today: date) -> str:
    plain = "".join(letter for letter in account if letter.isalnum())
    domain = desk.settings.mailbox_of(account).address.rpartition("@")[2]
    return mint(desk.secret, TEMPLATE, f"{today:%Y%m%d}{plain}", domain)


def _words(session: Session, desk: Desk, account: str, today: date) -> dict[str, object]:
    soon, here = desk.settings.team.due_soon, Narrowing(account=account if desk.settings.mailboxes else "")
    on_today = replace(here, due=Days(today, today))
    sections: list[Section] = [
        section_of_list(session, desk, today, "overdue", "Overdue", View.OVERDUE, here),
        section_of_list(session, desk, today, "today", "Due today", View.OPEN, on_today),
        section_of_list(session, desk, today, "soon", f"Due within {soon} working days", View.DUE_SOON, here),
        section_of_list(session, desk, today, "unassigned", "Without an owner", View.UNASSIGNED, here),
        section_of_list(
            session, desk, today, "stopped", "Waiting for the requester", View.STOPPED, here, sort="stopped"
        ),
    ]
    return {
        "today": today,
        "due_soon": soon,
        "sections": [section for section in sections if section.total],
        "counts": counts(sections),
        "to_sort": page_counts(session).to_sort,
        "link": desk.settings.web.url.rstrip("/"),
    }

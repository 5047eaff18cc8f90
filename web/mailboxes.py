"""Where every mail is: for each mailbox what was seen of it, and which list each mail lies in."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service.casework.permission import NotYours
from service.health import filing_trouble, patience, sent_overdue
from service.sent_places import SentPlace
from service.servers import MailboxSettings
from service.store.cases import cases_by_id
from service.store.correspondence import posts_by_id
from service.store.database import reading, transaction
from service.store.mailboxes import NoSuchMailbox, Tally, mailbox, note_looked_for, tally
from service.store.officers import Role
from service.store.placements import moves_since
from service.store.sent import count_sent
from service.store.tables import Mailbox
from web.current import actor, desk, kept, role

log = logging.getLogger(__name__)
SHOWN = timedelta(days=7)  # of what people moved
pages = Blueprint("mailboxes", __name__, url_prefix="/mailboxes")


@dataclass(frozen=True, slots=True)
class Read:
    """A mailbox, what is known of it, None before its first reading, and where its mails are."""

    settings: MailboxSettings
    row: Mailbox | None
    mails: Tally
    counted_at: datetime | None  # when not just now
    late: bool
    unfiled: str  # why its mail does not lie in folders by case, where it should


@dataclass(frozen=True, slots=True)
class Sent:
    """A Sent folder, what is known of it, None before its first look, and how many of its mails are what."""

    place: SentPlace
    row: Mailbox | None
    mails: Mapping[str, int]
    late: bool


@pages.get("")
def show() -> ResponseReturnValue:
    served, now = desk(), desk().now()
    with reading(served.engine) as session:
        found = [(box, mailbox(session, box.account, box.folder)) for box in served.settings.every_mailbox]
        read = [
            Read(
                box,
                row,
                *_tally(session, box, now),
                _late(row),
                filing_trouble(session, served, box.account),
            )
            for box, row in found
        ]
        moves = moves_since(session, now - SHOWN)
        posts = posts_by_id(session, {move.post_id for move in moves})
        cases = cases_by_id(session, [move.case_id for move in moves if move.case_id is not None])
        sent = [_sent(session, place, now) for place in served.settings.sent_places]
    return render_template(
        "web/mailboxes.html",
        read=read,
        sent=sent,
        moves=[(move, posts[move.post_id], cases.get(move.case_id) if move.case_id else None) for move in moves],
        filed=any(box.filing != "off" for box in served.settings.every_mailbox),
        may_settle=role().covers(Role.SUPERVISOR),
    )


def _tally(session: Session, box: MailboxSettings, now: datetime) -> tuple[Tally, datetime | None]:
    place = box.account, box.folder
    found = kept().get(("tally", *place), now, lambda: tally(session, *place))
    return found.answer, found.at if found.at < now else None


def _sent(session: Session, place: SentPlace, now: datetime) -> Sent:
    row = mailbox(session, *place.key)
    return Sent(place, row, count_sent(session, *place.key), row is not None and sent_overdue(row, now))


def _late(row: Mailbox | None) -> bool:
    since: datetime | None = row.read_at if row else None
    return since is None or desk().now() - since > patience(desk(), row.account if row else "")


@pages.post("/<account>/looked-for")
def looked_for(account: str) -> ResponseReturnValue:
    """A supervisor has looked for the mails that came and left."""
    if not role().covers(Role.SUPERVISOR):
        raise NotYours(why="Supervisors say that missing mail has been looked for.")
    served = desk()
    box = served.settings.mailbox_of(account)
    with transaction(served.engine) as session:
        row = mailbox(session, box.account, box.folder)
        if row is None or box.account != account:
            raise NoSuchMailbox
        log.info("%s has looked for %d mails that came to %s and left", actor(), row.missing, row.account)
        note_looked_for(session, row)
    flash("Noted: the missing mail has been looked for.")
    return redirect(url_for("mailboxes.show"))

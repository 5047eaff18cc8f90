"""Telling other systems of a case: written into the outbox of each webhook with the act itself, and delivered after.

A message tells the event, reference, law, dates and links of a case; nothing of who asked, and no word of theirs.
"""

import json
from datetime import date, datetime
from secrets import token_hex

from sqlmodel import Session

from service.casework.standing_of import standing_of
from service.desk import Desk
from service.domain.announcement import Announcement
from service.domain.standing import StandingKind
from service.store.milestones import mark_reached
from service.store.tables import Case, WebhookDelivery
from service.store.webhooks import Told, listeners, milestones_named, queue_delivery
from service.store.worklist import open_cases

_OF_STANDING = {StandingKind.DUE_SOON: Announcement.DUE_SOON, StandingKind.OVERDUE: Announcement.OVERDUE}


def announce(session: Session, desk: Desk, case: Case, event: Announcement, *, at: datetime) -> int:
    """Queue a message of an event to every webhook that is told of it; returns how many."""
    told = listeners(session, event)
    for webhook_id in told:
        message = Told(event, case.id, _body(event, at, _data(desk, case)), _message_id())
        queue_delivery(session, webhook_id, message, at)
    return len(told)


def announce_deadlines(session: Session, desk: Desk, *, today: date, at: datetime) -> int:
    """Tell of every open case that falls due soon or is overdue, once for each deadline it has; returns how many."""
    heard = {kind: event for kind, event in _OF_STANDING.items() if listeners(session, event)}
    if not heard:
        return 0
    done = {event: milestones_named(session, _milestone(event)) for event in heard.values()}
    number = 0
    for case in open_cases(session):
        event = heard.get(standing_of(desk, case, today).kind)
        if event is None or case.due_on is None or (case.id, case.due_on) in done[event]:
            continue
        mark_reached(session, case.id, case.due_on, _milestone(event), today)
        announce(session, desk, case, event, at=at)
        number += 1
    return number


def queue_test(session: Session, webhook_id: int, *, at: datetime) -> WebhookDelivery:
    """Queue a message that tells nothing, to see whether a webhook is reached."""
    told = Told(Announcement.TEST, None, _body(Announcement.TEST, at, {}), _message_id())
    return queue_delivery(session, webhook_id, told, at)


def _milestone(event: Announcement) -> str:
    return f"webhook {event.value}"  # apart from those that letters are written at


def _message_id() -> str:
    return f"msg_{token_hex(16)}"


def _body(event: Announcement, at: datetime, data: dict[str, str | None]) -> str:
    return json.dumps({"type": event.value, "timestamp": at.isoformat(), "data": data})


def _data(desk: Desk, case: Case) -> dict[str, str | None]:
    root = desk.settings.web.url.rstrip("/")
    return {
        "reference": case.reference,
        "regime": case.regime,
        "received_on": _iso(case.received_on),
        "due_on": _iso(case.due_on),
        "prudent_due_on": _iso(case.prudent_due_on),
        "answered_on": _iso(case.answered_on),
        "link": f"{root}/cases/{case.reference}",
        "api": f"{root}/api/v1/cases/{case.reference}",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

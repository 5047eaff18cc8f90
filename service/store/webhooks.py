"""Webhooks and what they are told: written with the act, and taken out for delivery so that no two workers hold one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, delete, func, or_, select

from service.domain.announcement import Announcement
from service.errors import DeskError
from service.store.group import once
from service.store.rows import add_row, new_row
from service.store.tables import Case, Milestone, Webhook, WebhookDelivery

QUEUED, SENDING, DELIVERED, FAILED = "queued", "sending", "delivered", "failed"
UNDELIVERED = (QUEUED, SENDING)


_EVERY = select(Webhook).where(col(Webhook.removed_at).is_(None)).order_by(col(Webhook.id))


class NoSuchWebhook(DeskError):
    """There is no such webhook. `foidesk webhook list` shows them."""


class NoSuchDelivery(DeskError):
    """There is no such message to a webhook."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message is about: an event, of a case unless it is a test, with its body and its stable id."""

    event: Announcement
    case_id: int | None
    body: str
    message_id: str


def add_webhook(session: Session, webhook: Webhook) -> Webhook:
    """Keep a new webhook."""
    session.add(webhook)
    session.flush()
    return webhook


def webhooks(session: Session) -> Sequence[Webhook]:
    """Every webhook that was not removed, oldest first."""
    return session.exec(_EVERY).all()


def webhook_by_id(session: Session, webhook_id: int) -> Webhook:
    """A webhook that was not removed; raises NoSuchWebhook."""
    found = session.get(Webhook, webhook_id)
    if found is None or found.removed_at is not None:
        raise NoSuchWebhook
    return found


def listeners(session: Session, event: Announcement) -> list[int]:
    """The keys of the webhooks in use that are told of an event."""
    every = once(session, "webhooks", lambda: _in_use(session))
    return [key for key, events in every if event.value in events.split()]


def _in_use(session: Session) -> Sequence[tuple[int, str]]:
    query = select(Webhook.id, Webhook.events)
    return session.exec(query.where(col(Webhook.removed_at).is_(None), col(Webhook.disabled_at).is_(None))).all()


def queue_delivery(session: Session, webhook_id: int, told: Told, at: datetime) -> WebhookDelivery:
    """Write a message into the outbox of a webhook, in the transaction of what it tells of."""
    return add_row(
        session,
        new_row(
            WebhookDelivery,
            webhook_id=webhook_id,
            case_id=told.case_id,
            message_id=told.message_id,
            event=told.event.value,
            body=told.body,
            queued_at=at,
            created_at=at,
        ),
    )


def due_webhooks(session: Session, now: datetime) -> Sequence[Webhook]:
    """The webhooks in use whose time has come and that have something to be told."""
    waits = select(WebhookDelivery.webhook_id).where(col(WebhookDelivery.state).in_(UNDELIVERED), _due(now))
    in_use = (col(Webhook.removed_at).is_(None), col(Webhook.disabled_at).is_(None))
    rested = or_(col(Webhook.next_try_at).is_(None), col(Webhook.next_try_at) <= now)
    return session.exec(select(Webhook).where(*in_use, rested, col(Webhook.id).in_(waits))).all()


def claim_delivery(session: Session, webhook_id: int, now: datetime, until: datetime) -> WebhookDelivery | None:
    """Take the message that has been tried least, for nobody else to send before `until`.

    One that a worker took and never settled is taken again: the receiver knows it by its id.
    """
    query = select(WebhookDelivery).where(
        col(WebhookDelivery.webhook_id) == webhook_id, col(WebhookDelivery.state).in_(UNDELIVERED), _due(now)
    )
    query = query.order_by(col(WebhookDelivery.attempts), col(WebhookDelivery.id)).limit(1)
    found = session.exec(query.with_for_update(skip_locked=True)).first()
    return _claimed(session, found, until) if found is not None else None


def take_delivery(session: Session, delivery_id: int, until: datetime) -> WebhookDelivery:
    """Take a certain message, for nobody else to send before `until`; raises NoSuchDelivery."""
    return _claimed(session, lock_delivery(session, delivery_id), until)


def _claimed(session: Session, delivery: WebhookDelivery, until: datetime) -> WebhookDelivery:
    delivery.state, delivery.next_try_at = SENDING, until
    delivery.attempts += 1
    session.add(delivery)
    session.flush()
    return delivery


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(col(WebhookDelivery.next_try_at).is_(None), col(WebhookDelivery.next_try_at) <= now)


def lock_delivery(session: Session, delivery_id: int) -> WebhookDelivery:
    """A message as it is now, locked until the transaction ends; raises NoSuchDelivery."""
    found = session.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchDelivery
    return found


def lock_webhook(session: Session, webhook_id: int) -> Webhook:
    """A webhook as it is now, locked until the transaction ends."""
    return session.get_one(Webhook, webhook_id, with_for_update=True, populate_existing=True)


def give_up_all(session: Session, webhook_id: int, why: str) -> None:
    """What waits for a webhook that is no longer told anything has failed."""
    query = select(WebhookDelivery).where(
        col(WebhookDelivery.webhook_id) == webhook_id, col(WebhookDelivery.state).in_(UNDELIVERED)
    )
    for row in session.exec(query).all():
        row.state, row.next_try_at, row.trouble = FAILED, None, row.trouble or why
        session.add(row)
    session.flush()


def last_deliveries(session: Session, webhook_id: int, limit: int) -> list[tuple[WebhookDelivery, str]]:
    """The newest messages to a webhook, each with the reference of the case it tells of; a test tells of none."""
    query = select(WebhookDelivery, Case.reference).join(
        Case, col(Case.id) == col(WebhookDelivery.case_id), isouter=True
    )
    query = query.where(col(WebhookDelivery.webhook_id) == webhook_id)
    rows = session.exec(query.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()
    return [(row, reference or "") for row, reference in rows]


def count_deliveries(session: Session) -> dict[tuple[int, str], int]:
    """How many messages of each webhook are in each state."""
    keys = (col(WebhookDelivery.webhook_id), col(WebhookDelivery.state))
    rows = session.execute(sa_select(*keys, func.count()).group_by(*keys)).all()
    return {(webhook_id, state): number for webhook_id, state, number in rows}


def forget_settled(session: Session, before: datetime) -> None:
    """Delete what was delivered, or last queued and then given up, before an instant."""
    delivered = and_(col(WebhookDelivery.state) == DELIVERED, col(WebhookDelivery.delivered_at) < before)
    given_up = and_(col(WebhookDelivery.state) == FAILED, col(WebhookDelivery.queued_at) < before)
    session.exec(delete(WebhookDelivery).where(or_(delivered, given_up)))


def milestones_named(session: Session, name: str) -> set[tuple[int, date]]:
    """For which case and deadline a milestone has been reached."""
    query = sa_select(col(Milestone.case_id), col(Milestone.due_on)).where(col(Milestone.name) == name)
    return {(case_id, due_on) for case_id, due_on in session.execute(query).all()}

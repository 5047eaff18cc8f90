"""Webhooks as administrators make, change and remove them."""

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex

from sqlmodel import Session

from service.domain.announcement import OF_CASES, Announcement
from service.errors import DeskError
from service.store.tables import Webhook
from service.store.webhooks import (
    FAILED,
    QUEUED,
    NoSuchDelivery,
    add_webhook,
    give_up_all,
    lock_delivery,
    lock_webhook,
    webhook_by_id,
)


class WebhookUnfit(DeskError):
    """Choose at least one event that the webhook is told of."""


class NothingToTryAgain(DeskError):
    """This message waits to be sent or was delivered: there is nothing to try again."""


def subscribe(session: Session, url: str, events: Collection[Announcement], *, at: datetime, by: str) -> Webhook:
    """Keep a webhook to an address that was checked; raises WebhookUnfit."""
    wanted = [event.value for event in OF_CASES if event in events]
    if not wanted:
        raise WebhookUnfit
    made = Webhook(url=url, events=" ".join(wanted), salt=token_hex(16), created_at=at, created_by=by)
    return add_webhook(session, made)


def rotate(session: Session, webhook_id: int, *, at: datetime) -> Webhook:
    """Give a webhook a new secret; for a day the old one signs too. Raises NoSuchWebhook."""
    webhook = webhook_by_id(session, webhook_id)
    webhook.old_salt, webhook.salt, webhook.rotated_at = webhook.salt, token_hex(16), at
    session.add(webhook)
    session.flush()
    return webhook


def switch_on(session: Session, webhook_id: int) -> None:
    """Tell a webhook again that was switched off because it failed; raises NoSuchWebhook."""
    webhook = webhook_by_id(session, webhook_id)
    webhook.disabled_at, webhook.failures, webhook.trouble = None, 0, ""
    webhook.failing_since, webhook.next_try_at = None, None
    session.add(webhook)
    session.flush()


def unsubscribe(session: Session, webhook_id: int, *, at: datetime) -> None:
    """Remove a webhook; its row stays on the record. Raises NoSuchWebhook."""
    webhook = webhook_by_id(session, webhook_id)
    webhook.removed_at = at
    session.add(webhook)
    session.flush()
    give_up_all(session, webhook_id, "the webhook was removed")


def try_again(session: Session, webhook_id: int, delivery_id: int, *, at: datetime) -> None:
    """Queue a message that failed once more, at once; raises NoSuchWebhook, NoSuchDelivery or NothingToTryAgain."""
    webhook_by_id(session, webhook_id)
    webhook = lock_webhook(session, webhook_id)  # before the message, as whoever settles one does
    delivery = lock_delivery(session, delivery_id)
    if delivery.webhook_id != webhook_id:
        raise NoSuchDelivery
    if delivery.state not in (FAILED, QUEUED):
        raise NothingToTryAgain
    delivery.state, delivery.queued_at, delivery.next_try_at, delivery.attempts = QUEUED, at, None, 0
    webhook.next_try_at = None
    session.add_all((delivery, webhook))
    session.flush()

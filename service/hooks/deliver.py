"""The outboxes of the webhooks go out: each message claimed, sent and settled in transactions of its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from service.casework.announce import queue_test
from service.desk import Desk
from service.domain.announcement import Announcement
from service.hooks.post import Reply, post
from service.hooks.signature import sign
from service.store.database import reading, transaction
from service.store.tables import Webhook, WebhookDelivery
from service.store.webhooks import (
    DELIVERED,
    FAILED,
    QUEUED,
    claim_delivery,
    due_webhooks,
    give_up_all,
    lock_delivery,
    lock_webhook,
    take_delivery,
    webhook_by_id,
)

DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))  # as for letters: the last for ever after
GIVE_UP = timedelta(hours=48)
KEPT = timedelta(days=30)  # for which what was delivered or given up is shown
AT_ONCE = 4  # receivers; a slow one holds up nobody but itself
ROUND = 30.0  # seconds of a round for one receiver
GONE = 410  # it wants no more (Standard Webhooks)


@dataclass(frozen=True, slots=True)
class Round:
    """How many messages a round brought to each state."""

    delivered: int = 0
    queued: int = 0
    failed: int = 0


def deliver_webhooks(desk: Desk) -> Round:
    """Send what is due to each receiver, several at once; the first failure leaves a receiver alone until its time."""
    with reading(desk.engine) as session:
        due = [webhook.id for webhook in due_webhooks(session, desk.now())]
    states: Counter[str] = Counter()
    if due:
        with ThreadPoolExecutor(AT_ONCE) as senders:
            for found in senders.map(lambda webhook_id: _deliver(desk, webhook_id), due):
                states.update(found)
    return Round(states[DELIVERED], states[QUEUED], states[FAILED])


def send_test(desk: Desk, webhook_id: int) -> WebhookDelivery:
    """Tell a receiver a test now, whatever its time; returns the message as it then stands. Raises NoSuchWebhook.

    A test that is not accepted is not tried again.
    """
    with transaction(desk.engine) as session:
        webhook = webhook_by_id(session, webhook_id)
        test = queue_test(session, webhook_id, at=desk.now())
        delivery = take_delivery(session, test.id, _until(desk))
    _settle(desk, delivery, _post(desk, webhook, delivery))
    with transaction(desk.engine) as session:
        return lock_delivery(session, delivery.id)


def _until(desk: Desk) -> datetime:
    """How long a claim on a message lasts: longer than an exchange can take."""
    return desk.now() + timedelta(seconds=3 * desk.settings.webhooks.timeout + 60)


def _deliver(desk: Desk, webhook_id: int) -> Counter[str]:
    states: Counter[str] = Counter()
    until = monotonic() + ROUND
    while monotonic() < until:
        with transaction(desk.engine) as session:
            webhook = lock_webhook(session, webhook_id)
            delivery = claim_delivery(session, webhook_id, desk.now(), _until(desk))
        if delivery is None:
            break
        reply = _post(desk, webhook, delivery)
        states[_settle(desk, delivery, reply)] += 1
        if not reply.accepted:
            break
    return states


def _post(desk: Desk, webhook: Webhook, delivery: WebhookDelivery) -> Reply:
    body = delivery.body.encode()
    headers = sign(desk.secret, webhook, delivery.message_id, body, desk.now())
    return post(desk.settings.webhooks, webhook.url, body, headers, monotonic)


def _settle(desk: Desk, claimed: WebhookDelivery, reply: Reply) -> str:
    """Write down what an attempt came to, on the message and on its receiver; the message's state now."""
    now = desk.now()
    with transaction(desk.engine) as session:
        webhook, delivery = lock_webhook(session, claimed.webhook_id), lock_delivery(session, claimed.id)
        if delivery.state == DELIVERED or (delivery.attempts != claimed.attempts and not reply.accepted):
            return delivery.state  # it has gone through other hands since
        delivery.status, delivery.trouble, delivery.next_try_at = reply.status, reply.trouble, None
        if reply.accepted:
            delivery.state, delivery.delivered_at = DELIVERED, now
            webhook.failures, webhook.failing_since, webhook.next_try_at, webhook.trouble = 0, None, None, ""
        elif delivery.event == Announcement.TEST:
            delivery.state = FAILED  # whoever tried looks on; what is told of cases does not wait for it
        else:
            _put_off(delivery, now)
            _rest(desk, webhook, reply, now)
        session.add_all((webhook, delivery))
        session.flush()
        if webhook.disabled_at is not None or webhook.removed_at is not None:
            give_up_all(session, webhook.id, "the webhook was switched off")
        return delivery.state


def _put_off(delivery: WebhookDelivery, now: datetime) -> None:
    # A desk that was itself off for two days must not give its messages up at their first attempt.
    if delivery.attempts > len(DELAYS) and now - delivery.queued_at >= GIVE_UP:
        delivery.state = FAILED
    else:
        delivery.state, delivery.next_try_at = QUEUED, now + DELAYS[min(delivery.attempts, len(DELAYS)) - 1]


def _rest(desk: Desk, webhook: Webhook, reply: Reply, now: datetime) -> None:
    """Leave a receiver that fails alone for a while; switch it off when it has failed for days."""
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.trouble = reply.trouble
    webhook.next_try_at = now + DELAYS[min(webhook.failures, len(DELAYS)) - 1]
    patience = timedelta(days=desk.settings.webhooks.disable_after_days)
    if reply.status == GONE or now - webhook.failing_since >= patience:
        webhook.disabled_at = now

"""Signatures as Standard Webhooks has them, with secrets that are derived and never stored."""

import hmac
from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from service.store.tables import Webhook

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)  # for which the secret before signs too


def secret_of(desk_secret: bytes, salt: str) -> str:
    """The secret of a webhook as its receiver is told it; the same desk secret and salt give the same."""
    return PREFIX + b64encode(_key(desk_secret, salt)).decode()


def sign(desk_secret: bytes, webhook: Webhook, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove a body, its id and the moment to be ours."""
    timestamp = str(int(now.timestamp()))
    salts = [webhook.salt]
    if webhook.old_salt and webhook.rotated_at is not None and now - webhook.rotated_at < OVERLAP:
        salts.append(webhook.old_salt)
    content = f"{message_id}.{timestamp}.".encode() + body
    signed = [b64encode(hmac.digest(_key(desk_secret, salt), content, sha256)).decode() for salt in salts]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signed),
    }


def _key(desk_secret: bytes, salt: str) -> bytes:
    return hmac.digest(desk_secret, f"foidesk webhook {salt}".encode(), "sha256")

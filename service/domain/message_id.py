"""Our own Message-IDs: they say which letter they are of, and only we can have made them."""

import hmac
import re
from hashlib import sha256

_OURS = re.compile(r"<([a-z-]{1,40})\.([0-9a-z]{1,40})\.([0-9a-f]{16})@[^<>@\s]+>")


def mint(secret: bytes, kind: str, token: str, domain: str) -> str:
    """A Message-ID (RFC 5322 3.6.4) with angle brackets for the letter `token`; the same words give the same id."""
    return f"<{kind}.{token}.{_seal(secret, kind, token)}@{domain}>"


def is_ours(secret: bytes, message_id: str) -> bool:
    """Whether we made this Message-ID: a guessed one fails its seal."""
    match = _OURS.fullmatch(message_id)
    return match is not None and hmac.compare_digest(match[3], _seal(secret, match[1], match[2]))


def _seal(secret: bytes, kind: str, token: str) -> str:
    return hmac.new(secret, f"{kind}.{token}".encode(), sha256).hexdigest()[:16]

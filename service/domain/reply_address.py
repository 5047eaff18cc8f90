"""The address that answers go to: the mailbox's own, with the case, the consultation or what may be told the desk, and
our seal, behind a plus (RFC 5233).

Outlook may drop References, and nobody need keep our subject; the address an answer goes to comes back whole. The seal
is what a stranger, who can count cases, cannot make.
"""

import hmac
import re
from hashlib import sha256

_DETAIL = re.compile(r"case-([0-9]{1,18})-([0-9a-f]{16})")
_TOLD = re.compile(r"act-([0-9]{1,18})-([0-9a-f]{24})")
_ASKED = re.compile(r"ask-([0-9]{1,18})-([0-9a-f]{16})")


def reply_address(secret: bytes, case_id: int, mailbox: str) -> str:
    """Where the requester's answer to a letter about a case goes."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+case-{case_id}-{_seal(secret, case_id)}@{domain}"


def case_of(secret: bytes, address: str) -> int | None:
    """The case whose reply address this is; None when it is none, or when its seal is not ours."""
    local = address.strip().casefold().rpartition("@")[0]
    match = _DETAIL.fullmatch(local.rpartition("+")[2])
    if match is None or not hmac.compare_digest(match[2], _seal(secret, int(match[1]))):
        return None
    return int(match[1])


def consultation_address(secret: bytes, consultation_id: int, mailbox: str) -> str:
    """Where the answer of somebody whom we consulted goes."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+ask-{consultation_id}-{_seal(secret, consultation_id, 'consultation')}@{domain}"


def consultation_of(secret: bytes, address: str) -> int | None:
    """The consultation whose address this is; None when it is none, or when its seal is not ours."""
    local = address.strip().casefold().rpartition("@")[0]
    match = _ASKED.fullmatch(local.rpartition("+")[2])
    if match is None or not hmac.compare_digest(match[2], _seal(secret, int(match[1]), "consultation")):
        return None
    return int(match[1])


def one_time_address(secret: bytes, key: int, terms: str, mailbox: str) -> str:
    """Where an officer's instruction goes that answers one mail; `terms` say whose it is and about what."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+act-{key}-{one_time_seal(secret, key, terms)}@{domain}"


def one_time_key(address: str) -> tuple[int, str] | None:
    """The key and the seal of what looks like a one-time address; the seal is still to be held against its terms."""
    match = _TOLD.fullmatch(address.strip().lower().rpartition("@")[0].rpartition("+")[2])
    return (int(match[1]), match[2]) if match else None


def one_time_seal(secret: bytes, key: int, terms: str) -> str:
    """The seal over all that a one-time address stands for, so that none can be made into another's."""
    return hmac.new(secret, f"one-time address {key} {terms}".encode(), sha256).hexdigest()[:24]


def without_detail(address: str) -> str:
    """The mailbox that an address delivers into, case-folded."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _seal(secret: bytes, key: int, use: str = "reply") -> str:
    return hmac.new(secret, f"{use} address {key}".encode(), sha256).hexdigest()[:16]

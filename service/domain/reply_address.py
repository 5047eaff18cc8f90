"""The address that answers go to: the mailbox's own, with the case, the consultation or what may be told the desk, and
our seal, behind a plus (RFC 5233).

Outlook may drop References, and nobody need keep our subject; the address an answer goes to comes back whole. The seal
is what a stranger, who can count cases, cannot make.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

REPLY, ASKED = "reply", "consultation"
_DETAIL = re.compile(r"case-([0-9]{1,18})-([0-9a-f]{16})")
_TOLD = re.compile(r"act-([0-9]{1,18})-([0-9a-f]{24})")
_ASKED = re.compile(r"ask-([0-9]{1,18})-([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Sealed:
    """The key that an address bears and the seal behind it; whether we made it `holds` says."""

    use: str
    key: int
    seal: str

    def holds(self, secret: bytes, made_at: datetime) -> bool:
        """Whether we gave the address out for what we made at that moment, aware, and for nothing else."""
        return hmac.compare_digest(self.seal, _seal(secret, self.use, self.key, made_at))


def reply_address(secret: bytes, case_id: int, opened_at: datetime, mailbox: str) -> str:
    """Where the requester's answer to a letter about a case goes."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+case-{case_id}-{_seal(secret, REPLY, case_id, opened_at)}@{domain}"


def case_in(address: str) -> Sealed | None:
    """The case whose reply address this looks to be."""
    return _sealed(REPLY, _DETAIL, address)


def consultation_address(secret: bytes, consultation_id: int, asked_at: datetime, mailbox: str) -> str:
    """Where the answer of somebody whom we consulted goes."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+ask-{consultation_id}-{_seal(secret, ASKED, consultation_id, asked_at)}@{domain}"


def consultation_in(address: str) -> Sealed | None:
    """The consultation whose address this looks to be."""
    return _sealed(ASKED, _ASKED, address)


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


def _sealed(use: str, pattern: re.Pattern[str], address: str) -> Sealed | None:
    match = pattern.fullmatch(address.strip().casefold().rpartition("@")[0].rpartition("+")[2])
    return Sealed(use, int(match[1]), match[2]) if match else None


def _seal(secret: bytes, use: str, key: int, made_at: datetime) -> str:
    # A restored backup gives the keys that were taken after it once more, to other requesters' cases.
    moment = made_at.astimezone(UTC).isoformat()
    return hmac.new(secret, f"{use} address {key} {moment}".encode(), sha256).hexdigest()[:16]

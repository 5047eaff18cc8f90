"""What becomes of a mail, as far as the mail alone can tell; whether it answers one we hold, the database knows."""

import re
from dataclasses import dataclass
from enum import StrEnum

from service.domain.message import IncomingMessage, Unreadable
from service.domain.reference import find_references
from service.domain.request_words import looks_like_a_request

_ANSWERING = re.compile(r"(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|sv|antw|ateb|r)\s*(?:\[\d+\])?\s*:")


class Action(StrEnum):
    """What the desk does with a mail; REPLY and DUPLICATE are never judged from the mail alone."""

    NEW_CASE = "new-case"
    REPLY = "reply"
    AUTOMATIC = "auto-reply-ignore"
    BOUNCE = "bounce"
    JUNK = "junk"
    QUARANTINE = "quarantine"
    DUPLICATE = "duplicate-ignore"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, whether a first letter may be sent, and why, in words an officer can read."""

    action: Action
    acknowledge: bool
    reason: str


def judge(message: IncomingMessage | Unreadable, own_addresses: frozenset[str] = frozenset()) -> Verdict:
    """The verdict on a mail by itself: machines' mail and mailings are filed, never answered; nothing is dropped."""
    if isinstance(message, Unreadable):
        return Verdict(Action.QUARANTINE, False, message.reason)
    if message.bounce:
        return Verdict(Action.BOUNCE, False, f"a delivery report: {message.bounce.outcome}")
    if message.automatic:
        return Verdict(Action.AUTOMATIC, False, "; ".join(message.automatic))
    if message.bulk and not looks_like_a_request(message):
        return Verdict(Action.JUNK, False, "; ".join(message.bulk))
    doubts = (*message.bulk, *message.concerns, *_own_sender(message, own_addresses))
    if doubts:
        return Verdict(Action.NEW_CASE, False, "not acknowledged: " + "; ".join(doubts))
    return Verdict(Action.NEW_CASE, True, "an ordinary message")


def _own_sender(message: IncomingMessage, own_addresses: frozenset[str]) -> tuple[str, ...]:
    own = {address.strip().casefold() for address in own_addresses}
    return ("it was sent from the desk's own address",) if message.sender.key in own else ()


def answers_something(message: IncomingMessage) -> bool:
    """Whether the mail says that it answers another: by threading headers, or by "Re:" with a case's reference."""
    threaded = bool(message.in_reply_to or message.references)
    return threaded or bool(_ANSWERING.match(message.subject) and find_references(message.subject))

"""What becomes of a mail, as far as the mail alone can tell; whether it answers one we hold, the database knows."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.forwarded import ENCLOSED, Forwarded, find_forwarded, is_colleague
from service.domain.history import LONDON
from service.domain.message import IncomingMessage, Unreadable
from service.domain.reference import find_references
from service.domain.request_words import looks_like_a_request

_ANSWERING = re.compile(r"(?i)^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|sv|antw|ateb|r)\s*(?:\[\d+\])?\s*:")
STAMPED_ANEW = timedelta(hours=48)


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
    """What to do, whether a first letter may be sent, and why, in words an officer can read.

    `forwarded` is the outsider's mail that a colleague passes on, for an officer to confirm.
    """

    action: Action
    acknowledge: bool
    reason: str
    forwarded: Forwarded | None = None


def judge(
    message: IncomingMessage | Unreadable,
    own_addresses: frozenset[str] = frozenset(),
    came_at: datetime | None = None,
) -> Verdict:
    """The verdict on a mail by itself: machines' mail and mailings are filed, never answered; nothing is dropped.

    `came_at` is when the mail came, where that is known.
    """
    if isinstance(message, Unreadable):
        return Verdict(Action.QUARANTINE, False, message.reason)
    if message.bounce:
        return Verdict(Action.BOUNCE, False, f"a delivery report: {message.bounce.outcome}")
    if message.automatic:
        return Verdict(Action.AUTOMATIC, False, "; ".join(message.automatic))
    if message.bulk and not looks_like_a_request(message):
        return Verdict(Action.JUNK, False, "; ".join(message.bulk))
    forwarded = _forwarded(message, own_addresses, came_at)
    doubts = (
        *_stamped_anew(message, came_at),
        *message.bulk,
        *message.concerns,
        *_own_sender(message, own_addresses),
        *_passed_on(message, own_addresses, forwarded),
    )
    if doubts:
        return Verdict(Action.NEW_CASE, False, "not acknowledged: " + "; ".join(doubts), forwarded)
    return Verdict(Action.NEW_CASE, True, "an ordinary message")


def receipt(message: IncomingMessage, came_at: datetime) -> datetime:
    """When a mail reached the authority: as the mailbox says, unless the mail's own last hop was days earlier.

    A mailbox that is moved or restored may stamp all its mail anew, while the topmost Received header is our own
    server's (RFC 5321 4.4); the earlier of the two never makes a deadline too late.
    """
    gateway = message.gateway_at
    return gateway if gateway is not None and came_at - gateway > STAMPED_ANEW else came_at


def _stamped_anew(message: IncomingMessage, came_at: datetime | None) -> tuple[str, ...]:
    if came_at is None or receipt(message, came_at) == came_at:
        return ()
    earlier = receipt(message, came_at)
    return (
        f"the mailbox says that it came on {_day(came_at)}, its header on {_day(earlier)}: check the date of receipt",
    )


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%-d %B %Y}"


def _own_sender(message: IncomingMessage, own_addresses: frozenset[str]) -> tuple[str, ...]:
    own = {address.strip().casefold() for address in own_addresses}
    return ("it was sent from the desk's own address",) if message.sender.key in own else ()


def _forwarded(message: IncomingMessage, own_addresses: frozenset[str], came_at: datetime | None) -> Forwarded | None:
    if not is_colleague(message.sender, own_addresses):
        return None  # whoever is no colleague asks in their own name
    return find_forwarded(message.text, own_addresses, came_at=came_at)


def _passed_on(message: IncomingMessage, own_addresses: frozenset[str], forwarded: Forwarded | None) -> tuple[str, ...]:
    if forwarded:
        return ("a colleague seems to pass on someone else's mail: confirm who asked",)
    enclosed = ENCLOSED in message.text and is_colleague(message.sender, own_addresses)
    return ("a colleague sent it with another message in it, whose sender is not told",) if enclosed else ()


def answers_something(message: IncomingMessage) -> bool:
    """Whether the mail says that it answers another: by threading headers, or by "Re:" with a case's reference."""
    threaded = bool(message.in_reply_to or message.references)
    return threaded or bool(_ANSWERING.match(message.subject) and find_references(message.subject))

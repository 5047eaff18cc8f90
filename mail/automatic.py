"""Signs of a machine, of a mailing, and of other reasons not to answer at once: they hold back answers, never the mail.

RFC 3834 (Auto-Submitted), RFC 5230 4.6 (vacation), RFC 8098 (read receipts), RFC 5546 (invitations), [MS-OXCMAIL].
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mail.headers import Headers
from mail.mime import Part
from mail.phrases import AWAY_BODY, AWAY_PREFIX, AWAY_SUBJECT, MACHINE, MAILING, RECEIPT, SELLER
from service.domain.message import Address
from service.domain.request_words import asks_for_information, new_words

MOST_HOPS = 25
OWN_HEADER = "x-foi-desk"  # on every letter of ours; on those of other authorities' desks too


@dataclass(frozen=True, slots=True)
class Letter:
    """What the rules look at."""

    headers: Headers
    root: Part
    sender: Address
    subject: str
    text: str
    threaded: bool
    own: frozenset[str]

    def says(self, name: str) -> str:
        return self.headers.text(name).lower()

    @property
    def domain(self) -> str:
        return self.sender.domain

    @property
    def from_machine(self) -> bool:
        return MACHINE.search(self.sender.key.rpartition("@")[0]) is not None


@dataclass(frozen=True, slots=True)
class Signs:
    """Reasons, in an officer's words: `automatic` and `bulk` file the mail, `concerns` only hold the answer back."""

    automatic: tuple[str, ...]
    bulk: tuple[str, ...]
    concerns: tuple[str, ...]


Rule = tuple[str, Callable[[Letter], bool]]

_PRESENT = frozenset(
    ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-autoreply-from", "x-mail-autoreply"]
)
_MAILING_SERVICE = (
    "feedback-id",
    "x-campaign",
    "x-campaignid",
    "x-csa-complaints",
    "x-mailchimp-id",
    "x-mailgun-batch-message-id",
    "x-mc-user",
)


def _submitted(letter: Letter) -> str:
    return letter.headers.word("auto-submitted")


def _is_generated(letter: Letter) -> bool:
    return _submitted(letter) not in ("", "no", "auto-replied")


def _may_be_a_form(letter: Letter) -> bool:
    """A web form's mail is made by a machine and yet a request: it asks, answers nothing, and is no receipt."""
    asks = asks_for_information(letter.subject, new_words(letter.text))
    return asks and not letter.threaded and not RECEIPT.search(letter.text[:2000])


def _is_away(letter: Letter) -> bool:
    if not AWAY_SUBJECT.search(letter.subject):
        return False
    if AWAY_PREFIX.search(letter.subject) and letter.threaded:
        return True
    words = new_words(letter.text)
    asks = asks_for_information(re.sub(AWAY_PREFIX, "", letter.subject), words) and not AWAY_PREFIX.search(
        letter.subject
    )
    return (letter.threaded or AWAY_BODY.search(words) is not None) and not asks


def _is_receipt(letter: Letter) -> bool:
    said = f"{letter.subject}\n{letter.text[:3000]}"
    return letter.from_machine and RECEIPT.search(said) is not None


def _is_own(letter: Letter) -> bool:
    return letter.sender.key in letter.own and letter.headers.has(OWN_HEADER)


def _report_type(letter: Letter) -> str:
    return letter.root.type.get("report-type").lower() if letter.root.type.value == "multipart/report" else ""


def _is_read_receipt(letter: Letter) -> bool:
    receipt = any(part.type.value == "message/disposition-notification" for part in letter.root.walk())
    return receipt or _report_type(letter) == "disposition-notification"


def _invitation(letter: Letter) -> str:
    """The method of a calendar part (RFC 5546 1.4), in capitals, or ""."""
    for part in letter.root.walk():
        if part.type.value == "text/calendar" and part.disposition.value != "attachment":
            match = re.search(rb"(?mi)^METHOD:[ \t]*([A-Za-z-]{1,30})", part.beginning(4096))
            return part.type.get("method").upper() or (match[1].decode().upper() if match else "")
    return ""


def _has_oof_class(letter: Letter) -> bool:
    classes = " ".join(
        letter.says(name) for name in ("x-messageclass", "message-class", "content-class", "messageclass")
    )
    return "oof" in classes or "rules.reply" in classes


def _is_discussion(letter: Letter) -> bool:
    """A list that people write to, such as an authority's own distribution list (RFC 2369, RFC 2919)."""
    if letter.headers.word("precedence") == "list":
        return True
    named = letter.headers.has("list-id") or letter.headers.has("list-post") or letter.headers.has("x-google-group-id")
    return named and (letter.headers.has("list-post") or not letter.headers.has("list-unsubscribe"))


def _is_from_seller(letter: Letter) -> bool:
    """A newsletter's address that asks for nothing; a newspaper's may well ask."""
    sells = SELLER.search(letter.sender.key.rpartition("@")[0]) is not None
    return sells and not asks_for_information(letter.subject, letter.text)


def _is_spam(letter: Letter) -> bool:
    flags = (letter.headers.word("x-spam-status"), letter.headers.word("x-spam-flag"), letter.headers.word("x-spam"))
    return "yes" in flags


def _has_null_sender(letter: Letter) -> bool:
    path = letter.says("return-path").strip()
    return letter.headers.has("return-path") and path in ("<>", "<mailer-daemon>", "mailer-daemon")


def _suppresses(letter: Letter) -> bool:
    asked = {word.strip() for word in letter.says("x-auto-response-suppress").split(",")}
    return bool(asked & {"all", "autoreply", "oof"})


AUTOMATIC: tuple[Rule, ...] = (
    ("our own letter came back", _is_own),
    ("it calls itself an automatic reply (RFC 3834)", lambda m: _submitted(m) == "auto-replied"),
    ("it was made by a machine (RFC 3834)", lambda m: _is_generated(m) and not _may_be_a_form(m)),
    ("it carries an auto-responder's mark", lambda m: any(m.headers.has(name) for name in _PRESENT)),
    ("it calls itself an automatic reply", lambda m: m.headers.word("precedence") in ("auto_reply", "auto-reply")),
    ("an auto-responder sent it", lambda m: "autoresponder" in m.says("x-post-messageclass") + m.says("delivered-to")),
    ("it is an out-of-office message", _has_oof_class),
    ("it is a read receipt (RFC 8098)", _is_read_receipt),
    ("it is a report by a mail system", lambda m: _report_type(m) == "feedback-report"),
    ("it answers an invitation (RFC 5546)", lambda m: _invitation(m) == "REPLY"),
    ("it reads like an out-of-office message", _is_away),
    ("it reads like a machine's receipt", _is_receipt),
)
BULK: tuple[Rule, ...] = (
    ("it calls itself bulk mail", lambda m: m.headers.word("precedence") in ("bulk", "junk")),
    ("it offers to unsubscribe", lambda m: m.headers.has("list-unsubscribe") and not _is_discussion(m)),
    ("a mailing service sent it", lambda m: any(m.headers.has(name) for name in _MAILING_SERVICE)),
    ("a newsletter's address sent it", _is_from_seller),
    ("it reads like a mailing", lambda m: not m.threaded and MAILING.search(new_words(m.text)) is not None),
    ("the mail system took it for spam", _is_spam),
)
CONCERNS: tuple[Rule, ...] = (
    ("it came through a mailing list", _is_discussion),
    (f"it passed more than {MOST_HOPS} servers: a loop?", lambda m: len(m.headers.all("received")) > MOST_HOPS),
    ("its sender's address does not take answers", lambda m: m.from_machine),
    ("it has an empty return path", _has_null_sender),
    ("it asks machines not to answer", _suppresses),
    ("it was made by a machine, perhaps a web form", _is_generated),
    ("it carries a loop mark", lambda m: m.headers.has("x-loop") or m.headers.has("x-ms-exchange-inbox-rules-loop")),
    ("it is an invitation", lambda m: _invitation(m) not in ("", "REPLY")),
    ("it was sent from our own address", lambda m: m.sender.key in m.own),
    ("it carries the mark of a desk like ours", lambda m: m.headers.has(OWN_HEADER) and not _is_own(m)),
)


def read_signs(letter: Letter) -> Signs:
    """All reasons found against answering a mail."""
    return Signs(tuple(_holding(AUTOMATIC, letter)), tuple(_holding(BULK, letter)), tuple(_holding(CONCERNS, letter)))


def _holding(rules: tuple[Rule, ...], letter: Letter) -> Iterator[str]:
    return (reason for reason, holds in rules if holds(letter))

"""Delivery reports: which of our letters a mail is about and what became of it (RFC 3464, and older forms)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError

from flufl.bounce import all_failures

from mail.charset import decode
from mail.headers import Headers, identifiers, split_headers
from mail.mime import Part
from mail.words import clean_line
from service.domain.message import Address, Bounce

MOST_RECIPIENTS = 50
LONGEST_DIAGNOSTIC = 300
LONGEST_STATUS = 64 * 1024  # bytes of a delivery-status part
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
_SECOND_OPINION = 256 * 1024  # bytes of a mail shown to flufl.bounce

_OUTCOMES = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}
_BY_STATUS = {"5": "failed", "4": "delayed", "2": "delivered"}  # RFC 3463 2
_SUBJECT = re.compile(
    r"""(?ix) (?:
      undeliver(?:able|ed) | unzustellbar | non[\s-]remis
      | delivery[ ](?:status|failure|failed|delayed|has[ ]failed|report|notification|problem)
      | delayed[ ]mail | warning:[ ](?:could[ ]not[ ]send|message[ ].*[ ]delayed)
      | mail[ ](?:delivery[ ](?:failed|failure|system|delayed)|system[ ]error)
      | returned[ ](?:mail|to[ ]sender) | failure[ ](?:notice|delivery)
      | could[ ]not[ ](?:be[ ]delivered|send[ ]message) | message[ ]not[ ]delivered
    )"""
)
_DAEMON = re.compile(
    r"(?i)^(?:mailer-daemon|postmaster|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]+|bounces?)(?:$|[+._-])"
)
_DELAY = re.compile(r"(?i)\bdelay|\bwarning\b|still trying|will (?:continue|keep) trying|no action is required")
_QUOTED_ID = re.compile(r"(?mi)^[>\s]{0,4}message-id:\s*(<[^<>\s]{3,300}>)")
_FIELD = re.compile(r"(?mi)^(final-recipient|original-recipient|action|status|diagnostic-code):[ \t]*([^\n]{1,500})")
_WHAT_FLUFL_THROWS = (AttributeError, TypeError, ValueError, LookupError, AssertionError, RecursionError, MessageError)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What a report says of one recipient."""

    outcome: str
    recipient: str
    diagnostic: str


def read_bounce(root: Part, sender: Address | None, subject: str, text: str) -> Bounce | None:
    """The delivery report a mail is, or None when it is none."""
    fates = list(_fates(root))
    if fates:
        return _bounce(root, text, fates)
    failed = _addresses(root.headers.text("x-failed-recipients"))
    if failed:
        return _bounce(root, text, [_Fate("failed", address, "") for address in failed])
    if not _is_bounce_like(root, sender, subject):
        return None
    outcome = "delayed" if _DELAY.search(subject) or _DELAY.search(text[:1000]) else "failed"
    found = _second_opinion(root.raw) or [""]
    return _bounce(root, text, [_Fate(outcome, address, "") for address in found])


def _bounce(root: Part, text: str, fates: list[_Fate]) -> Bounce:
    """The worst fate decides: one recipient not reached is what an officer must know."""
    outcome = next(one for one in ("failed", "delayed", "delivered") if any(fate.outcome == one for fate in fates))
    of_this = [fate for fate in fates if fate.outcome == outcome]
    recipients = dict.fromkeys(fate.recipient for fate in of_this if fate.recipient)
    diagnostic = next((fate.diagnostic for fate in of_this if fate.diagnostic), "")
    return Bounce(outcome, tuple(recipients)[:MOST_RECIPIENTS], tuple(_letter_ids(root, text)), diagnostic)


def _fates(root: Part) -> Iterator[_Fate]:
    """Every per-recipient block (RFC 3464 2.3) of every delivery-status part."""
    is_report = root.type.value == "multipart/report" and "disposition" not in root.type.get("report-type").lower()
    for part in root.walk():
        untyped = is_report and part.type.value == "text/plain" and not part.headers.has("content-type")
        if untyped or part.type.value in _STATUS_TYPES:
            yield from _read_status(decode(part.beginning(LONGEST_STATUS)))


def _read_status(text: str) -> Iterator[_Fate]:
    unfolded = re.sub(r"\n[ \t]+", " ", re.sub(r"\r+\n?", "\n", text))
    for block in re.split(r"\n[ \t]*\n", unfolded):
        fields = {name.lower(): value.strip() for name, value in reversed(_FIELD.findall(block))}
        fate = _fate(fields)
        if fate:
            yield fate


def _fate(fields: dict[str, str]) -> _Fate | None:
    action = re.split(r"[\s(;]", fields.get("action", "").lower(), maxsplit=1)[0]
    status = fields.get("status", "")
    outcome = _OUTCOMES.get(action) or _BY_STATUS.get(status[:1])
    named = fields.get("final-recipient") or fields.get("original-recipient")
    if not outcome or not (named or action):
        return None
    recipients = _addresses(fields.get("original-recipient", "")) or _addresses(fields.get("final-recipient", ""))
    diagnostic = (
        fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "") or status
    )
    return _Fate(outcome, (recipients or [""])[0], clean_line(diagnostic, LONGEST_DIAGNOSTIC))


def _addresses(text: str) -> list[str]:
    return re.findall(r"[^\s<>;,:\"()]{1,64}@[^\s<>;,:\"()]{1,255}", text)[:MOST_RECIPIENTS]


def _letter_ids(root: Part, text: str) -> Iterable[str]:
    """Message-IDs of the letter reported on: from the returned message, the threading fields, the text."""
    found: list[str] = []
    for part in root.walk():
        if part.type.value in _RETURNED_TYPES:
            found += identifiers(_returned(part.content), "message-id")
    found += identifiers(root.headers, "in-reply-to")
    found += identifiers(root.headers, "references")
    found += _QUOTED_ID.findall(text[:200_000])
    return dict.fromkeys(found)


def _returned(content: bytes) -> Headers:
    stripped = content.lstrip(b"\r\n")
    return split_headers(stripped, 0, len(stripped))[0]


def _is_bounce_like(root: Part, sender: Address | None, subject: str) -> bool:
    """Only on such mail is the second opinion asked: on others it sees recipients that are none."""
    path = root.headers.text("return-path").strip().lower()
    from_daemon = sender is None or _DAEMON.search(sender.key) is not None or path in ("<>", "<mailer-daemon>")
    report = root.type.value == "multipart/report" and root.type.get("report-type").lower() in ("", "delivery-status")
    return report or (from_daemon and _SUBJECT.search(subject) is not None)


def _second_opinion(raw: bytes) -> list[str]:
    """What flufl.bounce makes of the mail; it throws on mails without From, and its word is not the only one."""
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:_SECOND_OPINION]))
    except _WHAT_FLUFL_THROWS:
        return []
    return sorted(address.decode("ascii", "replace") for address in {*temporary, *permanent})[:MOST_RECIPIENTS]

"""Raw bytes to a message: what was sent, by whom, with which files; or why a person must look at it.

Pure and repeatable: the same bytes give the same message. Hostile input may still be slow: `mail.reader` guards it.
"""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from mail.addresses import addresses
from mail.attachments import File
from mail.automatic import Letter, read_signs
from mail.bounces import read_bounce
from mail.contents import Contents, read_contents
from mail.encrypted import SMIME, without_pgp
from mail.headers import Headers, decode_words, identifiers, message_id, read_date
from mail.mime import Part, TooIntricateError, read_parts
from mail.text import sanitise, shorten
from mail.unreadable import BY_HAND, why_unreadable
from service.domain.message import Address, IncomingMessage, Unreadable

LONGEST_SUBJECT = 500
TRACE, MOST_HOPS = frozenset({"received", "authentication-results"}), 20
LARGEST = 150_000_000  # bytes

_NOBODY = Address("", "")  # of a delivery report without a sender


@dataclass(frozen=True, slots=True)
class Dissected:
    """A message and its files' bytes, in the order of `message.attachments`."""

    message: IncomingMessage | Unreadable
    files: tuple[File, ...] = ()


def parse(raw: bytes, own_addresses: frozenset[str] = frozenset()) -> IncomingMessage | Unreadable:
    """What is in a raw message (RFC 5322); never raises for what is in it."""
    return dissect(raw, own_addresses).message


def dissect(raw: bytes, own_addresses: frozenset[str] = frozenset()) -> Dissected:
    """As parse, with the files' decoded bytes; `own_addresses` are the desk's mailboxes, in any case of letters."""
    plain = _unwrapped(raw)
    if not plain or plain.isspace():
        return _refused(f"The message is empty. {BY_HAND}")
    if len(plain) > LARGEST:
        return _refused(f"The message is larger than {LARGEST // 1_000_000} MB. {BY_HAND}")
    try:
        root = read_parts(plain)
    except TooIntricateError as fault:
        return _refused(f"{fault} {BY_HAND}", _head(plain))
    own = frozenset(address.strip().casefold() for address in own_addresses)
    return _read(raw, root, own)


def read_header(raw: bytes) -> Unreadable:
    """What the first 64 kB of a header say, for a message that cannot be read whole; the reason is empty."""
    refused = _refused("", _head(_unwrapped(raw[: 64 * 1024]))).message
    assert isinstance(refused, Unreadable)
    return refused


def _unwrapped(raw: bytes) -> bytes:
    """Without byte order mark, leading blank lines and mbox line; line endings of old Macs become newlines."""
    plain = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    plain = plain if b"\n" in plain else plain.replace(b"\r", b"\n")
    if plain.startswith((b"From ", b">From ")):
        plain = plain.partition(b"\n")[2]
    return plain


def _head(plain: bytes) -> Headers:
    """The header alone, of a message whose parts cannot be read."""
    end = re.search(rb"\n\r*\n", plain)
    return read_parts(plain[: end.start()] + b"\nContent-Type: text/plain" if end else plain[:65536]).headers


def _refused(reason: str, headers: Headers | None = None) -> Dissected:
    if headers is None:
        return Dissected(Unreadable(reason))
    sender = next(iter(addresses(headers, "from")), None)
    return Dissected(Unreadable(reason, headers.text("subject", LONGEST_SUBJECT), sender, message_id(headers)))


def _read(raw: bytes, root: Part, own: frozenset[str]) -> Dissected:
    headers = root.headers
    contents = read_contents(root)
    subject, text = _subject(headers), shorten(contents.words.text)
    senders = addresses(headers, "from")
    bounce = read_bounce(root, senders[0] if senders else None, subject, text)
    reason = why_unreadable(root, senders, text, bounce, encrypted=contents.encrypted)
    if reason:
        return _refused(reason, headers)
    sender = senders[0] if senders else _NOBODY
    message = IncomingMessage(
        message_id=message_id(headers) or made_up_id(raw),
        subject=subject,
        sender=sender,
        text=text if bounce else shorten(text + contents.enclosed_text),
        html=sanitise(contents.words.html),
        reply_to=addresses(headers, "reply-to"),
        to=addresses(headers, "to"),
        cc=addresses(headers, "cc"),
        in_reply_to=identifiers(headers, "in-reply-to"),
        references=identifiers(headers, "references"),
        sent_at=read_date(headers.text("date")),
        gateway_at=read_date(headers.text("received", 5000).rpartition(";")[2]),
        attachments=tuple(file.attachment for file in contents.files),
        bounce=bounce,
        trace=headers.trace(TRACE, MOST_HOPS),
        submitters=addresses(headers, "sender"),
        # An address out of which something had to be cleaned is not the one that it looks like.
        plain=contents.words.plain and sender.address in decode_words(headers.first("from")),
    )
    return Dissected(_judged(message, root, contents, senders, own), contents.files)


def _subject(headers: Headers) -> str:
    return headers.text("subject", LONGEST_SUBJECT)


def made_up_id(raw: bytes) -> str:
    """A Message-ID for a mail without one, the same for the same bytes."""
    return f"<{sha256(raw).hexdigest()[:32]}@no-message-id.invalid>"


def _judged(
    message: IncomingMessage, root: Part, contents: Contents, senders: tuple[Address, ...], own: frozenset[str]
) -> IncomingMessage:
    threaded = bool(message.in_reply_to or message.references)
    letter = Letter(root.headers, root, message.sender, message.subject, message.text, threaded, own)
    signs = read_signs(letter)
    concerns = (*signs.concerns, *_concerns(message, root, contents, senders))
    return replace(message, automatic=signs.automatic, bulk=signs.bulk, concerns=concerns)


def _holds_words(file: File) -> bool:
    """Whether Outlook may have put the whole message into this file: signed opaquely (RFC 8551 3.5.2), or as TNEF."""
    return file.name.lower() in ("winmail.dat", "smime.p7m") or file.content_type in SMIME


def _concerns(message: IncomingMessage, root: Part, contents: Contents, senders: tuple[Address, ...]) -> list[str]:
    found: list[str] = []
    if len(senders) > 1:
        found.append("it names several senders")
    if root.headers.cut:
        found.append("its header is longer than is read")
    if not message.text.strip() and any(_holds_words(file) for file in contents.files):
        found.append("its words are inside a file that only Outlook opens")
    if contents.encrypted or without_pgp(message.text) != message.text:
        found.append("a part of it is encrypted")
    return found

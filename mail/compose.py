"""A row of the outbox as an RFC 5322 mail: the same row gives the same bytes, at every attempt.

The headers are written here and not by email.message: CPython before 3.11.10 and 3.12.5 decodes an encoded newline in
an echoed subject into a header of its own (CVE-2024-6923), and its folding breaks long Message-IDs.
"""

import hmac
import quopri
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC
from email.header import Header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime
from hashlib import sha256

from mail.enclosures import OutgoingFile, boundary_of, parted
from service.errors import DeskError
from service.store.tables import Letter

OWN_HEADER = "X-FOI-Desk"  # on every letter of ours, so that one that comes back is known
LONGEST_TEXT = 150  # characters of a subject or a name
MOST_REFERENCES = 900  # bytes: relays refuse longer headers
LONGEST_LINE = 76
TEXT = (("Content-Type", 'text/plain; charset="utf-8"'), ("Content-Transfer-Encoding", "quoted-printable"))

_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})  # C0 and C1, lone surrogates, U+2028, U+2029
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,250}>")  # printable ASCII within angle brackets
_ATOM = r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,\"]+"
_ADDRESS = re.compile(rf'(?:{_ATOM}|"(?:[^"\\\x00-\x1f\x7f-\x9f]|\\[!-~ ])+")@(?:{_ATOM}|\[[0-9A-Fa-f:.IPv]+\])')
_WORDS_OF_AN_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)


class LetterUnsendable(DeskError):
    """Letter {letter_id} cannot be made into a mail: {reason}. Send the requester's letter another way."""


def compose(
    letter: Letter,
    files: Sequence[OutgoingFile] = (),
    *,
    sender_name: str,
    sender_address: str,
    secret: bytes,
    reply_to: str = "",
) -> bytes:
    """The mail for a letter and its files, lines ended by CRLF and at most 998 bytes long; raises LetterUnsendable.

    Answers go to `reply_to`, or to the sender when it is empty.

    ASCII only, unless the recipient's local part is not, which the server must then allow (RFC 6531).
    """
    to = _mailbox("To", letter.recipient_name, _addressed(letter, letter.recipient_address))
    boundary = boundary_of(letter.message_id, secret)
    headers = [
        ("From", _mailbox("From", sender_name, _addressed(letter, sender_address))),
        *([("Reply-To", _addressed(letter, reply_to))] if reply_to else []),
        ("To", to),
        ("Subject", _text("Subject", letter.subject)),
        ("Date", format_datetime(letter.created_at.astimezone(UTC))),
        ("Message-ID", letter.message_id),
        *_thread(letter),
        *_marks(letter, secret),
        ("MIME-Version", "1.0"),
        *(TEXT if not files else [("Content-Type", f'multipart/mixed;\r\n boundary="{boundary}"')]),
    ]
    head = _written(headers)
    _check(letter, head, [name for name, _ in headers])
    text = b"\r\n" + _body(letter.body)
    return head + (text if not files else b"\r\n" + parted(_written(TEXT) + text, files, boundary))


def _written(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


def wire_address(address: str) -> str:
    """An address as SMTP takes it, its domain in ASCII (RFC 5890); raises ValueError when it is none."""
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise ValueError("not an email address")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _addressed(letter: Letter, address: str) -> str:
    try:
        return wire_address(address)
    except ValueError:
        raise LetterUnsendable(letter_id=letter.id, reason="its address is not one that mail can be sent to") from None


def clean(text: str) -> str:
    """Words that may stand in a header: no control characters, no encoded words of the sender's own making, capped."""
    spaced = "".join(" " if unicodedata.category(c) in _CONTROL else c for c in text)
    plain = " ".join(spaced.replace("=?", "= ?").replace("?=", "? =").split())
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def _text(name: str, text: str) -> str:
    return _encoded(name, clean(text))


def _encoded(name: str, text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=LONGEST_LINE, header_name=name).encode(splitchars=" ", linesep="\r\n")


def _mailbox(name: str, person: str, address: str) -> str:
    """A display name and an address (RFC 5322 3.4); a name is encoded, quoted or bare as its letters demand."""
    shown = clean(person)
    if not shown or shown.casefold() == address.casefold():
        return address
    if not shown.isascii():
        shown = _encoded(name, shown)
    elif not _WORDS_OF_AN_ATOM.fullmatch(shown):
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    fits = len(name) + len(shown) + len(address) < LONGEST_LINE - 6
    return f"{shown} <{address}>" if fits else f"{shown}\r\n <{address}>"


def _thread(letter: Letter) -> Iterable[tuple[str, str]]:
    answered = _IDENTIFIER.fullmatch(letter.in_reply_to)
    if answered:
        yield "In-Reply-To", answered[0]
    references = shorten_references(_IDENTIFIER.findall(letter.references))
    if references:
        yield "References", "\r\n ".join(references)


def shorten_references(identifiers: list[str]) -> list[str]:
    """The first Message-ID and as many of the last as fit (RFC 5322 3.6.4; freescout-help-desk/freescout#5542)."""
    room = MOST_REFERENCES - len("References: ")
    first, *rest = identifiers or [""]
    room -= len(first) + 3
    kept: list[str] = []
    for identifier in reversed(rest):
        room -= len(identifier) + 3  # CRLF and a space
        if room < 0:
            break
        kept.insert(0, identifier)
    return [first, *kept] if first else []


def _marks(letter: Letter, secret: bytes) -> Iterable[tuple[str, str]]:
    """What keeps other machines from answering (RFC 3834 3.1.7, [MS-OXCMAIL] 2.1.3.2) and tells us our own."""
    if letter.automatic:
        yield "Auto-Submitted", letter.automatic
        yield "X-Auto-Response-Suppress", "All"
    yield OWN_HEADER, hmac.new(secret, b"own:" + letter.message_id.encode(), sha256).hexdigest()[:32]


def _check(letter: Letter, head: bytes, intended: list[str]) -> None:
    """Read the header back: whatever slipped past the cleaning must not leave as a header of its own."""
    found = BytesHeaderParser(policy=compat32).parsebytes(head + b"\r\n")
    if found.keys() != intended or found.defects or found.get_payload():
        raise LetterUnsendable(letter_id=letter.id, reason="its header would not read back as it was written")
    if any(len(line) > 998 for line in head.split(b"\r\n")):  # RFC 5322 2.1.1
        raise LetterUnsendable(letter_id=letter.id, reason="a line of its header is too long")


def _body(text: str) -> bytes:
    kept = "".join(c for c in "\n".join(text.splitlines()) if c in "\n\t" or unicodedata.category(c) not in _CONTROL)
    return quopri.encodestring(kept.rstrip("\n").encode() + b"\n").replace(b"\n", b"\r\n")

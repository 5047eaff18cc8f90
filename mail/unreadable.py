"""Messages that a person must read: why, and what that person should do."""

import re

from mail.headers import Headers
from mail.mime import Part
from service.domain.message import Address, Bounce

BY_HAND = "Open it in the mailbox and, if it is a request, make a case by hand."

_STUB_SUBJECT = re.compile(r"(?i)^retrieval using the imap4? protocol failed")
_STUB_TEXT = re.compile(r"(?i)the server couldn.t retrieve the following message")
_PGP = re.compile(r"\s*-----BEGIN PGP MESSAGE-----")
SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_ENVELOPED = (  # object identifiers of enveloped-data (RFC 5652 6.1) and authEnvelopedData (RFC 5083 2.1)
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
)


def why_unreadable(root: Part, senders: tuple[Address, ...], text: str, bounce: Bounce | None) -> str:
    """Why a person must read the message instead of us and what to do, in plain words; "" when we can."""
    if _is_stub(root.headers, text):
        return (
            "The mail server could not hand the message over and put a notice in its place. The message itself is "
            "still in the mailbox: open it in Outlook, and leave it where it is; it will be tried again."
        )
    if root.headers.damaged or not root.headers.fields:
        return f"The lines before the text are not a mail's header. {BY_HAND}"
    if len(root.headers.all("from")) > 1:
        return f"The message names its sender twice, which ordinary mail never does and forged mail may. {BY_HAND}"
    if not senders and bounce is None:
        return f"The message does not say who sent it. {BY_HAND}"
    if _is_encrypted(root, text):
        return "The message is encrypted and cannot be read here. Ask its sender for a copy that is not encrypted."
    return ""


def _is_stub(headers: Headers, text: str) -> bool:
    """Exchange's notice in place of a message that it could not convert (freescout-help-desk/freescout#3203)."""
    return bool(_STUB_SUBJECT.search(headers.text("subject")) and _STUB_TEXT.search(text[:2000]))


def _is_encrypted(root: Part, text: str) -> bool:
    if root.type.value == "multipart/encrypted" or _PGP.match(text):
        return True
    if root.type.value not in SMIME:
        return False
    kind = root.type.get("smime-type").lower()
    return "enveloped" in kind or any(mark in root.content[:64] for mark in _ENVELOPED)

"""Messages that a person must read: why, and what that person should do."""

import re

from mail.encrypted import without_pgp
from mail.headers import Headers
from mail.mime import Part
from service.domain.message import Address, Bounce

BY_HAND = "Open it in the mailbox and, if it is a request, make a case by hand."

_STUB_SUBJECT = re.compile(r"(?i)^retrieval using the imap4? protocol failed")
_STUB_TEXT = re.compile(r"(?i)the server couldn.t retrieve the following message")
_FEW_WORDS = 400  # characters: a greeting, a footer or how to open it, beside what is encrypted
_LINK = re.compile(r"<?https?://\S+")


def why_unreadable(
    root: Part, senders: tuple[Address, ...], text: str, bounce: Bounce | None, *, encrypted: bool
) -> str:
    """Why a person must read the message instead of us and what to do, in plain words; "" when we can.

    `encrypted` when a part of it is.
    """
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
    if is_hidden(text, encrypted=encrypted):
        return (
            "The message is encrypted and cannot be read here. Open it in the mailbox if your mail program can decrypt "
            "it and, if it is a request, make a case by hand; else ask its sender for a copy that is not encrypted."
        )
    return ""


def _is_stub(headers: Headers, text: str) -> bool:
    """Exchange's notice in place of a message that it could not convert (freescout-help-desk/freescout#3203)."""
    return bool(_STUB_SUBJECT.search(headers.text("subject")) and _STUB_TEXT.search(text[:2000]))


def is_hidden(text: str, *, encrypted: bool) -> bool:
    """Whether a message says next to nothing but what is encrypted, in a part of its own or in its text."""
    readable = without_pgp(text)
    return (encrypted or readable != text) and len(_LINK.sub("", readable).strip()) < _FEW_WORDS

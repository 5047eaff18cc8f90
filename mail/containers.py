"""Mail within mail: which files of a message hold another message, or its own words, and what those say.

Whatever cannot be opened stays what it is, a file; and a file that could be opened stays a file as well.
"""

from dataclasses import dataclass

from mail.attachments import File
from mail.compound_file import SIGNATURE as COMPOUND
from mail.container_fault import ContainerFault
from mail.encrypted import SMIME
from mail.headers import read_date, split_headers
from mail.mapi import MapiMessage
from mail.mime import Part, TooIntricateError, read_parts
from mail.outlook_message import read_msg
from mail.signed import signed_content
from mail.tnef import SIGNATURE as TNEF
from mail.tnef import read_tnef
from mail.words import clean_line

_ENCLOSED = ("message/rfc822", "message/global")
_LARGEST = 60_000_000  # bytes of a container that is opened


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A message within a message: the lines of its header that tell whose it is, and the message in either form."""

    head: tuple[tuple[str, str], ...]
    part: Part | None = None
    outlook: MapiMessage | None = None


def enclosed_mail(part: Part) -> Enclosed | None:
    """The mail that a part of a message is; None when it is none."""
    if part.type.value in _ENCLOSED:
        return _enclosed_mail(part.content)
    name = part.disposition.get("filename") or part.type.get("name")
    if name.lower().endswith(".eml") and _begins_as_mail(content := part.content):
        return _enclosed_mail(content)
    return None


def enclosed_outlook(file: File) -> Enclosed | None:
    """The message in a .msg file; None when it is none."""
    named = file.name.lower().endswith(".msg") or file.content_type == "application/vnd.ms-outlook"
    data = file.data if named and file.starts_with(COMPOUND) else b""
    if not data or len(data) > _LARGEST:
        return None
    try:
        return from_outlook(read_msg(data))
    except ContainerFault:
        return None


def from_outlook(message: MapiMessage) -> Enclosed:
    """A message as Outlook keeps it, enclosed in another."""
    return Enclosed(tuple(message.head()), outlook=message)


def own_tnef(files: list[File]) -> MapiMessage | None:
    """What Outlook has hidden of the message itself in a winmail.dat."""
    for file in files:
        if file.starts_with(TNEF) and len(data := file.data) <= _LARGEST:
            try:
                return read_tnef(data)
            except ContainerFault:
                return None
    return None


def own_signed(part: Part) -> Part | None:
    """The message that is signed and wrapped in this part, for its words are the message's own."""
    if part.type.value not in SMIME or len(part.body) > _LARGEST:
        return None
    try:
        return _tree(signed_content(part.content))
    except ContainerFault:
        return None


def _begins_as_mail(content: bytes) -> bool:
    """Whether a file begins with a mail's header: some programs attach mail under another type."""
    headers, _ = split_headers(content, 0, min(len(content), 65536))
    return headers.has("from") and (headers.has("subject") or headers.has("date"))


def _enclosed_mail(content: bytes) -> Enclosed | None:
    root = _tree(content)
    if root is None:
        return None
    headers = root.headers
    came = headers.text("received", 5000).rpartition(";")[2]  # when its reader's server had it, not when it was written
    lines = [("From", headers.text("from", 300)), ("Received", came if read_date(came) else "")]
    lines += [(name.title(), headers.text(name, 300)) for name in ("date", "to", "subject")]
    return Enclosed(tuple((name, clean_line(value, 300)) for name, value in lines if value.strip()), part=root)


def _tree(content: bytes) -> Part | None:
    try:
        return read_parts(content.lstrip(b"\r\n"))
    except TooIntricateError:
        return None

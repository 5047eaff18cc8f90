"""What a message holds: its words, its files, and those of the messages enclosed in it."""

from dataclasses import dataclass, field

from mail.attachments import File, files_of, safe_name, tell_apart
from mail.charset import decode
from mail.containers import Enclosed, enclosed_mail, enclosed_outlook, from_outlook, own_signed, own_tnef
from mail.encrypted import is_encrypted
from mail.invitation import MARK, describe
from mail.mapi import MapiMessage
from mail.mime import Part
from mail.signed import NOT_CHECKED
from mail.text import Words, html_to_text, read_words, shorten
from mail.uuencode import take_files
from mail.words import clean_text
from service.domain.forwarded import ENCLOSED

MOST_ENCLOSED = 20
DEEPEST_ENCLOSED = 3
MOST_FILES = 1000


@dataclass(frozen=True, slots=True)
class Contents:
    """The words, the files with those of enclosed messages after them, and the enclosed messages' words as one text.

    `encrypted` when a part of the message itself is.
    """

    words: Words
    files: tuple[File, ...]
    enclosed_text: str = ""
    encrypted: bool = False


@dataclass(slots=True)
class _Found:
    """What has been found of one message; `notes` follow its words."""

    words: Words
    files: list[File]
    enclosed: list[Enclosed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    encrypted: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(part for part in (self.words.text.rstrip("\r\n"), *self.notes) if part)


def read_contents(root: Part) -> Contents:
    """The contents of a message; a file has a name that no other has."""
    found = _of_part(root, 0)
    files, texts = list(found.files), list[str]()
    for inner in found.enclosed[:MOST_ENCLOSED]:
        _add(inner, 1, files, texts)
    text = found.text if found.notes else found.words.text
    words = Words(text, found.words.html, found.words.plain and bool(found.words.text.strip()))
    return Contents(words, tell_apart(files[:MOST_FILES]), "".join(texts), found.encrypted)


def _add(enclosed: Enclosed, depth: int, files: list[File], texts: list[str]) -> None:
    """Add what an enclosed message, and those in it, say and hold."""
    found = _of_part(enclosed.part, depth) if enclosed.part else _of_outlook(enclosed.outlook)
    said = shorten(found.text or html_to_text(found.words.html))
    head = "\n".join(f"{name}: {value}" for name, value in enclosed.head)
    texts.append(f"\n\n{ENCLOSED}\n{head}\n\n{said}")
    files += found.files
    for inner in found.enclosed[:MOST_ENCLOSED] if depth < DEEPEST_ENCLOSED else []:
        _add(inner, depth + 1, files, texts)


def _of_part(root: Part, depth: int) -> _Found:
    """What stands in a message, what was signed among it, and which messages are enclosed in it."""
    found = _own(root)
    found.enclosed += _enclosed(root, found.files)
    _open_tnef(found)
    for part in root.walk():
        found.encrypted = found.encrypted or is_encrypted(part)
        signed = own_signed(part) if depth <= DEEPEST_ENCLOSED else None
        if signed is not None:
            _take(found, _of_part(signed, depth + 1))
            found.notes.append(NOT_CHECKED)
        elif part.type.value == "text/calendar" and (told := describe(decode(part.content, part.type.get("charset")))):
            found.notes.append(f"{MARK}\n{told}")
    return found


def _own(root: Part) -> _Found:
    words = read_words(root)
    files = list(files_of(root))
    text, plain = (words.text, words.plain) if words.text.strip() else (_named_text(root), False)
    if "begin " in text:
        text, written = take_files(clean_text(text))
        for found in written:
            name = safe_name(found.name, len(files) + 1, "application/octet-stream")
            files.append(File(name, "application/octet-stream", found.data))
    return _Found(Words(text, words.html, plain), files)


def _of_outlook(message: MapiMessage | None) -> _Found:
    if message is None:
        return _Found(Words(), [])
    files = message.files()
    inner = [from_outlook(one.message) for one in message.attached if one.message]
    inner += [enclosed for enclosed in map(enclosed_outlook, files) if enclosed]
    return _Found(message.words(), files, inner)


def _take(found: _Found, inner: _Found) -> None:
    """What was wrapped is as much the message's own as what stood around it."""
    said = [words for words in (found.words, inner.words) if words.text.strip()]
    text, plain = "\n\n".join(words.text for words in said), bool(said) and said[0].plain
    found.words = Words(text, found.words.html or inner.words.html, plain)
    found.files += inner.files
    found.enclosed += inner.enclosed
    found.notes += inner.notes
    found.encrypted = found.encrypted or inner.encrypted


def _open_tnef(found: _Found) -> None:
    """Add what is in a winmail.dat; its words only where there are no others, for else they are the same."""
    message = own_tnef(found.files)
    if message is None:
        return
    inner = _of_outlook(message)
    found.words = found.words if found.words.text.strip() or found.words.html else inner.words
    found.files += inner.files
    found.enclosed += inner.enclosed


def _named_text(root: Part) -> str:
    """The first inline text that was given a file's name, for a message that says nothing else."""
    for part in root.walk():
        if part.type.value == "text/plain" and part.disposition.value != "attachment":
            return decode(part.content, part.type.get("charset"))
    return ""


def _enclosed(root: Part, files: list[File]) -> list[Enclosed]:
    """The messages in a message; a report's returned message is the letter that came back, not post."""
    if root.type.value == "multipart/report":
        return []
    mails = (enclosed_mail(part) for part in root.walk() if not part.children)
    return [enclosed for enclosed in (*mails, *map(enclosed_outlook, files)) if enclosed]

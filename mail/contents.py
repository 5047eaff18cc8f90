"""What a message holds: its words, its files, and those of the messages enclosed in it."""

from dataclasses import dataclass

from mail.attachments import File, files_of, safe_name, tell_apart
from mail.charset import decode
from mail.headers import Headers
from mail.mime import Part, TooIntricateError, read_parts
from mail.text import Words, html_to_text, read_words, shorten
from mail.uuencode import take_files
from mail.words import clean_text

MOST_ENCLOSED = 20
DEEPEST_ENCLOSED = 3

_ENCLOSED = ("message/rfc822", "message/global")


@dataclass(frozen=True, slots=True)
class Contents:
    """The words, the files with those of enclosed messages after them, and the enclosed messages' words as one text."""

    words: Words
    files: tuple[File, ...]
    enclosed_text: str = ""


def read_contents(root: Part) -> Contents:
    """The contents of a message; a file has a name that no other has."""
    words, files, enclosed_text = _read(root, 0)
    return Contents(words, tell_apart(files), enclosed_text)


def _read(root: Part, depth: int) -> tuple[Words, list[File], str]:
    words, files = _own_contents(root)
    texts: list[str] = []
    for inner in _enclosed(root) if depth < DEEPEST_ENCLOSED else []:
        inner_words, inner_files, inner_text = _read(inner, depth + 1)
        files += inner_files
        said = shorten(inner_words.text or html_to_text(inner_words.html))
        texts.append(f"\n\n---------- Enclosed message ----------\n{_shown(inner.headers)}\n\n{said}{inner_text}")
    return words, files, "".join(texts)


def _own_contents(root: Part) -> tuple[Words, list[File]]:
    words = read_words(root)
    files = list(files_of(root))
    text = words.text if words.text.strip() else _named_text(root)
    if "begin " in text:
        text, written = take_files(clean_text(text))
        for found in written:
            name = safe_name(found.name, len(files) + 1, "application/octet-stream")
            files.append(File(name, "application/octet-stream", found.data))
    return Words(text, words.html), files


def _named_text(root: Part) -> str:
    """The first inline text that was given a file's name, for a message that says nothing else."""
    for part in root.walk():
        if part.type.value == "text/plain" and part.disposition.value != "attachment":
            return decode(part.content, part.type.get("charset"))
    return ""


def _enclosed(root: Part) -> list[Part]:
    """The messages in a message; a report's returned message is the letter that came back, not post."""
    if root.type.value == "multipart/report":
        return []
    parts = [part for part in root.walk() if part.type.value in _ENCLOSED][:MOST_ENCLOSED]
    return [inner for part in parts if (inner := _tree(part.content)) is not None]


def _tree(content: bytes) -> Part | None:
    try:
        return read_parts(content.lstrip(b"\r\n"))
    except TooIntricateError:
        return None


def _shown(headers: Headers) -> str:
    lines = [(name.title(), headers.text(name, 300)) for name in ("from", "date", "to", "subject")]
    return "\n".join(f"{name}: {value}" for name, value in lines if value)

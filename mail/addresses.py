"""Mailboxes in an address field (RFC 5322 3.4), read in one pass: no recursion, no backtracking, nothing refused."""

import re
from dataclasses import dataclass, field

from mail.charset import decode
from mail.headers import Headers, decode_words
from mail.words import clean_line
from service.domain.message import Address

LONGEST_NAME = 200
LONGEST_ADDRESS = 320  # RFC 5321 4.5.3.1: 64 + 1 + 255
MOST_ADDRESSES = 200

_ADDRESS = re.compile(r"""(?:"[^"@\s]{1,64}"|[^\s<>()\[\]",;:@\\]{1,64})@[^\s<>()",;:@\\]{1,255}""")
_PIECE = re.compile(
    r"""(?xs) "(?:\\.|[^"\\])*"?  |  =\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,1000}\?=  # a comma in it separates nothing
      | <[^>]*>?  |  [(,;:]  |  [^"=<(,;:]+  |  ="""
)
_IN_COMMENT = re.compile(r"(?s)\\.|[()]")
_ESCAPED = re.compile(r"(?s)\\(.)")
_QUOTE = "\x01"  # stands for a quotation mark around words that were quoted


@dataclass(slots=True)
class _Mailbox:
    """One mailbox being read: loose words, quoted words, a comment, what stood in angle brackets."""

    words: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] = field(default_factory=list)


def addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    """The mailboxes of all fields of that name, at most MOST_ADDRESSES; groups are opened, what is none is left out."""
    found: list[Address] = []
    for value in headers.all(name)[:4]:
        found += read_addresses(value)
    return tuple(found[:MOST_ADDRESSES])


def read_addresses(value: bytes) -> list[Address]:
    """The mailboxes in one field's value: split first, decoded after, for an encoded name may hold a comma."""
    text = decode(value)
    found = [address for mailbox in _split(text) for address in _mailboxes(mailbox)]
    if not found:  # an open quotation mark swallowed the rest, or worse
        found = [Address("", match) for match in _ADDRESS.findall(text)]
    return found[:MOST_ADDRESSES]


def _split(text: str) -> list[_Mailbox]:
    done: list[_Mailbox] = []
    box, at = _Mailbox(), 0
    while match := _PIECE.match(text, at):
        piece, at = match[0], match.end()
        if piece == "(":
            at = _take_comment(text, at, box)
        elif piece in ",;":
            done.append(box)
            box = _Mailbox()
        elif piece == ":":  # a group's name ends here (RFC 5322 3.4)
            box = _Mailbox()
        elif piece[0] == "<":
            box.angle.append(piece.strip("<>"))
        elif piece[0] == '"':
            box.words.append(_QUOTE + _ESCAPED.sub(r"\1", piece[1:].removesuffix('"')) + _QUOTE)
        else:
            box.words.append(piece)
    return [*done, box]


def _take_comment(text: str, start: int, box: _Mailbox) -> int:
    """Where the comment that begins at `start` ends; they nest (RFC 5322 3.2.2), hence a count and no recursion."""
    depth, end = 1, len(text)
    for match in _IN_COMMENT.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            end = match.end()
            break
    box.comment.append(text[start:end].removesuffix(")"))
    return end


def _mailboxes(box: _Mailbox) -> list[Address]:
    words, comment = "".join(box.words), "".join(box.comment)
    if not box.angle:
        return _bare(words, comment)
    name = words.replace(_QUOTE, "") if words.strip(_QUOTE + " ") else comment
    found = [address for one in box.angle if (address := _address(one))]
    return [Address(_name(name) if n == 0 else "", address) for n, address in enumerate(found)]


def _bare(words: str, comment: str) -> list[Address]:
    """A mailbox without angle brackets: `jo@example.org (Jo Bloggs)`."""
    local = words.replace(_QUOTE, '"').strip()
    found = [local] if _ADDRESS.fullmatch(local) else _ADDRESS.findall(local)
    return [Address(_name(comment), address) for address in found if _address(address)]


def _address(text: str) -> str:
    """An addr-spec as written, or "" when it is none; a source route before it (RFC 5322 4.4) is dropped."""
    address = re.sub(r"[\s\x00-\x1f\x7f]", "", decode_words(text.encode("utf-8", "replace")))
    address = address.removeprefix("mailto:").rpartition(":")[2] if address.startswith(("@", "mailto:")) else address
    local, _, domain = address.rpartition("@")
    fits = local and domain and len(address) <= LONGEST_ADDRESS
    return clean_line(address, LONGEST_ADDRESS) if fits else ""


def _name(text: str) -> str:
    return clean_line(decode_words(text.encode("utf-8", "replace")), LONGEST_NAME).strip("'\" ")

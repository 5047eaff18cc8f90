"""A mail that a colleague passed on: who wrote the mail inside it, about what, and when that reached the authority.

A request counts from the day any part of the authority received it (s.10(6) FOIA), and whoever wrote it is the
requester. What a mail says of another is only what its sender says: it is proposed, and an officer decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from service.domain.message import Address
from service.domain.written_date import read_written_date

ENCLOSED = "---------- Enclosed message ----------"  # how parsing marks a message that came as an attachment
MOST_LINES = 100_000
MOST_BLOCKS = 50
LONGEST_VALUE = 300  # characters
LONGEST_LINE = 2000

# Everybody's domains: two addresses in one of them are not colleagues.
PUBLIC = frozenset(
    [
        "aol.com",
        "btinternet.com",
        "gmail.com",
        "gmx.com",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "me.com",
        "msn.com",
        "ntlworld.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "yahoo.co.uk",
        "yahoo.com",
        "ymail.com",
    ]
)
_WELSH = {"oddi wrth": "from", "anfonwyd": "sent", "dyddiad": "date", "at": "to", "pwnc": "subject"}
_FIELD = re.compile(
    r"[>\s]{0,20}\*{0,2}(From|Sent|Date|To|Cc|Subject|Received|Reply-To|Oddi wrth|Anfonwyd|Dyddiad|At|Pwnc)"
    r"[ \t\xa0]?:\*{0,2}[ \t\xa0]*(.*)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"(?i)[>\s]{0,20}(?:-{2,20} ?(?:enclosed|forwarded) message|begin forwarded message:|-{2,20} ?forwarded by )"
)
_PASSED_ON = re.compile(r"(?i)\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|tr|i|ym)\s*(?:\[\d+\])?\s*:")
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@\\]{1,64}@[^\s<>()\[\]\",;:@\\]{1,255}")
_SKEW = timedelta(minutes=5)  # clocks differ
_EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)  # when the rights of access began, FOIA and FOISA alike


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside a mail: its sender, its subject (may be empty), and when it came, in UTC, when that is told."""

    sender: Address
    subject: str
    received_at: datetime | None


@dataclass(slots=True)
class _Block:
    """The lines that a mail program writes above a mail it quotes; `mark` is the line before them when it tells why."""

    mark: str
    fields: dict[str, str]
    last: str = ""

    def add(self, name: str, value: str) -> None:
        name = _WELSH.get(name.lower(), name.lower())
        self.fields[name] = value[:LONGEST_VALUE].strip(" *\t\r\xa0")
        self.last = name

    def has(self, name: str) -> bool:
        return _WELSH.get(name.lower(), name.lower()) in self.fields

    def goes_on(self, line: str) -> bool:
        """Whether a line goes on with a long field: with a list of recipients, with an address, or indented."""
        return line[:1] in (" ", "\t") or (self.last in ("from", "to", "cc") and "@" in line)

    def go_on(self, line: str) -> None:
        self.add(self.last, f"{self.fields[self.last]} {line.strip()}")

    @property
    def enclosed(self) -> bool:
        return ENCLOSED in self.mark

    @property
    def whole(self) -> bool:
        """Whether it tells a mail; of an enclosed one we wrote these lines ourselves, from what header it has."""
        dated = bool(self.fields.keys() & {"sent", "date"}) and len(self.fields) >= 3
        return "from" in self.fields and (dated or self.enclosed)


def find_forwarded(text: str, own_addresses: frozenset[str], *, came_at: datetime | None = None) -> Forwarded | None:
    """The outsider's mail inside a colleague's mail of this text, or None when there is none.

    `came_at` is when the colleague's mail came: what it passes on cannot have come later. Whether the sender is a
    colleague, `is_colleague` tells. A message that came as an attachment goes before one that is quoted.
    """
    for block in sorted(_mails(text), key=lambda block: not block.enclosed):
        sender = _sender(block.fields["from"])
        if sender and not is_colleague(sender, own_addresses):
            return Forwarded(sender, block.fields.get("subject", ""), _moment(block.fields, came_at))
    return None


def passes_on(subject: str, text: str) -> bool:
    """Whether a mail says that it passes on the mail it quotes: by its subject, or by the mark that programs set."""
    mails = _mails(text)
    return bool(mails) and (bool(_PASSED_ON.match(subject)) or bool(mails[0].mark))


def quotes_mail(text: str) -> bool:
    """Whether the head lines of another mail stand in a text, as Outlook writes them above what it quotes."""
    return bool(_mails(text))


def is_colleague(sender: Address, own_addresses: frozenset[str]) -> bool:
    """Whether an address belongs to the authority: one of the desk's own, or of their domains unless public."""
    own = {address.strip().casefold() for address in own_addresses}
    if sender.key in own:
        return True
    domains = {address.rpartition("@")[2] for address in own} - PUBLIC
    return any(_related(sender.domain, domain) for domain in domains)


def _related(one: str, other: str) -> bool:
    """The same domain, or one within the other: planning.anytown.example and anytown.example."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and (one == other or ("." in shorter and longer.endswith("." + shorter)))


def _mails(text: str) -> list[_Block]:
    return list(islice((block for block in _blocks(text) if block.whole), MOST_BLOCKS))


def _blocks(text: str) -> Iterator[_Block]:
    """The blocks of header lines in a text, in order; one blank line may stand within a block, and after its mark."""
    block: _Block | None = None
    blank, mark = 0, ""
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        field = _FIELD.match(line[:LONGEST_LINE]) if ":" in line[:60] else None
        is_blank = not line.strip("> \t\r\xa0")
        if block and (_ends(block, field, line, is_blank, blank)):
            yield block
            block = None
        if field:
            block = block or _Block(mark, {})
            block.add(field[1], field[2])
            blank, mark = 0, ""
        elif is_blank:
            blank += 1
        elif block:
            block.go_on(line[:LONGEST_LINE])
        else:
            mark, blank = (line[:100] if _MARK.match(line) else ""), 0
    if block:
        yield block


def _ends(block: _Block, field: re.Match[str] | None, line: str, is_blank: bool, blank: int) -> bool:
    """Whether a block's lines are over: said twice, two blank lines, or other words."""
    if field:
        return block.has(field[1])
    return blank > 0 if is_blank else blank > 0 or not block.goes_on(line)


def _sender(value: str) -> Address | None:
    found = _ADDRESS.search(value)
    if not found:
        return None
    name = re.split(r"[<\[(]", value[: found.start()].replace("mailto:", ""), maxsplit=1)[0].strip(" \"'*\t")
    return Address(name, found[0].rstrip(".").removeprefix("'"))


def _moment(fields: dict[str, str], came_at: datetime | None) -> datetime | None:
    """When the mail came: by its own Received line, else by what its sender's clock said; never after `came_at`."""
    for name in ("received", "sent", "date"):
        moment = read_written_date(fields[name]) if name in fields else None
        if moment and moment >= _EARLIEST and (came_at is None or moment <= came_at + _SKEW):
            return moment if came_at is None else min(moment, came_at)
    return None

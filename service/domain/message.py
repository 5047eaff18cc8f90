"""Post as the desk understands it: what parsing makes of the raw bytes, and what it cannot."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of a header: its display name (may be empty) and its addr-spec, as written."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The whole address, folded for comparison: another local part is another person."""
        return self.address.strip().casefold()

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `spool` names where its decoded bytes wait until they are stored."""

    name: str
    content_type: str
    size: int
    sha256: str
    spool: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464): which of our letters it is about and what became of it.

    `outcome` is "failed", "delayed" or "delivered". `letter_ids` are Message-IDs with angle brackets found in the
    returned message or the threading headers.
    """

    outcome: str
    recipients: tuple[str, ...]
    letter_ids: tuple[str, ...]
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A readable message. Every text is free of NUL and of control characters but tab and newline.

    `message_id`, `in_reply_to` and `references` keep their angle brackets; `message_id` is made from the bytes
    (`<sha256@no-message-id.invalid>`) when the sender gave none. `sent_at` is the sender's own claim and is never used
    for the clock; `gateway_at` is the top-most Received header's. `html` has been sanitised. `text` is the whole text,
    quotations included. `automatic` gives the reasons for taking it as sent by a machine, `bulk` for taking it as a
    mailing; both empty for ordinary mail. `concerns` are other reasons for which a person should look before we answer.
    `trace` holds the topmost Received and Authentication-Results fields in their order, as "name: value". `submitters`
    are the addresses of a Sender field (RFC 5322 3.6.2). `plain` says that `text` begins with words that were sent as
    plain text, rather than taken from HTML or from a file, and that the sender's address is as it was written.
    """

    message_id: str
    subject: str
    sender: Address
    text: str
    html: str = ""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sent_at: datetime | None = None
    gateway_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: tuple[str, ...] = ()
    bulk: tuple[str, ...] = ()
    bounce: Bounce | None = None
    concerns: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    submitters: tuple[Address, ...] = ()
    plain: bool = False

    @property
    def made_up_id(self) -> bool:
        """Whether the sender gave no Message-ID; a made-up one must never be sent in References."""
        return self.message_id.endswith("@no-message-id.invalid>")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that a person must look at: why, and as much of it as could safely be read."""

    reason: str
    subject: str = ""
    sender: Address | None = None
    message_id: str = ""

"""What passes between the reader and its child: a length of four bytes, then JSON; never pickled objects."""

import json
import struct
from dataclasses import asdict
from datetime import datetime
from typing import Any

from service.domain.message import Address, Attachment, Bounce, IncomingMessage, Unreadable

LENGTH = struct.Struct(">I")
LONGEST = 64 * 1024 * 1024  # bytes of one frame


def pack(content: dict[str, Any]) -> bytes:
    """A frame of this content."""
    data = json.dumps(content, default=datetime.isoformat).encode("ascii")
    return LENGTH.pack(len(data)) + data


def unpack(data: bytes) -> dict[str, Any]:
    """The content of a frame, its length taken off; raises ValueError when it is none."""
    content = json.loads(data)
    if not isinstance(content, dict):
        raise ValueError("a frame holds an object")
    return content


def write_message(message: IncomingMessage | Unreadable) -> dict[str, Any]:
    """A message in JSON's terms."""
    return asdict(message) | {"unreadable": isinstance(message, Unreadable)}


def read_message(content: dict[str, Any]) -> IncomingMessage | Unreadable:
    """The message that write_message wrote."""
    content = dict(content)
    if content.pop("unreadable"):
        return Unreadable(**content | {"sender": _address(content["sender"])})
    return IncomingMessage(
        **content
        | {
            "sender": Address(**content["sender"]),
            **{name: tuple(Address(**one) for one in content[name]) for name in _ADDRESSES},
            **{name: tuple(content[name]) for name in _TUPLES},
            **{name: _moment(content[name]) for name in ("sent_at", "gateway_at")},
            "attachments": tuple(Attachment(**one) for one in content["attachments"]),
            "bounce": _bounce(content["bounce"]),
        }
    )


_ADDRESSES = ("reply_to", "to", "cc", "submitters")
_TUPLES = ("in_reply_to", "references", "automatic", "bulk", "concerns", "trace")


def _address(content: dict[str, Any] | None) -> Address | None:
    return Address(**content) if content else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _bounce(content: dict[str, Any] | None) -> Bounce | None:
    if not content:
        return None
    return Bounce(**content | {name: tuple(content[name]) for name in ("recipients", "letter_ids")})

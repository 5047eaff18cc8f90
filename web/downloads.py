"""Bytes kept from mails, handed out as downloads that no browser will run or show."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

from service.desk import Desk
from service.store.database import reading
from service.store.originals import read_chunks
from web.headers import DOWNLOAD_POLICY

# Types that a program opens as a document; all else, HTML and SVG above all, is named as bytes only.
HARMLESS = frozenset(
    {
        "application/msword",
        "application/pdf",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "message/rfc822",
        "text/csv",
        "text/plain",
    }
)
_RISKY_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')
LONGEST_NAME = 150


def download(desk: Desk, sha256: str, size: int, name: str, content_type: str) -> Response:
    """The bytes under a SHA-256 as a file to save, streamed."""
    response = Response(
        _stream(desk, sha256), mimetype=content_type if content_type in HARMLESS else "application/octet-stream"
    )
    response.content_length = size
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


def disposition(name: str) -> str:
    """A Content-Disposition for a name that a stranger chose (RFC 6266, 4.1 and appendix D; RFC 8187)."""
    safe = _RISKY_IN_NAMES.sub("_", name).strip(". ")[-LONGEST_NAME:] or "file"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _stream(desk: Desk, sha256: str) -> Iterator[bytes]:
    with reading(desk.engine) as session:
        yield from read_chunks(session, sha256)

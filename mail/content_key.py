"""Which mail is the same mail: a key over what the sender wrote, without what the way here added."""

import re
from collections.abc import Iterator
from hashlib import file_digest, sha256
from io import BufferedReader
from mmap import ACCESS_READ, mmap

_TRACES = frozenset(
    b"received return-path delivered-to envelope-to x-original-to x-envelope-to x-envelope-from x-delivered-to "
    b"x-apparently-to authentication-results arc-seal arc-message-signature arc-authentication-results received-spf "
    b"x-received x-google-smtp-source x-gm-message-state x-gmail-received x-virus-scanned x-virus-status "
    b"x-forefront-antispam-report x-forefront-antispam-report-untrusted x-originalarrivaltime "
    b"x-eopattributedmessage x-eoptenantattributedmessage x-ironport-av x-ironport-anti-spam-result "
    b"x-mimecast-spam-score x-proofpoint-guid x-proofpoint-virus-version x-uidl x-uid x-keywords status x-status "
    b"x-mozilla-status x-mozilla-status2 x-mailbox-line lines content-length".split()
)
_TRACE_FAMILIES = (b"x-ms-exchange-", b"x-spam-", b"x-microsoft-antispam", b"x-amavis-", b"x-rspamd-", b"x-barracuda-")
_TELLING = frozenset((b"from", b"subject", b"message-id"))
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_HEAD_END = re.compile(rb"\n\r*\n|\r\r(?!\n)")
_PIECE = 1 << 20


def content_key(raw: bytes | mmap) -> str:
    """64 hex digits: equal for two copies of one mail however they came here; of the raw bytes when no header is found.

    Line endings do not count, nor do line breaks at the end. A DKIM-Signature is the sender's and does.
    """
    end = _HEAD_END.search(raw)
    head, body = (raw[: end.start()], end.end()) if end else (raw[:], len(raw))
    kept, telling = _without_traces(_plain(head.rstrip(b"\r")))
    if not telling:
        return sha256(raw).hexdigest()
    digest = sha256(b"\n".join(kept) + b"\n\n")
    for piece in _plain_pieces(raw, body):
        digest.update(piece)
    return digest.hexdigest()


def key_of_file(file: BufferedReader) -> str:
    """The content key of an open file's mail, which is never held in memory whole."""
    try:
        with mmap(file.fileno(), 0, access=ACCESS_READ) as raw:
            return content_key(raw)
    except (ValueError, OSError, MemoryError):  # empty, or larger than our address space
        file.seek(0)
        return file_digest(file, "sha256").hexdigest()


def _plain(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _plain_pieces(raw: bytes | mmap, start: int) -> Iterator[bytes]:
    """The body with plain line breaks, piece by piece so that a large mail is not copied, without those at its end."""
    held = b""
    for at in range(start, len(raw), _PIECE):
        piece = raw[at : at + _PIECE]
        if raw[at - 1 : at] == b"\r" and at > start:
            piece = piece.removeprefix(b"\n")  # its carriage return was the last piece's
        whole = held + _plain(piece)
        kept = whole.rstrip(b"\n")
        held = whole[len(kept) :]
        yield kept


def _without_traces(head: bytes) -> tuple[list[bytes], bool]:
    """The header's lines but for those of trace fields, and whether one of them tells mails apart."""
    kept: list[bytes] = []
    telling, skipping = False, False
    for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        match = _NAME.match(line)
        if match:
            name = match[1].lower()
            skipping = name in _TRACES or name.startswith(_TRACE_FAMILIES)
            telling = telling or name in _TELLING
        elif not line.startswith((b" ", b"\t")):  # an mbox line, or a stray one
            skipping = line.startswith((b"From ", b">From "))
        if not skipping:
            kept.append(line)
    return kept, telling

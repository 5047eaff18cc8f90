"""Two copies of one mail have one key, two mails never."""

import pytest

from mail.content_key import content_key

MAIL = b"From: jo@x.example\r\nSubject: one\r\nDKIM-Signature: a\r\n b\r\nMessage-ID: <1@x>\r\n\r\nwords\r\nmore\r\n"


@pytest.mark.parametrize(
    "trace",
    [
        b"Received: from a\r\n\tby b\r\n",
        b"Return-Path: <jo@x.example>\r\n",
        b"Delivered-To: foi@y.example\r\n",
        b"ARC-Seal: i=1;\r\n cv=none\r\n",
        b"X-MS-Exchange-Organization-SCL: 1\r\n",
        b"X-Spam-Status: No,\r\n score=1\r\n",
        b"X-Original-To: x@y.example\r\n",
        b"Authentication-Results: y; spf=pass\r\n",
    ],
)
def test_what_the_way_here_added_does_not_count(trace: bytes) -> None:
    assert content_key(trace + MAIL) == content_key(MAIL)
    assert content_key(MAIL.replace(b"Subject", trace + b"Subject")) == content_key(MAIL)


@pytest.mark.parametrize("newline", [b"\n", b"\r"])
def test_line_endings_do_not_count(newline: bytes) -> None:
    assert content_key(MAIL.replace(b"\r\n", newline)) == content_key(MAIL)


@pytest.mark.parametrize(
    ("part", "other"), [(b"one", b"two"), (b"words", b"w0rds"), (b"<1@x>", b"<2@x>"), (b"a\r\n b", b"a\r\n c")]
)
def test_what_the_sender_wrote_counts(part: bytes, other: bytes) -> None:
    assert content_key(MAIL.replace(part, other)) != content_key(MAIL)


def test_mails_without_a_header_keep_keys_of_their_own() -> None:
    keys = {
        content_key(raw) for raw in (b"", b"\r\r", b"Received: a\r\n\r\n", b"Received: b\r\n\r\n", b"words", b"Words")
    }
    assert len(keys) == 6


def test_a_large_body_is_read_across_its_pieces() -> None:
    body = (b"x" * 1023 + b"\r\n") * 3000
    large = MAIL + body
    assert content_key(large) == content_key(large.replace(b"\r\n", b"\n"))
    assert content_key(large) != content_key(large[:-500] + b"y" + large[-499:])

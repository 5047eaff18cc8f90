"""Base64 of a large file is decoded piece by piece, and means the same."""

import base64
import random

import pytest

from mail.headers import decode_base64

LARGE = random.Random(1).randbytes(3_000_001)


def lines(data: bytes, end: bytes = b"\r\n") -> bytes:
    text = base64.b64encode(data)
    return b"".join(text[at : at + 76] + end for at in range(0, len(text), 76))


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b" \r\n", b"\r\n!"])
@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_a_large_file_comes_out_whole_however_its_lines_end(end: bytes, missing: int) -> None:
    data = LARGE[: len(LARGE) - missing]
    assert decode_base64(memoryview(lines(data, end))) == data


def test_padding_in_the_middle_of_a_large_file_begins_a_new_run() -> None:
    assert decode_base64(lines(LARGE) + lines(b"more")) == LARGE + b"more"


def test_what_comes_before_a_torn_end_is_kept() -> None:
    torn = lines(LARGE).rstrip(b"=\r\n")[:-1]
    assert LARGE.startswith(decode_base64(torn))
    assert len(LARGE) - len(decode_base64(torn)) < 4

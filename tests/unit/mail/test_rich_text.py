"""Rich Text, and the form in which Outlook packs it."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.container_fault import ContainerFault
from mail.rich_text import LONGEST_RTF, rtf_to_text, unpack_rtf

# Packed by another program (compressed-rtf 1.0.7).
PACKED = bytes.fromhex(
    "c60000000e0100004c5a4675ccf45ca803000a00726370673132352232034374657805426269fe64040000f401f702a403e407130280ab029108e63b096f3002822a09b0a4656e0490617405b1520de0de68098001d002800c606300500b0931016433363003310bc42044c6650ac10eb0616d2c0aa20aa32c486f07e00381790330276170333520660b8007910c6038103231313f1900393620410070642077687919c337e51a31320640746814201a201833070ac0088105417b785c7d205842656c09500ab27d1dd0"
)
SAYS = "Dear team,\n\nHow many £5 fines –– and why’s that?\nHarriet {x} Bell"


def plain(rtf: bytes) -> bytes:
    return struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf


def test_what_another_program_packed_is_unpacked_and_read() -> None:
    assert rtf_to_text(unpack_rtf(PACKED)) == SAYS


def test_what_is_not_packed_is_taken_as_it_is() -> None:
    assert unpack_rtf(plain(b"{\\rtf1 Hello}")) == b"{\\rtf1 Hello}"


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}Hello\line there\tab you}", "Hello\nthere\tyou"),
        (
            rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}How many{\*\htmltag72 </p>}\par {\*\htmltag <p>}bins?}",
            "How many\nbins?",
        ),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\uc2 \u8364 EUR5 {\uc0\u163}5}", "€R5 £5"),
        (rb"{\rtf1 \u55357?\u56832?}", "😀"),
        (rb"{\rtf1 a\~b\_c \{x\} \\ }", "a\xa0b-c {x} \\"),
        (rb"no rtf", ""),
        (rb"{\rtf1 }}}} still }", "still"),
        (b"{\\rtf1 " + b"{" * 100_000 + b"deep", "deep"),
    ],
)
def test_the_words_are_read_and_nothing_else(rtf: bytes, text: str) -> None:
    assert rtf_to_text(rtf) == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"short",
        struct.pack("<IIII", 10, LONGEST_RTF + 1, 0x75465A4C, 0),
        struct.pack("<IIII", 10, 100, 0x12345678, 0) + b"x" * 20,
        struct.pack("<IIII", 10, 100, 0x75465A4C, 0) + b"\xff\xf0\x00",
    ],
)
def test_what_is_no_packed_rich_text_is_refused(data: bytes) -> None:
    with pytest.raises(ContainerFault):
        unpack_rtf(data)


@given(st.binary(max_size=300), st.integers(0, 5000))
def test_no_packed_bytes_raise_anything_but_the_declared_fault(data: bytes, size: int) -> None:
    with contextlib.suppress(ContainerFault):
        assert len(unpack_rtf(struct.pack("<IIII", 10, size, 0x75465A4C, 0) + data)) <= size


@given(
    st.lists(
        st.sampled_from([b"{", b"}", b"\\par", b"\\'e9", b"\\u-3", b"\\uc", b"\\bin9", b"\\*", b"\\", b"x ", b"\\u0"])
    )
)
def test_no_rich_text_breaks_it(pieces: list[bytes]) -> None:
    rtf_to_text(b"{\\rtf1 " + b"".join(pieces))


def test_a_short_packing_of_a_long_text_is_unpacked() -> None:
    packed = bytearray(b"\x00{\\rtf1 a")
    for number in range(LONGEST_RTF // 17 + 1):  # the last letter, seventeen times over
        packed += b"\xff" if number % 8 == 0 else b""
        packed += struct.pack(">H", (207 + 8 + 17 * number - 1) % 4096 << 4 | 15)
    unpacked = unpack_rtf(struct.pack("<IIII", 10, LONGEST_RTF, 0x75465A4C, 0) + packed)
    assert (len(unpacked), unpacked[-1:]) == (LONGEST_RTF, b"a")

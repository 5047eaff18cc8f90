"""Outlook's winmail.dat."""

import contextlib
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.container_fault import ContainerFault
from mail.mapi import MapiMessage
from mail.tnef import read_tnef
from tests.unit.mail.outlook_files import BINARY, TEXT8, Properties, attribute, moment, properties, tnef, words

REQUEST: Properties = {
    0x0037: words("Potholes"),
    0x1000: words("How many potholes?"),
    0x0C1A: words("Harriet Bell"),
    0x5D01: words("h.bell@example.com"),
    0x0E06: moment(datetime(2024, 5, 17, 15, 2, tzinfo=UTC)),
}
INNER = tnef({0x0037: words("Inner"), 0x1000: words("inner words")}, [("in.txt", b"inner file")])
WHOLE = tnef(REQUEST, [("plan.pdf", b"%PDF"), ("Übersicht.txt", b"notes")], [INNER])


def test_words_sender_and_times_are_read() -> None:
    message = read_tnef(WHOLE)
    assert message.words().text == "How many potholes?"
    assert message.head() == [
        ("From", "Harriet Bell <h.bell@example.com>"),
        ("Received", "Fri, 17 May 2024 15:02:00 +0000"),
        ("Subject", "Potholes"),
    ]


def test_files_and_enclosed_messages_are_told_apart() -> None:
    message = read_tnef(WHOLE)
    assert [(file.name, file.data) for file in message.files()] == [("plan.pdf", b"%PDF"), ("Übersicht.txt", b"notes")]
    [inner] = [one.message for one in message.attached if one.message]
    assert inner.words().text == "inner words"
    assert [(file.name, file.data) for file in inner.files()] == [("in.txt", b"inner file")]


def test_a_body_in_html_alone_is_laid_out() -> None:
    html = "<p>How many</p><p>potholes – now?</p>".encode()
    found = read_tnef(tnef({0x1013: (BINARY, html), 0x3FDE: (3, struct.pack("<I", 65001))})).words()
    assert found.text == "How many\n\npotholes – now?"
    assert found.html


def test_what_programs_wrote_before_properties_is_read_too() -> None:
    old = [b"\x78\x9f\x3e\x22\x01\x00", attribute(0x00018004, b"Potholes\0"), attribute(0x0002800C, b"How many?\0")]
    message = read_tnef(b"".join(old))
    assert (message.text(0x0037), message.words().text) == ("Potholes", "How many?")


def test_a_property_with_a_name_or_with_several_values_is_passed_over() -> None:
    named = (
        struct.pack("<HH", TEXT8, 0x8001) + b"g" * 16 + struct.pack("<II", 1, 6) + "abc".encode("utf-16-le") + b"\0\0"
    )
    named += struct.pack("<II", 1, 4) + b"four"
    several = struct.pack("<HHIII", 0x1003, 0x6001, 2, 7, 8)
    subject = properties({0x0037: words("Potholes")})[4:]
    message = read_tnef(
        b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x00069003, struct.pack("<I", 3) + named + several + subject)
    )
    assert message.text(0x0037) == "Potholes"


def test_a_wrong_checksum_and_rubbish_at_the_end_do_no_harm() -> None:
    assert read_tnef(WHOLE[:-2] + b"??" + b"end").words().text == "How many potholes?"


def test_messages_nested_too_deeply_are_refused() -> None:
    nested = INNER
    for _ in range(5):
        nested = tnef({}, inner=[nested])
    with pytest.raises(ContainerFault, match="nested deeper"):
        read_tnef(nested)


@pytest.mark.parametrize("data", [b"", b"no tnef", WHOLE[:7], WHOLE[:60], b"\x78\x9f\x3e\x22\0\0" + b"\xff" * 40])
def test_what_is_broken_is_refused_or_read_as_far_as_it_goes(data: bytes) -> None:
    with contextlib.suppress(ContainerFault):
        read_tnef(data)


def everything(message: MapiMessage) -> None:
    """Ask a message for all it has."""
    message.words()
    message.head()
    message.files()
    for one in message.attached:
        if one.message:
            everything(one.message)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12), st.integers(0)
)
def test_no_damage_raises_anything_but_the_declared_fault(damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WHOLE)
    for place, value in damage:
        data[place] = value
    with contextlib.suppress(ContainerFault):
        everything(read_tnef(bytes(data[: len(data) - cut % 50])))


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_the_declared_fault(data: bytes) -> None:
    with contextlib.suppress(ContainerFault):
        everything(read_tnef(b"\x78\x9f\x3e\x22\0\0" + data))

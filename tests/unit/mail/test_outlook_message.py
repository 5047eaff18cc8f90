"""Messages saved from Outlook as .msg files, and the compound files that these are."""

import contextlib
import struct
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail.compound_file import CompoundFile
from mail.container_fault import ContainerFault
from mail.outlook_message import read_msg
from tests.unit.mail.outlook_files import Node, Properties, compound, moment, msg, stored_message, words
from tests.unit.mail.test_tnef import everything

REQUEST: Properties = {
    0x0037: words("Potholes"),
    0x1000: words("How many potholes? " * 300),  # long enough for sectors of its own
    0x0C1A: words("Harriet Bell"),
    0x0C1F: words("/O=COUNCIL/OU=EXCHANGE/CN=HBELL"),
    0x0065: words("h.bell@example.com"),
    0x0E04: words("Planning"),
    0x0E06: moment(datetime(2024, 5, 17, 15, 2, tzinfo=UTC)),
    0x0039: moment(datetime(2024, 5, 17, 15, 1, tzinfo=UTC)),
}
INNER = stored_message({0x0037: words("Inner"), 0x1000: words("inner words")}, [("in.txt", b"inner file")])
WHOLE = msg(REQUEST, [("plan.pdf", b"%PDF" + bytes(9000)), ("notes.txt", b"notes")], [INNER])


def test_words_sender_and_times_are_read() -> None:
    message = read_msg(WHOLE)
    assert message.words().text == "How many potholes? " * 300
    assert message.head() == [
        ("From", "Harriet Bell <h.bell@example.com>"),
        ("Received", "Fri, 17 May 2024 15:02:00 +0000"),
        ("Date", "Fri, 17 May 2024 15:01:00 +0000"),
        ("To", "Planning"),
        ("Subject", "Potholes"),
    ]


def test_files_and_enclosed_messages_are_told_apart() -> None:
    message = read_msg(WHOLE)
    assert [(file.name, len(file.data)) for file in message.files()] == [("plan.pdf", 9004), ("notes.txt", 5)]
    [inner] = [one.message for one in message.attached if one.message]
    assert (inner.head(), inner.words().text) == ([("Subject", "Inner")], "inner words")
    assert [(file.name, file.data) for file in inner.files()] == [("in.txt", b"inner file")]


def test_messages_nested_too_deeply_are_refused() -> None:
    nested = INNER
    for _ in range(5):
        nested = stored_message({}, inner=[nested])
    with pytest.raises(ContainerFault, match="nested deeper"):
        read_msg(msg({}, inner=[nested]))


def test_another_compound_file_such_as_an_old_word_document_is_no_message() -> None:
    with pytest.raises(ContainerFault, match="holds no message"):
        read_msg(compound((Node("WordDocument", b"text" * 2000),)))


def _changed(place: int, value: int) -> bytes:
    return WHOLE[:place] + struct.pack("<I", value) + WHOLE[place + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WHOLE[:300],
        WHOLE[:700],
        _changed(30, 0x00FF00FF),
        _changed(48, 0x7FFFFFFF),
        _changed(60, 0),  # the small table begins where something else is
        _changed(76, 0x00FFFFFF),
    ],
)
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(ContainerFault):
        everything(read_msg(data))


def test_a_chain_that_bites_its_tail_ends() -> None:
    file = CompoundFile(WHOLE)
    table = list(file._table)
    file._table[:] = [0] * len(table)
    with pytest.raises(ContainerFault):
        for _ in range(1000):
            file._chain(0)


def test_a_file_whose_table_has_more_sectors_than_the_header_can_name_is_read_whole() -> None:
    large = bytes(range(256)) * 80_000  # twenty megabytes
    message = read_msg(msg(REQUEST, [("scan.tif", large)]))
    assert message.files()[0].data == large
    assert message.words().text == "How many potholes? " * 300


def test_a_file_that_calls_all_of_itself_its_table_does_not_grow_in_memory() -> None:
    sectors = 20_000
    data = bytearray(WHOLE[:512] + b"\xff" * 512 * sectors)
    struct.pack_into("<II", data, 68, 0, sectors)  # a chain of sectors that name the table's
    for number in range(sectors // 128):
        struct.pack_into("<128I", data, 512 * (number + 1), *range(number, number + 127), number + 1)
    tracemalloc.start()
    with pytest.raises(ContainerFault):
        CompoundFile(bytes(data))
    assert tracemalloc.get_traced_memory()[1] < 4 * len(data)
    tracemalloc.stop()


def test_streams_that_share_their_bytes_do_not_add_up_beyond_the_file() -> None:
    plain = compound(tuple(Node(f"s{number}", bytes(9000)) for number in range(100)))
    file = CompoundFile(plain)
    one = file.root.children["s0"]
    with pytest.raises(ContainerFault, match="share"):
        for _ in range(400):
            file.read(one)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=12), st.integers(0)
)
def test_no_damage_raises_anything_but_the_declared_fault(damage: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(WHOLE)
    for place, value in damage:
        data[place] = value
    with contextlib.suppress(ContainerFault):
        everything(read_msg(bytes(data[: len(data) - cut % 600])))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from([0, 1, 2, 7, 0xFFFFFFFE, 0xFFFFFFFF, 10**6])), max_size=8)
)
def test_no_wrong_number_in_header_or_directory_raises_anything_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        at = len(data) - 4 * (place + 1) if place % 2 else 28 + 4 * (place // 2)
        struct.pack_into("<I", data, at, value)
    with contextlib.suppress(ContainerFault):
        everything(read_msg(bytes(data)))

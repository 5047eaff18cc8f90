"""Zip archives, names that deceive, kinds that cannot be looked into, and what is built to do harm."""

import struct
from zipfile import ZIP_DEFLATED

import pytest

from service.release import archive
from tests.unit.service.release.samples import (
    a_document,
    a_pdf,
    a_workbook,
    an_open_document,
    found,
    kinds,
    the_one,
    with_parts,
    zipped,
)

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
CANNOT = "cannot be looked into"


def a_hidden_sheet() -> bytes:
    return a_workbook(lambda book: setattr(book.create_sheet("Pay"), "sheet_state", "hidden"))


def test_an_archive_of_clean_files_gives_nothing() -> None:
    assert found("all.zip", zipped({"a/trees.xlsx": a_workbook(), "b/letter.pdf": a_pdf(), "read.txt": "Trees."})) == []


def test_what_lies_within_is_told_with_the_file_it_lies_in() -> None:
    inner = zipped({"trees.xlsx": a_hidden_sheet()})
    (one,) = found("all.zip", zipped({"inner.zip": inner}))
    assert (one.kind, one.place) == ("hidden sheet", 'inner.zip: trees.xlsx: Sheet "Pay"')


def test_archives_within_archives_end_somewhere() -> None:
    content = zipped({"x.txt": "x"})
    for _ in range(6):
        content = zipped({"deeper.zip": content})
    (one,) = found("all.zip", content)
    assert one.kind == CANNOT and "too deeply" in one.sentence


def test_names_that_lead_outside_and_files_that_systems_leave_are_found() -> None:
    content = zipped({"../../etc/cron.d/x": "x", "__MACOSX/._a": "x", "Thumbs.db": "x"})
    told = kinds("all.zip", content)
    assert told == ["path names", "files of the system"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pay.xls", OLD_OFFICE),
        ("letter.doc", OLD_OFFICE),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40)),
        ("talk.mp3", b"ID3" + bytes(40)),
        ("letter.rtf", rb"{\rtf1 Trees}"),
        ("all.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40)),
        ("page.html", b"<!doctype html><html><body>Trees</body></html>"),
        ("map.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("what.bin", bytes(range(256)) * 4),
    ],
)
def test_kinds_that_cannot_be_looked_into_say_what_to_do(name: str, content: bytes) -> None:
    (one,) = found(name, content)
    assert one.kind == CANNOT and one.serious and len(one.sentence) > 40


def test_an_old_workbook_is_to_be_converted() -> None:
    assert "Save it as .docx, .xlsx" in the_one("pay.xls", OLD_OFFICE, CANNOT).sentence


def test_a_password_is_named_as_the_reason() -> None:
    protected = OLD_OFFICE + "EncryptedPackage".encode("utf-16-le")
    assert "password" in the_one("pay.xlsx", protected, CANNOT).sentence
    content = bytearray(zipped({"a.txt": "x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1  # the flag of an encrypted part
    assert "password" in the_one("all.zip", bytes(content), CANNOT).sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trees.csv", a_workbook()),
        ("trees.pdf", a_workbook()),
        ("letter.docx", an_open_document("<office:text/>")),
        ("letter.docx", zipped({"a.txt": "x"})),
        ("letter.docx", a_pdf()),
        ("photo.jpg", b"Only words."),
    ],
)
def test_a_name_that_says_something_else_is_found(name: str, content: bytes) -> None:
    assert "misleading name" in kinds(name, content)


def test_an_empty_file_is_found() -> None:
    assert kinds("trees.csv", b"") == ["empty"]


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_IN_ALL", 3_000_000)
    bomb = zipped({f"{n}.txt": bytes(1_000_000) for n in range(5)}, method=ZIP_DEFLATED)
    assert len(bomb) < 10_000
    assert found("all.zip", bomb)[-1].sentence == "The file unpacks to more than is safe to read."


def test_a_part_that_lies_about_its_size_is_not_believed() -> None:
    content = bytearray(zipped({"a.txt": bytes(5_000_000)}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)  # what the directory claims it unpacks to
    assert CANNOT in kinds("all.zip", bytes(content))


def test_more_parts_than_anybody_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_PARTS", 10)
    assert kinds("all.zip", zipped({f"{n}.txt": "x" for n in range(11)})) == [CANNOT]


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><x>&c;</x>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("bomb", [BILLION_LAUGHS, OUTSIDE, "<x>" * 100_000, "<x", "", "\x00\xff", "<x>&nope;</x>"])
def test_xml_that_is_built_to_do_harm_is_refused_in_every_office_file(bomb: str) -> None:
    for name, content, part in (
        ("trees.xlsx", a_workbook(), "xl/worksheets/sheet1.xml"),
        ("letter.docx", a_document(), "word/document.xml"),
        ("letter.odt", an_open_document("<office:text/>"), "content.xml"),
    ):
        (one,) = found(name, with_parts(content, {part: bomb}))
        assert one.kind == CANNOT


def test_hostile_bytes_of_every_kind_are_told_and_never_raised() -> None:
    whole = [("trees.xlsx", a_workbook()), ("letter.docx", a_document()), ("letter.pdf", a_pdf())]
    for name, content in whole:
        for cut in range(1, len(content), max(1, len(content) // 40)):
            turned = bytearray(content)
            turned[cut] ^= 0xFF
            for one in (*found(name, content[:cut]), *found(name, bytes(turned))):
                assert one.sentence.endswith(".")

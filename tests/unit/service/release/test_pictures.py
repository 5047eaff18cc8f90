"""Pictures: what cameras and programs write beside what is shown."""

import io
from collections.abc import Mapping
from fractions import Fraction

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from tests.unit.service.release.samples import a_document, found, kinds, the_one, with_parts

RED = Image.new("RGB", (8, 8), (200, 30, 30))
GPS = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 39.0)}


def a_picture(form: str = "JPEG", exif: Image.Exif | None = None, **words: object) -> bytes:
    target = io.BytesIO()
    more = {"exif": exif.tobytes()} if exif else {}
    RED.save(target, form, **(more | words))
    return target.getvalue()


def exif_of(tags: Mapping[int, object], ifd: int | None = None) -> Image.Exif:
    exif = Image.Exif()
    for tag, value in tags.items() if ifd is None else [(ifd, tags)]:
        exif[tag] = value
    return exif


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "GIF", "WEBP", "BMP"])
def test_a_plain_picture_gives_nothing(form: str) -> None:
    assert found(f"tree.{form.lower()}", a_picture(form)) == []


def test_the_place_where_it_was_taken_is_found() -> None:
    one = the_one("tree.jpg", a_picture(exif=exif_of(GPS, IFD.GPSInfo)), "place")
    assert one.sentence.startswith("Tells where it was taken (GPS)") and one.serious


@pytest.mark.parametrize(
    ("tags", "ifd", "kind", "serious"),
    [
        ({0xA430: "Ann Smith"}, IFD.Exif, "people", True),
        ({Base.Artist: "Ann Smith"}, None, "people", True),
        ({0xA431: "SN-0042"}, IFD.Exif, "camera", True),
        ({Base.Make: "Acme", Base.Model: "Pocket"}, None, "camera", False),
        ({Base.ImageDescription: "Behind Ann's house"}, None, "remarks", True),
        ({Base.DateTime: "2024:06:03 09:00:00"}, None, "date", False),
    ],
)
def test_what_a_camera_writes_is_told_by_its_kind(
    tags: Mapping[int, object], ifd: int | None, kind: str, serious: bool
) -> None:
    one = the_one("tree.jpg", a_picture(exif=exif_of(tags, ifd)), kind)
    assert one.serious is serious and "Ann" not in one.sentence


def test_empty_tags_say_nothing() -> None:
    tags: dict[int, object] = {Base.Artist: "", Base.ImageDescription: "   ", Base.XResolution: Fraction(72)}
    assert found("tree.jpg", a_picture(exif=exif_of(tags))) == []


def test_words_in_a_png_and_a_comment_in_a_jpeg_are_found() -> None:
    words = PngInfo()
    words.add_text("Author", "Ann Smith")
    assert kinds("tree.png", a_picture("PNG", pnginfo=words)) == ["remarks"]
    assert kinds("tree.jpg", a_picture(comment=b"for Ann")) == ["remarks"]


def test_a_record_of_edits_and_data_behind_the_end_are_found() -> None:
    assert kinds("tree.png", a_picture("PNG") + b"<x:xmpmeta/>") == ["picture properties"]
    assert kinds("tree.jpg", a_picture() + bytes(2000)) == ["data after the picture"]


def test_several_pictures_in_one_are_mentioned() -> None:
    content = a_picture("TIFF", save_all=True, append_images=[RED])
    assert kinds("scan.tiff", content, serious=False) == ["several pictures"]


def test_a_damaged_picture_is_itself_found() -> None:
    assert kinds("tree.png", a_picture("PNG")[:20]) == ["cannot be looked into"]
    assert kinds("tree.jpg", b"\xff\xd8\xff\xe0" + bytes(40)) == ["cannot be looked into"]


def test_a_picture_within_a_document_is_looked_into() -> None:
    content = with_parts(a_document(), {"word/media/image1.jpeg": a_picture(exif=exif_of(GPS, IFD.GPSInfo))})
    (one,) = found("letter.docx", content)
    assert (one.kind, one.place) == ("place", "Picture image1.jpeg: EXIF")

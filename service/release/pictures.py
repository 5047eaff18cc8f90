"""Pictures: what cameras, phones and programs write beside what is shown."""

import io
import struct
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import IFD, Base

from service.release.found import Found, cannot, hint, listed

_FORMATS = ("JPEG", "PNG", "TIFF", "GIF", "WEBP", "BMP", "MPO")
_FAULTS = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    Image.DecompressionBombError,
)
_PEOPLE = {0x9C9D: "author", Base.Artist: "artist", Base.Copyright: "copyright", 0xA430: "camera's owner"}
_SERIAL = {0xA431: "serial number", 0xA435: "lens's serial number"}
_CAMERA = {Base.Make: "make", Base.Model: "model"}
_REMARKS = {
    Base.ImageDescription: "description",
    0x9286: "comment",
    0x9C9C: "comment",
    0x9C9B: "title",
    0x9C9E: "keywords",
}
_DATED = {Base.DateTime: "date", 0x9003: "date taken"}
_UNSAFE = "The picture cannot be read safely: it is damaged, or too large."
XMP = (b"http://ns.adobe.com/xap/1.0/", b"<x:xmpmeta", b"XML:com.adobe.xmp")


def look_into_picture(content: bytes) -> Iterator[Found]:
    """What a picture tells beside what it shows."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes and damaged tags: nothing is unpacked here
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            found = [*_exif(picture), *_written(picture)]
    except _FAULTS:
        found = [cannot(_UNSAFE)]
    yield from found
    if any(mark in content for mark in XMP):
        yield Found("picture properties", "Carries a record of programs, people or edits.", "XMP")
    if content.startswith(b"\xff\xd8") and 0 <= (end := content.rfind(b"\xff\xd9")) < len(content) - 1024:
        more = f"{len(content) - end - 2:,} bytes follow the end of the picture: another picture, a film or a file."
        yield Found("data after the picture", more)


def _exif(picture: Image.Image) -> Iterator[Found]:
    exif = picture.getexif()
    tags = {**dict(exif), **exif.get_ifd(IFD.Exif)}
    place = exif.get_ifd(IFD.GPSInfo)
    if 2 in place or 4 in place:  # latitude, longitude
        yield Found("place", "Tells where it was taken (GPS), which may be somebody's home.", "EXIF")
    elif place:
        yield hint("place", "Has a record of place (GPS) without coordinates.", "EXIF")
    if people := _told(tags, _PEOPLE):
        yield Found("people", f"Names somebody: {people}.", "EXIF")
    if serial := _told(tags, _SERIAL):
        yield Found("camera", f"Tells which very camera took it: {serial}.", "EXIF")
    if camera := _told(tags, _CAMERA):
        yield hint("camera", f"Tells the camera's {camera}.", "EXIF")
    if remarks := _told(tags, _REMARKS):
        yield Found("remarks", f"Carries words: {remarks}.", "EXIF")
    if dated := _told(tags, _DATED):
        yield hint("date", f"Tells its {dated}.", "EXIF")
    if 37500 in tags:
        yield hint("maker's notes", "Carries the camera maker's own notes, which nobody else can read in full.", "EXIF")
    if exif.get_ifd(IFD.IFD1):
        yield Found("thumbnail", "Carries a small picture of its own, perhaps of what was cut away later.", "EXIF")


def _told(tags: Mapping[int, object], names: Mapping[Any, str]) -> str:
    return listed(dict.fromkeys(name for tag, name in names.items() if _says(tags.get(tag))))


def _says(value: object) -> bool:
    plain = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return bool(plain.removeprefix("ASCII").strip("\x00 '"))


def _written(picture: Image.Image) -> Iterator[Found]:
    text = [key for key, value in getattr(picture, "text", {}).items() if value and not key.startswith("XML:com.adobe")]
    if text:
        yield Found("remarks", f"Carries words: {listed(text)}.")
    if picture.format in ("JPEG", "GIF", "MPO") and picture.info.get("comment"):
        yield Found("remarks", "Carries a comment.")
    if "photoshop" in picture.info or 33723 in (getattr(picture, "tag_v2", None) or {}):
        yield Found("picture properties", "May carry a caption, names or places.", "IPTC")
    if picture.format != "GIF" and getattr(picture, "n_frames", 1) > 1:
        yield hint("several pictures", "Holds more than one picture: look at each.")

"""The authority's logo: a PNG or SVG file, looked at before anybody sees it."""

import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring
from zlib import crc32

LARGEST: Final = 200_000  # bytes; it goes into every letter
WIDEST: Final = 2_000  # pixels, either way
PNG: Final = b"\x89PNG\r\n\x1a\n"
SVG: Final = "{http://www.w3.org/2000/svg}"
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RUNS = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"})
_CALLS_OUT = re.compile(r"@import|url\(\s*['\"]?(?!#|data:image/(?:png|jpeg);)", re.IGNORECASE)
_WITHIN = ("#", "data:image/png;", "data:image/jpeg;")


@dataclass(frozen=True, slots=True)
class Logo:
    """What the file holds and as what it is shown: image/png or image/svg+xml."""

    content: bytes
    content_type: str

    @property
    def kind(self) -> str:
        """How the makers of documents call it: png or svg."""
        return "png" if self.content_type == "image/png" else "svg"


@cache
def read_logo(path: Path) -> Logo:
    """The file, once; raises ValueError that says what is wrong with it."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise ValueError(f"must be at most {LARGEST // 1000} kB")
    if content.startswith(PNG):
        _check_png(content)
        return Logo(content, "image/png")
    _check_svg(content)
    return Logo(content, "image/svg+xml")


def _check_png(content: bytes) -> None:
    at, name = len(PNG), b""
    while at < len(content) and name != b"IEND":  # PNG, 5.3: length, name, data, check
        (length,) = struct.unpack_from(">I", content.ljust(at + 4, b"\0"), at)
        name, body, check = content[at + 4 : at + 8], content[at + 4 : at + 8 + length], content[at + 8 + length :][:4]
        if struct.pack(">I", crc32(body)) != check or (at == len(PNG) and name != b"IHDR"):
            raise ValueError("is a damaged PNG")
        at += 12 + length
    if name != b"IEND":
        raise ValueError("is a damaged PNG")
    width, height = png_size(content)
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise ValueError(f"must be at most {WIDEST} pixels wide and high")


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels (PNG, 11.2.1)."""
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _check_svg(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("must be a PNG, or an SVG in UTF-8") from None
    if _DECLARES.search(text):  # before it is parsed: entities can make a small file enormous
        raise ValueError("must be an SVG without a DOCTYPE: save it as plain SVG")
    try:
        root = fromstring(text)  # noqa: S314 - no entities are declared, and the administrator chose the file
    except (ParseError, ValueError):
        raise ValueError("must be a PNG or SVG file") from None
    if root.tag != f"{SVG}svg":
        raise ValueError("must be a PNG or SVG file")
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2].casefold()
        words = [element.text or ""] if name == "style" else []
        for attribute, value in element.attrib.items():
            local = attribute.rpartition("}")[2].casefold()
            if local.startswith("on") or (local in ("href", "src") and not value.strip().startswith(_WITHIN)):
                raise ValueError("must be an SVG that runs and fetches nothing: save it as plain SVG")
            words.append(value)
        if name in _RUNS or any(_CALLS_OUT.search(text) for text in words):
            raise ValueError("must be an SVG that runs and fetches nothing: save it as plain SVG")

from pathlib import Path
from struct import pack
from zlib import compress, crc32

import pytest

from service.logo import LARGEST, PNG, read_logo
from tests.conftest import council_settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 2 1">{}</svg>'


def a_png(width: int = 2, height: int = 1) -> bytes:
    """A red picture."""
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = compress(b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height)))
    return PNG + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    )


def kept(folder: Path, content: bytes | str) -> Path:
    path = folder / "logo"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_png_and_an_svg_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    assert read_logo(kept(tmp_path, a_png())).content_type == "image/png"
    drawn = SVG.format('<style>a{fill:url(#g)}</style><rect fill="url(#g)"/><use x:href="#r"/>')
    (tmp_path / "svg").mkdir()
    assert read_logo(kept(tmp_path / "svg", drawn)).content_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"x" * (LARGEST + 1), "at most 200 kB"),
        (b"GIF89a\xff", "must be a PNG"),
        (b"<html></html>", "must be a PNG or SVG file"),
        (b"not <xml", "must be a PNG or SVG file"),
        (PNG, "damaged"),
        (a_png()[:-14], "damaged"),
        (a_png().replace(b"\x08\x02", b"\x08\x03"), "damaged"),
        (a_png(3000, 1), "2000 pixels"),
        (SVG.format("<script>alert(1)</script>"), "runs and fetches nothing"),
        (SVG.format("<SCRIPT/>"), "runs and fetches nothing"),
        (SVG.format("<foreignObject/>"), "runs and fetches nothing"),
        (SVG.format('<rect onload="x"/>'), "runs and fetches nothing"),
        (SVG.format('<a x:href="javascript:x"/>'), "runs and fetches nothing"),
        (SVG.format('<image href="https://tracker.example/x.png"/>'), "runs and fetches nothing"),
        (SVG.format('<image href="/etc/passwd"/>'), "runs and fetches nothing"),
        (SVG.format("<style>@import 'x'</style>"), "runs and fetches nothing"),
        (SVG.format('<rect fill="url(https://tracker.example)"/>'), "runs and fetches nothing"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"), "without a DOCTYPE"),
    ],
)
def test_any_other_file_is_refused_with_its_reason(tmp_path: Path, content: bytes | str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_logo(kept(tmp_path, content))


def test_the_settings_are_checked_before_the_desk_starts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"authority\.logo\s+Value error, cannot be read: No such file"):
        council_settings(tmp_path, authority={"name": "Anytown", "logo": tmp_path / "nothing.png"})

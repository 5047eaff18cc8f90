"""What a file is, judged by its content and not by its name."""

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import PurePosixPath

from service.release.lines import read_text


class Form(Enum):
    """A kind of file: what it is called, and the endings that its name may have."""

    EMPTY = "an empty file", ()
    PDF = "a PDF", ("pdf", "ai")
    ZIP = "a zip archive, or an Office file", ()
    COMPOUND = "an Office file of the old kind", ("doc", "xls", "ppt", "msg", "dot", "xlt", "pps", "pub", "vsd", "mpp")
    JPEG = "a JPEG picture", ("jpg", "jpeg", "jfif", "jpe")
    PNG = "a PNG picture", ("png",)
    TIFF = "a TIFF picture", ("tif", "tiff")
    GIF = "a GIF picture", ("gif",)
    WEBP = "a WebP picture", ("webp",)
    BMP = "a BMP picture", ("bmp",)
    HEIC = "a HEIC or AVIF picture", ("heic", "heif", "hif", "avif")
    MEDIA = "a sound or a film", ("mp3", "mp4", "m4a", "m4v", "mov", "avi", "wav", "wma", "wmv", "ogg", "mkv", "3gp")
    RTF = "a rich text document", ("rtf", "doc")
    PACKED = "an archive", ("7z", "rar", "gz", "tgz", "bz2", "xz", "tar", "cab")
    HTML = "a web page", ("html", "htm", "xhtml", "mht")
    SVG = "an SVG drawing", ("svg",)
    MAIL = "a mail", ("eml", "mht", "txt", "mbox")
    TEXT = "plain text", ()
    UNKNOWN = "a file of a kind that the desk does not know", ()

    @property
    def called(self) -> str:
        """The kind in words."""
        return str(self.value[0])

    @property
    def endings(self) -> Sequence[str]:
        """The usual endings of a name, without the dot; none where any will do."""
        return tuple(self.value[1])


PICTURES = (Form.JPEG, Form.PNG, Form.TIFF, Form.GIF, Form.WEBP, Form.BMP)
OFFICE = {
    "xlsx": ("xlsx", "xlsm", "xltx", "xltm"),
    "docx": ("docx", "docm", "dotx", "dotm"),
    "pptx": ("pptx", "pptm", "ppsx", "potx"),
    "odf": ("odt", "ods", "odp", "odg", "ott", "ots"),
    "zip": ("zip",),
}
_BINARY = {ending for form in Form for ending in form.endings} | {e for ends in OFFICE.values() for e in ends}
_PLAIN = {"txt", "csv", "tsv", "html", "htm", "xhtml", "svg", "eml", "mht", "mbox"}
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Form.PNG),
    (b"\xff\xd8\xff", Form.JPEG),
    (b"II*\x00", Form.TIFF),
    (b"MM\x00*", Form.TIFF),
    (b"GIF8", Form.GIF),
    (b"BM", Form.BMP),
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.COMPOUND),
    (b"{\\rtf", Form.RTF),
    (b"7z\xbc\xaf\x27\x1c", Form.PACKED),
    (b"Rar!\x1a\x07", Form.PACKED),
    (b"\x1f\x8b", Form.PACKED),
    (b"BZh", Form.PACKED),
    (b"\xfd7zXZ\x00", Form.PACKED),
    (b"MSCF", Form.PACKED),
    (b"ID3", Form.MEDIA),
    (b"OggS", Form.MEDIA),
    (b"\x1a\x45\xdf\xa3", Form.MEDIA),
    (b"0&\xb2u\x8ef\xcf\x11", Form.MEDIA),
)
_STILL = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis")
_MAIL = re.compile(rb"(?:[\x21-\x39\x3b-\x7e]{1,76}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}", re.IGNORECASE)
_OF_MAIL = re.compile(rb"^(?:received|return-path|delivered-to|message-id|mime-version):", re.IGNORECASE | re.MULTILINE)
_HTML = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


def ending_of(name: str) -> str:
    """The ending of a name without its dot, in small letters."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def form_of(content: bytes) -> Form:
    """What the bytes are."""
    if not content:
        return Form.EMPTY
    if b"%PDF-" in content[:1024]:
        return Form.PDF
    for beginning, form in _BEGINNINGS:
        if content.startswith(beginning):
            return Form.TEXT if form is Form.BMP and read_text(content[:4096]) is not None else form
    return _boxed(content) or _written(content)


def _boxed(content: bytes) -> Form | None:
    if content[4:8] == b"ftyp":
        return Form.HEIC if content[8:12] in _STILL else Form.MEDIA
    if content.startswith(b"RIFF"):
        return Form.WEBP if content[8:12] == b"WEBP" else Form.MEDIA
    return Form.MEDIA if content[:2] in (b"\xff\xfb", b"\xff\xf3") else None


def _written(content: bytes) -> Form:
    start = content[:8192]
    if _HTML.match(start.removeprefix(b"\xef\xbb\xbf")):
        return Form.HTML
    if _SVG.search(start) and read_text(start) is not None:
        return Form.SVG
    if _MAIL.match(start) and _OF_MAIL.search(start):
        return Form.MAIL
    return Form.TEXT if read_text(content) is not None else Form.UNKNOWN


def misnamed(name: str, form: Form) -> bool:
    """Whether a name's ending promises something else; an archive's is judged when it is open."""
    ending = ending_of(name)
    if form in (Form.ZIP, Form.EMPTY, Form.UNKNOWN):
        return False
    if form is Form.TEXT:
        return ending in _BINARY - _PLAIN
    return ending not in form.endings

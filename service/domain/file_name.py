"""Names of files: a stranger or an officer chose them, and other people's programs will act on them."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 150  # characters
_RISKY = frozenset('":*?<>|')
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control characters, marks of direction, lone surrogates

# The types that the desk names in a mail; a file of any other ending goes out as bytes.
TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def plain_name(name: str) -> str:
    """A file's name without folders, and without characters that deceive a reader or a program."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if c in _RISKY else c for c in last if unicodedata.category(c) not in _HIDDEN)
    kept = unicodedata.normalize("NFC", " ".join(kept.split())).strip(". ")
    if len(kept) > LONGEST:
        ending = PurePosixPath(kept).suffix[:10]
        kept = kept[: LONGEST - len(ending)].rstrip(". ") + ending
    return kept or "file"


def content_type(name: str) -> str:
    """The type that goes with a name's ending."""
    return TYPES.get(PurePosixPath(name).suffix.lower().removeprefix("."), "application/octet-stream")

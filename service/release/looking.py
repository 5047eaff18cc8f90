"""Which looker a file is for, whatever its name says, and what lies within it in turn."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from service.release.archive import Archive, open_archive
from service.release.contents import OFFICE, PICTURES, Form, ending_of, form_of, misnamed
from service.release.document import look_into_document
from service.release.found import Found, cannot, hint, listed, several, shown
from service.release.lines import look_into_lines, read_text
from service.release.office import embedded, look_into_office
from service.release.open_document import look_into_open_document
from service.release.package import Package
from service.release.pdf import look_into_pdf
from service.release.personal import personal_data
from service.release.pictures import XMP, look_into_picture
from service.release.presentation import look_into_presentation
from service.release.unreadable import CannotLook
from service.release.workbook_copies import look_into_workbook

DEEPEST = 3  # archives within archives
MOST_FILES = 1_000  # of one archive
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OF_SYSTEMS = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*)", re.IGNORECASE)
_TABLES = ("csv", "tsv", "tab")
_CONVERT = {
    Form.COMPOUND: "Office files of the old kind (.doc, .xls, .ppt) and .msg mails cannot be looked into. "
    "Save it as .docx, .xlsx or .pptx, or as a PDF, and release that.",
    Form.HEIC: "Pictures of this kind cannot be looked into; phones write time and place into them. "
    "Save it as a JPEG or PNG, and release that.",
    Form.MEDIA: "Sound and film cannot be looked into: hear or see it to its end, and mind what it tells of its maker.",
    Form.RTF: "Rich text cannot be looked into. Save it as .docx or as a PDF, and release that.",
    Form.PACKED: "Archives of this kind cannot be looked into. Use a zip archive, or release its files one by one.",
    Form.HTML: "Web pages cannot be looked into: they may hold comments and hidden passages. Print it to a PDF.",
    Form.SVG: "Drawings of this kind cannot be looked into: they may hold hidden shapes. Save it as a PNG.",
    Form.MAIL: "A mail's headers and attachments are not looked into: release it as a PDF, its files one by one.",
    Form.UNKNOWN: "The desk does not know files of this kind, and nobody knows what else is in it.",
}


def look(name: str, content: bytes, depth: int = 0) -> Iterator[Found]:
    """What a file holds unseen; never raises CannotLook, for what cannot be judged is found as well."""
    form = form_of(content)
    if misnamed(name, form):
        yield Found("misleading name", f"It is {form.called}, and its name says something else.")
    try:
        yield from _by_form(name, content, form, depth)
    except CannotLook as fault:
        yield cannot(str(fault))


def _by_form(name: str, content: bytes, form: Form, depth: int) -> Iterator[Found]:
    if form is Form.EMPTY:
        yield Found("empty", "There is nothing in it.")
    elif form is Form.PDF:
        yield from look_into_pdf(content)
    elif form is Form.ZIP:
        yield from _zipped(name, open_archive(content), depth)
    elif form in PICTURES:
        yield from look_into_picture(content)
    elif form is Form.TEXT:
        yield from look_into_lines(read_text(content) or "", table=ending_of(name) in _TABLES)
    else:
        yield from _unjudged(content, form)


def _unjudged(content: bytes, form: Form) -> Iterator[Found]:
    if form is Form.COMPOUND and _ENCRYPTED in content:
        yield cannot("The file is protected by a password. Release it without one.")
        return
    yield cannot(_CONVERT[form])
    if form is Form.HEIC and b"Exif" in content:
        yield Found("picture properties", "Carries the camera's record, which often tells time and place.", "EXIF")
    if form is Form.HEIC and any(mark in content for mark in XMP):
        yield Found("picture properties", "Carries a record of programs, people or edits.", "XMP")
    if form in (Form.HTML, Form.MAIL, Form.SVG) and (text := read_text(content)):
        yield from personal_data(text.splitlines(), "Text")


def _zipped(name: str, archive: Archive, depth: int) -> Iterator[Found]:
    package = Package(archive)
    if archive.repeated:
        yield Found("repeated parts", "Two of its parts have one name: programs may disagree on which is shown.")
    if "[Content_Types].xml" in package:
        yield from _office(name, package, depth)
    elif "mimetype" in package and package.read("mimetype")[:45].startswith(b"application/vnd.oasis.opendocument"):
        yield from _renamed(name, "odf", "an OpenDocument file")
        yield from look_into_open_document(package)
    else:
        yield from _renamed(name, "zip", "a zip archive")
        yield from _archive(archive, depth)


def _renamed(name: str, kind: str, called: str) -> Iterator[Found]:
    if ending_of(name) not in OFFICE[kind]:
        yield Found("misleading name", f"It is {called}, and its name says something else.")


def _office(name: str, package: Package, depth: int) -> Iterator[Found]:
    main = package.main_part()
    match main.partition("/")[0].lower():
        case "xl" if main.lower().endswith(".xml"):
            yield from _renamed(name, "xlsx", "an Excel workbook")
            yield from look_into_workbook(package, main)
        case "word":
            yield from _renamed(name, "docx", "a Word document")
            yield from look_into_document(package, main)
        case "ppt":
            yield from _renamed(name, "pptx", "a PowerPoint presentation")
            yield from look_into_presentation(package, main)
        case _:
            yield cannot("The desk does not know Office files of this kind. Save it as .docx, .xlsx, .pptx or PDF.")
    yield from look_into_office(package)
    yield from _inside(package, depth)


def _inside(package: Package, depth: int) -> Iterator[Found]:
    """What the files embedded in an Office file hide in turn."""
    for part in embedded(package)[:MOST_FILES]:
        if depth >= DEEPEST:
            yield cannot("Files are embedded too deeply to be looked into.")
            return
        inner = PurePosixPath(part).name
        yield from (found.inside(shown(inner)) for found in look(inner, package.read(part), depth + 1))


def _archive(archive: Archive, depth: int) -> Iterator[Found]:
    names = list(archive.parts)
    if archive.comment:
        yield hint("comment", "The archive carries a comment of its own.")
    if leading := [name for name in archive.raw_names if name.startswith("/") or ".." in name.split("/")]:
        yield Found(
            "path names", "Names that lead outside the folder it is unpacked into.", listed(map(shown, leading))
        )
    if left := [name for name in names if _OF_SYSTEMS.fullmatch(name)]:
        files = several(len(left), "file")
        yield Found("files of the system", f"{files} that a computer left behind, perhaps with names of users.")
    if depth >= DEEPEST:
        yield cannot("Archives lie within archives too deeply to be looked into.")
        return
    wanted = [name for name in names if name not in left]
    for name in wanted[:MOST_FILES]:
        yield from (found.inside(shown(name)) for found in look(name, archive.read(name), depth + 1))
    if len(wanted) > MOST_FILES:
        yield cannot(f"Only the first {MOST_FILES:,} of its {len(wanted):,} files were looked into.")

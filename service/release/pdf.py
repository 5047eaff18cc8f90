"""PDF files (ISO 32000): what lies under boxes, behind the page, or in an earlier version of the file."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1

from service.release.archive import DAMAGED
from service.release.found import CANNOT, Found, cannot, hint, several
from service.release.pdf_behind import look_behind
from service.release.pdf_covered import unseen_letters
from service.release.pdf_faults import PDF_FAULTS
from service.release.pdf_marks import Box, Interpreter, Painted, Recorder
from service.release.personal import personal_data
from service.release.pictures import look_into_picture
from service.release.unreadable import CannotLook

MOST_PAGES = 3_000
MOST_PICTURES = 300
# The sentence about unseen letters, by why they are unseen.
_UNSEEN = {
    "box": ("text under boxes", "{letters} under dark boxes: whoever copies the text can read them."),
    "paint": ("text under boxes", "{letters} painted over: whoever copies the text can read them."),
    "picture": ("text under pictures", "{letters} under a picture: whoever copies the text can read them."),
    "unpainted": (
        "invisible text",
        "{letters} that are not painted: a scanner's reading of the picture, say, with what is blacked out there.",
    ),
    "white": ("unseen text", "{letters} in white on white."),
    "outside": ("unseen text", "{letters} outside the edges of the page."),
    "tiny": ("unseen text", "{letters} too small to be read."),
}
_REVISION = re.compile(rb"startxref\s{1,4}([1-9]\d{0,14})\s{1,4}%%EOF")


def look_into_pdf(content: bytes) -> Iterator[Found]:
    """What a PDF hides; raises CannotLook."""
    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)))
        yield from _versions(content)
        yield from look_behind(document, content)
        yield from _pages(document)
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise CannotLook(reason="The file is protected by a password. Release it without one.") from None
    except PDF_FAULTS as fault:
        raise CannotLook(reason=DAMAGED) from fault


def _versions(content: bytes) -> Iterator[Found]:
    """Each saving appends to the file: what an earlier one showed is still before it."""
    earlier = len(_REVISION.findall(content)) - 1
    if earlier > 0:
        times = several(earlier, "earlier version is", "earlier versions are")
        yield Found("earlier versions", f"{times} still in the file. Print it anew to be rid of them.")


def _pages(document: PDFDocument) -> Iterator[Found]:
    manager = PDFResourceManager()
    places: dict[str, list[int]] = {}
    counts, lines = Counter[str](), list[str]()
    looked = 0
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > MOST_PAGES:
            yield cannot(f"Only the first {MOST_PAGES:,} pages were looked into.")
            break
        painted = _painted(page, manager)
        for why, count in unseen_letters(painted.letters, painted.areas, _edges(page)).items():
            counts[why] += count
            places.setdefault(why, []).append(number)
        lines += painted.strings
        for picture in painted.pictures[: MOST_PICTURES - looked]:
            looked += 1
            yield from (found.inside(f"Page {number}") for found in _picture(picture))
        yield from _of_page(page, number)
    if not counts and not looked and not any(line.strip() for line in lines):
        yield hint("no text", "It shows no text and no picture that could be looked into: look at each page.")
    yield from _tell_unseen(counts, places)
    yield from personal_data(lines, "Text")


def _painted(page: PDFPage, manager: PDFResourceManager) -> Painted:
    recorder = Recorder(manager)
    Interpreter(manager, recorder).process_page(page)
    return recorder.painted


def _edges(page: PDFPage) -> Box:
    """The page's visible edges, in the space its marks are told in: its media box begins at 0, 0."""
    left, bottom, right, top = page.mediabox
    crop = page.cropbox or page.mediabox
    if page.rotate % 180:
        return 0, 0, abs(top - bottom), abs(right - left)  # a rotated crop is not followed
    return crop[0] - left, crop[1] - bottom, crop[2] - left, crop[3] - bottom


def _tell_unseen(counts: Counter[str], places: dict[str, list[int]]) -> Iterator[Found]:
    for why, (kind, sentence) in _UNSEEN.items():
        if counts[why]:
            pages = places[why]
            where = f"Page{'s' if len(pages) > 1 else ''} {', '.join(map(str, pages[:10]))}"
            more = f" and {len(pages) - 10} more" if len(pages) > 10 else ""
            yield Found(kind, sentence.format(letters=several(counts[why], "letter")), where + more)


def _picture(stream: PDFStream) -> list[Found]:
    """What a photograph tells beside its picture; only JPEG carries that into a PDF."""
    raw = stream.get_rawdata() or b""
    if not raw.startswith(b"\xff\xd8"):
        return []
    return [found for found in look_into_picture(raw) if found.serious and found.kind != CANNOT]


def _of_page(page: PDFPage, number: int) -> Iterator[Found]:
    place = f"Page {number}"
    attributes: dict[str, Any] = page.attrs
    if "PieceInfo" in attributes:
        yield Found("working data", "Keeps the data of the program that drew it, perhaps with more in it.", place)
    if "Thumb" in attributes:
        yield hint("thumbnail", "A small picture of the page, perhaps of an earlier state.", place)
    kinds = Counter(_kind(note) for note in resolve1(page.annots) or ())
    if kinds["Redact"]:
        marks = several(kinds["Redact"], "passage is", "passages are")
        yield Found("redactions not applied", f"{marks} marked for redaction, and not redacted yet.", place)
    notes = sum(kinds[kind] for kind in kinds if kind not in ("Link", "Widget", "Popup", "Redact", "FileAttachment"))
    if notes:
        yield Found("annotations", f"{several(notes, 'note, box or mark', 'notes, boxes or marks')} on top.", place)


def _kind(note: object) -> str:
    words = resolve1(note)
    subtype = resolve1(words.get("Subtype")) if isinstance(words, dict) else None
    return str(getattr(subtype, "name", "other"))

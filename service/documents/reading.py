"""The text of a letter that is a file: Word (docx), PDF or plain text, read within limits."""

import io
import re
from collections.abc import Callable, Iterator

from pdfminer.high_level import extract_text
from pdfminer.layout import LAParams
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from service.errors import DeskError
from service.release.archive import Archive
from service.release.markup import Element
from service.release.package import Package
from service.release.pdf_faults import PDF_FAULTS
from service.release.unreadable import CannotLook

LARGEST = 20_000_000  # bytes of a file
LONGEST = 2_000_000  # characters of its text
MOST_PAGES = 300
_LARGEST_PART = 60_000_000  # bytes that a part of a Word file may unpack to
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_AROUND = ("header", "footer")


class DocumentUnreadable(DeskError):
    """{name} cannot be read: {reason}"""


def text_of_document(content: bytes, name: str) -> str:
    """The words of a docx, pdf or txt file as lines, whatever its name says it is; raises DocumentUnreadable."""
    if len(content) > LARGEST:
        raise DocumentUnreadable(name=name, reason=f"it is larger than {LARGEST // 1_000_000} MB.")
    try:
        text = _reader(content)(content)
    except CannotLook as fault:
        raise DocumentUnreadable(name=name, reason=str(fault)) from fault
    except MemoryError:
        raise DocumentUnreadable(name=name, reason="it takes too much memory to read safely.") from None
    if len(text) > LONGEST:
        raise DocumentUnreadable(name=name, reason="it is too long to be a letter.")
    if not text.strip():
        raise DocumentUnreadable(name=name, reason="there are no words in it; a scanned letter has to be typed first.")
    return text


def _reader(content: bytes) -> Callable[[bytes], str]:
    if b"%PDF-" in content[:1024]:
        return _pdf_text
    if content.startswith(b"PK"):
        return _word_text
    return _plain_text


def _plain_text(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotLook(reason="it is in an old Office format or protected by a password. Save it as .docx or PDF.")
    if content.startswith(b"{\\rtf"):
        raise CannotLook(reason="it is rich text. Save it as .docx, PDF or plain text.")
    text = _decoded(content)
    if _UNREADABLE.search(text):
        raise CannotLook(reason="it is no letter that the desk can read: give it a .docx, PDF or plain text file.")
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _pdf_text(content: bytes) -> str:
    try:
        # Without a flow the boxes come from top to bottom, and a page of very many takes no more time.
        return extract_text(io.BytesIO(content), maxpages=MOST_PAGES, laparams=LAParams(boxes_flow=None))
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise CannotLook(reason="it is protected by a password. Save it without one.") from None
    except PDF_FAULTS as fault:
        raise CannotLook(reason="the file is damaged. Save it anew.") from fault


def _word_text(content: bytes) -> str:
    archive = Archive(io.BytesIO(content))
    if sum(info.file_size for info in archive.parts.values() if info.filename.endswith(".xml")) > _LARGEST_PART:
        raise CannotLook(reason="it unpacks to more than is safe to read.")
    package = Package(archive)
    main = package.main_part()
    if not main.lower().startswith("word/"):
        raise CannotLook(reason="it is no Word document. Save it as .docx, PDF or plain text.")
    heads, feet = (package.named(rf"word/{kind}\d*\.xml") for kind in _AROUND)
    return "\n".join(line for part in (*heads, main, *feet) for line in _paragraphs(package.elements(part))).strip()


def _paragraphs(elements: Iterator[Element]) -> Iterator[str]:
    """A part's paragraphs as they are read: what was deleted with changes tracked, or stands in twice, is left out."""
    line: list[str] = []
    for element in elements:
        if "Fallback" in element.path:
            continue  # the same text box again, for programs that cannot draw it
        if not element.starts and element.name == "t":
            line.append(element.text)
        elif element.starts and element.name in _MARKS and "r" in element.path[-1:]:
            line.append(_MARKS[element.name])
        elif not element.starts and element.name == "p":
            yield "".join(line)
            line.clear()

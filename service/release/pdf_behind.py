"""What a PDF carries beside its pages: properties, files, layers, programs and forms."""

from collections.abc import Iterator
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFStream, resolve1

from service.release.found import Found, cannot, hint, several
from service.release.office import tell_properties

_PEOPLE = {"Author": "author", "LastModifiedBy": "last changed by", "Manager": "manager"}
_PROSE = ("Title", "Subject", "Keywords", "Company", "SourceModified")
_PLAIN = (*_PEOPLE, *_PROSE, "Creator", "Producer", "CreationDate", "ModDate", "Trapped", "PTEX.Fullbanner")
MOST_NODES = 10_000
HIDDEN = 0b10 | 0b100000  # hidden, not to be viewed (ISO 32000-1, table 165)


def look_behind(document: PDFDocument, content: bytes) -> Iterator[Found]:
    """What is not on a page."""
    catalog: dict[str, Any] = document.catalog
    yield from _information(document)
    yield from _record(catalog)
    yield from _files(catalog, content)
    yield from _layers(catalog)
    yield from _programs(catalog, content)
    yield from _form(catalog)


def _dict(value: object) -> dict[str, Any]:
    resolved = resolve1(value)
    if isinstance(resolved, PDFStream):
        return dict(resolved.attrs)
    return resolved if isinstance(resolved, dict) else {}


def _list(value: object) -> list[Any]:
    resolved = resolve1(value)
    return resolved if isinstance(resolved, list) else []


def _information(document: PDFDocument) -> Iterator[Found]:
    told = {name for info in document.info for name, value in info.items() if resolve1(value) not in (b"", None, "")}
    yield from tell_properties([_PEOPLE[n] for n in _PEOPLE if n in told], [n.lower() for n in _PROSE if n in told])
    if own := told - set(_PLAIN):
        yield Found(
            "custom properties", f"Carries {several(len(own), 'property', 'properties')} of its own.", "Properties"
        )


def _record(catalog: dict[str, Any]) -> Iterator[Found]:
    stream = resolve1(catalog.get("Metadata"))
    words = stream.get_data() if isinstance(stream, PDFStream) else b""
    if b"dc:creator" in words or b"pdf:Author" in words:
        yield Found("document properties", "Names people.", "XMP")
    if b"xmpMM:History" in words or b"xmpMM:DerivedFrom" in words:
        yield hint("document properties", "Tells how it came about, perhaps with the names of other files.", "XMP")


def _files(catalog: dict[str, Any], content: bytes) -> Iterator[Found]:
    names = _dict(catalog.get("Names"))
    count = sum(1 for _ in _leaves(names.get("EmbeddedFiles"))) or len(_list(catalog.get("AF")))
    if count or b"/EmbeddedFile" in content or b"/FileAttachment" in content:
        many = several(count, "whole file is", "whole files are") if count else "Files are"
        yield Found("embedded files", f"{many} attached within it.")
    if "Collection" in catalog:
        yield cannot("It is a portfolio of other files: release each by itself.")


def _leaves(tree: object) -> Iterator[object]:
    """The entries of a name tree (ISO 32000-1, 7.9.6)."""
    waiting, seen = [tree], 0
    while waiting and seen < MOST_NODES:
        seen += 1
        node = _dict(waiting.pop())
        waiting += _list(node.get("Kids"))
        yield from _list(node.get("Names"))[1::2]


def _layers(catalog: dict[str, Any]) -> Iterator[Found]:
    properties = _dict(catalog.get("OCProperties"))
    standard = _dict(properties.get("D"))
    off = len(_list(standard.get("OFF")))
    if "OFF" in str(resolve1(standard.get("BaseState"))):
        off = max(len(_list(properties.get("OCGs"))) - len(_list(standard.get("ON"))), off)
    if off:
        yield Found("hidden layers", f"{several(off, 'layer is', 'layers are')} not shown, and can be switched on.")


def _programs(catalog: dict[str, Any], content: bytes) -> Iterator[Found]:
    names = _dict(catalog.get("Names"))
    action = _dict(catalog.get("OpenAction"))
    if "JavaScript" in names or "JS" in action or b"/JavaScript" in content:
        yield Found("JavaScript", "Carries a program that runs when it is opened or used.")


def _form(catalog: dict[str, Any]) -> Iterator[Found]:
    form = _dict(catalog.get("AcroForm"))
    if "XFA" in form:
        yield cannot("It is a form of Adobe's XFA kind, whose data no page shows: print it to a new PDF.")
    filled = hidden = 0
    for field in _fields(form):
        if resolve1(field.get("V")) not in (None, b"", ""):
            filled += 1
            flags = resolve1(field.get("F"))
            hidden += bool(isinstance(flags, int) and flags & HIDDEN)
    if hidden:
        yield Found("hidden fields", f"{several(hidden, 'field')} of a form, filled in and not shown.")
    if filled:
        yield hint("form", f"{several(filled, 'field')} of a form are filled in: it can still be changed.")


def _fields(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting, seen = _list(form.get("Fields")), 0
    while waiting and seen < MOST_NODES:
        seen += 1
        field = _dict(waiting.pop())
        waiting += _list(field.get("Kids"))
        yield field

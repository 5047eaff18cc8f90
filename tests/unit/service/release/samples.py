"""Files as offices make them, each clean until a test puts something into it."""

import io
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document
from openpyxl import Workbook

from service.release.found import Found
from service.release.looking import look


def kinds(name: str, content: bytes, *, serious: bool | None = None) -> list[str]:
    """The kinds of what was found, in order."""
    return [one.kind for one in found(name, content) if serious is None or one.serious == serious]


def found(name: str, content: bytes) -> list[Found]:
    return list(look(name, content))


def the_one(name: str, content: bytes, kind: str) -> Found:
    """The one thing of a kind that was found."""
    (one,) = [one for one in found(name, content) if one.kind == kind]
    return one


def zipped(parts: Mapping[str, bytes | str], *, method: int = ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content: bytes, changes: Mapping[str, bytes | str | None]) -> bytes:
    """A zip archive with some parts added or replaced, and those that are None left out."""
    parts: dict[str, bytes | str | None] = {**parts_of(content), **changes}
    return zipped({name: part for name, part in parts.items() if part is not None})


def a_workbook(change: Callable[[Workbook], object] = lambda _: None) -> bytes:
    """A sheet of wards and their trees, without properties."""
    book = Workbook()
    book.properties.creator = None
    assert book.active is not None
    book.active.title = "Trees"
    for row in (("Ward", "Felled"), ("North", 12), ("South", 7)):
        book.active.append(row)
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def a_document(change: Callable[[Document], object] = lambda _: None) -> bytes:
    """A letter of two sentences, without properties."""
    document = docx.Document()
    for name in ("author", "comments", "title"):
        setattr(document.core_properties, name, "")
    document.add_paragraph("Twelve trees were felled.")
    document.add_paragraph("Seven were planted.")
    change(document)
    target = io.BytesIO()
    document.save(target)
    return with_parts(target.getvalue(), {"docProps/thumbnail.jpeg": None})


def in_document(content: bytes, old: str, new: str) -> bytes:
    """A document whose XML has been changed by hand."""
    words = parts_of(content)["word/document.xml"].decode()
    assert old in words
    return with_parts(content, {"word/document.xml": words.replace(old, new, 1)})


PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_presentation(slide: str = "", extra: Mapping[str, bytes | str] | None = None, shows: str = "") -> bytes:
    """One slide of three words."""
    words = f"<p:sp><p:txBody><a:p><a:r><a:t>Twelve trees felled</a:t></a:r></a:p></p:txBody></p:sp>{slide}"
    tree = f"<p:cSld><p:spTree>{words}</p:spTree></p:cSld>"
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{PRESENTATION}"><p:sldSz cx="9144000" cy="6858000"/>'
            "</p:presentation>",
            "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{PRESENTATION}" xmlns:a="{DRAWING}"{shows}>{tree}</p:sld>',
            **(extra or {}),
        }
    )


def relations(*links: tuple[str, str], outside: bool = False) -> str:
    """A .rels part, its links by kind and target."""
    mode = ' TargetMode="External"' if outside else ""
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(links, start=90)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'


_NAMESPACES = {name: name for name in ("office", "table", "text", "style", "meta", "presentation")} | {
    "draw": "drawing"
}
ODF = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for prefix, name in _NAMESPACES.items()
)


def an_open_document(
    body: str, styles: str = "", extra: Mapping[str, bytes | str] | None = None, kind: str = "text"
) -> bytes:
    """An OpenDocument file with the body given."""
    content = (
        f"<office:document-content{ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "meta.xml": f'<office:document-meta{ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta/>'
            "</office:document-meta>",
            **(extra or {}),
        }
    )


TYPED = "BT /F1 12 Tf 72 720 Td (Twelve trees were felled.) Tj ET\n"


def a_pdf(
    drawn: str = TYPED,
    *,
    page: str = "",
    catalog: str = "",
    objects: Iterable[str | bytes] = (),
    trailer: str = "",
    packed: bool = False,
) -> bytes:
    """A PDF of one page (595 by 842 points) with what is drawn on it; further objects are numbered from 10."""
    stream = zlib.compress(drawn.encode()) if packed else drawn.encode()
    filters = "/Filter /FlateDecode " if packed else ""
    numbered: dict[int, bytes] = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
        f"/ExtGState << /Half << /ca 0.3 >> >> /XObject << /Im1 10 0 R >> >> {page} >>".encode(),
        4: f"<< {filters}/Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    numbered |= {at: one if isinstance(one, bytes) else one.encode() for at, one in enumerate(objects, start=10)}
    return _written(numbered, trailer)


def _written(numbered: Mapping[int, bytes], trailer: str) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), {}
    for number, content in numbered.items():
        places[number] = len(made)
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(made)
    made += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        made += f"{number} 1\n{place:010d} 00000 n \n".encode()
    size = max(numbered) + 1
    return bytes(made + f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())


def saved_again(pdf: bytes, number: int, content: str) -> bytes:
    """The same PDF with an object replaced as programs do it: appended, what it said before still there."""
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1].decode()
    made = bytearray(pdf)
    place = len(made)
    made += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(made)
    made += f"xref\n{number} 1\n{place:010d} 00000 n \n".encode()
    return bytes(made + f"trailer\n<< /Size 99 /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n".encode())

"""A letter as a Word document for officers who go on editing it there: real headings, styles and language."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from service.documents.layout import Part, Run, Shape, clean, parts_of
from service.documents.letterhead import Letterhead
from service.documents.pdf import as_png
from service.errors import DeskError
from service.letters import Words
from service.logo import Logo, png_size

STYLES = {
    Shape.HEADING: "Heading 1",
    Shape.PARAGRAPH: "Normal",
    Shape.ITEMS: "List Bullet",
    Shape.QUOTE: "Quote",
}
LOGO_HEIGHT, LOGO_WIDTH = 18, 80  # mm, at most
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0, 2.2


class PaperFault(DeskError):
    """The letter paper {name} cannot be used: {reason}. Put a Word document that has our styles in its place."""


def letter_docx(words: Words, letterhead: Letterhead, paper: Path | None = None) -> bytes:
    """A letter as .docx, on the authority's own paper (a .docx that has the styles) or on ours.

    The words are put into runs as text: nothing of them is a field, a template or XML. Raises PaperFault.
    """
    document = _opened(paper)
    try:
        _write(document, words, letterhead, own=paper is not None)
    except KeyError as error:  # python-docx has no kinder word for a style that is missing
        raise PaperFault(name=paper.name if paper else "", reason=str(error)) from error
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _opened(paper: Path | None) -> WordDocument:
    if paper is None:
        document = Document()
        _dress(document)
        return document
    try:
        return Document(str(paper))
    except (PackageNotFoundError, BadZipFile, OSError, ValueError, KeyError) as error:
        raise PaperFault(name=paper.name, reason=type(error).__name__) from error


def _write(document: WordDocument, words: Words, letterhead: Letterhead, *, own: bool) -> None:
    title = _text(words.subject).replace("\n", " ") or letterhead.reference
    _describe(document, title, letterhead)
    if not own:  # the authority's own paper bears its name already
        _head(document, letterhead)
    document.add_paragraph(title, style="Title")
    for part in parts_of(words.body):
        _add(document, part)


def _describe(document: WordDocument, title: str, letterhead: Letterhead) -> None:
    made_at = datetime.combine(letterhead.written_on, time(12), UTC)
    about = document.core_properties
    about.title, about.author, about.language = title, letterhead.authority, _language(letterhead)
    about.subject, about.comments = letterhead.reference, ""
    about.created = about.modified = made_at
    _speak(document, _language(letterhead))


def _language(letterhead: Letterhead) -> str:
    return f"{letterhead.language}-{letterhead.region}"


def _speak(document: WordDocument, language: str) -> None:
    """Set the language of all text, so that a screen reader speaks it and the spelling is checked by it."""
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)
    properties = document.styles["Normal"].element.get_or_add_rPr()
    for lang in properties.findall(qn("w:lang")):
        properties.remove(lang)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), language)
    properties.append(lang)


def _head(document: WordDocument, letterhead: Letterhead) -> None:
    if letterhead.logo:
        _show(document, letterhead.logo, _text(letterhead.authority))
    name = document.add_paragraph().add_run(_text(letterhead.authority))
    name.bold, name.font.size = True, Pt(14)
    name.font.color.rgb = RGBColor.from_string(letterhead.colour.removeprefix("#").upper())
    if letterhead.sender:
        _lines(document, "Normal", [(Run(_text(line)),) for line in letterhead.sender])


def _show(document: WordDocument, logo: Logo, name: str) -> None:
    """The logo, as high as a letterhead takes it and no wider than half the page."""
    picture = as_png(logo)
    width, height = png_size(picture)
    scale = min(LOGO_HEIGHT / height, LOGO_WIDTH / width)
    shape = document.add_paragraph().add_run().add_picture(BytesIO(picture), Mm(width * scale), Mm(height * scale))
    shape._inline.docPr.set("descr", name)  # what a screen reader says; python-docx has no other word for it


def _add(document: WordDocument, part: Part) -> None:
    if part.shape is Shape.ITEMS:
        for line in part.lines:
            _lines(document, STYLES[part.shape], [line])
    else:
        _lines(document, STYLES[part.shape], part.lines)


def _lines(document: WordDocument, style: str, lines: Iterable[tuple[Run, ...]]) -> None:
    """A paragraph whose lines are kept apart by line breaks."""
    paragraph = document.add_paragraph(style=style)
    for number, line in enumerate(lines):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text("".join(_text(piece.text) for piece in line))


def _text(words: str) -> str:
    return _FORBIDDEN.sub("", clean(words))


def _dress(document: WordDocument) -> None:
    """A4, a plain face in black, and room between paragraphs."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(24)
    for name, size in (("Normal", 12), ("Title", 17), ("Heading 1", 13), ("Quote", 12), ("List Bullet", 12)):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.italic = False
        style.paragraph_format.space_after = Pt(8)
        _same_face_everywhere(style)
    indent = document.styles["Quote"]
    assert isinstance(indent, ParagraphStyle)
    indent.paragraph_format.left_indent = Mm(8)


def _same_face_everywhere(style: ParagraphStyle) -> None:
    """Word's own styles name a theme's face for headings, which goes before a name."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), "Arial")

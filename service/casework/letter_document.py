"""A letter as a file: the PDF that goes out with it, and the Word document that officers edit."""

import re
from datetime import date
from typing import NamedTuple

from service.desk import Desk
from service.documents.letterhead import Letterhead
from service.documents.pdf import letter_pdf
from service.documents.word import letter_docx
from service.domain.contrast import TEXT, WHITE, told_from
from service.domain.file_name import content_type
from service.errors import DeskError
from service.letters import Words
from service.store.tables import Case

LAYOUT = "letter.typ"
PAPER = "letter.docx"  # the authority's own; there need be none


class NoLayout(DeskError):
    """The layout of letters, letters/letter.typ, is missing from the templates folder: install the desk again."""


class LetterFile(NamedTuple):
    """A letter as a file."""

    name: str
    content_type: str
    content: bytes


def response_file(desk: Desk, case: Case, words: Words, *, on: date) -> LetterFile:
    """A response as an accessible PDF, dated by the day it is made; raises LayoutFault or NoLayout."""
    layout = desk.stationery.sheet(LAYOUT)
    if layout is None:
        raise NoLayout
    name = _name(case, "pdf")
    made = letter_pdf(_untagged(case, words), _letterhead(desk, case, on), layout.read_text("utf-8"))
    return LetterFile(name, content_type(name), made)


def response_in_word(desk: Desk, case: Case, words: Words, *, on: date) -> LetterFile:
    """A response for Word, on the authority's own paper where there is some; raises PaperFault."""
    name = _name(case, "docx")
    made = letter_docx(_untagged(case, words), _letterhead(desk, case, on), desk.stationery.sheet(PAPER))
    return LetterFile(name, content_type(name), made)


def _name(case: Case, ending: str) -> str:
    return f"{re.sub('[^A-Za-z0-9.-]+', '-', case.reference)}-response.{ending}"


def _untagged(case: Case, words: Words) -> Words:
    """The words without the reference in brackets, which in a mail's subject keeps the thread together."""
    return Words(words.subject.removeprefix(f"[{case.reference}]").strip(), words.body)


def _letterhead(desk: Desk, case: Case, on: date) -> Letterhead:
    authority, mailbox = desk.settings.authority_of(case.account), desk.settings.mailbox_of(case.account).address
    sender = (authority.address, authority.telephone, mailbox, authority.website)
    return Letterhead(
        authority=authority.name,
        sender=tuple(line for line in sender if line),
        reference=case.reference,
        written_on=on,
        colour=told_from(WHITE, authority.colour, TEXT),
        logo=authority.emblem,
    )

"""A letter as an accessible PDF (PDF/UA-1, ISO 14289-1): tagged, with a title, a language and real headings."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Final

import typst

from service.documents.layout import clean, parts_of
from service.documents.letterhead import Letterhead
from service.errors import DeskError
from service.letters import Words
from service.logo import Logo

STANDARD: Final = "ua-1"
SURE = 0x24F  # every font has what stands before: the end of Latin Extended-B
SURE_BEYOND = frozenset("–—‘’“”…€•\n")
UNSHOWN = "?"
PRINTED = 300  # dots per inch of a logo
MOST_TRIED = 500  # characters tried one by one; a letter with more unusual ones is set without them
_NUMBERED = re.compile(r"\b([Ss]ections?|[Rr]egulations?|[Qq]uestions?) (?=\d)")


class LayoutFault(DeskError):
    """The layout of letters, letters/letter.typ, cannot be used: {reason}. Correct the file in the templates folder."""


class LogoFault(DeskError):
    """The logo cannot be drawn: {reason}. Put another file in its place, [authority] logo in the settings."""


def letter_pdf(words: Words, letterhead: Letterhead, layout: str) -> bytes:
    """A letter by a Typst layout; a character that no font on this machine has becomes a question mark.

    The words reach the layout as JSON, so nothing in them is markup. Raises LayoutFault.
    """
    written_at = datetime.combine(letterhead.written_on, time(12), UTC)
    reason = ""
    for shown in (_as_it_is, _displayable, _plain):
        try:
            return _compile(layout, _data(words, letterhead, shown), written_at)
        except typst.TypstError as error:
            reason = error.message
    raise LayoutFault(reason=reason)


def _as_it_is(text: str) -> str:
    return text


def _data(words: Words, letterhead: Letterhead, shown: Callable[[str], str]) -> str:
    parts = [
        {
            "shape": part.shape.value,
            "lines": [[{"text": _kept_together(run.text), "link": run.link} for run in line] for line in part.lines],
        }
        for part in parts_of(shown(words.body))
    ]
    title = shown(clean(words.subject).replace("\n", " ")) or letterhead.reference
    head = {
        "authority": shown(letterhead.authority),
        "sender": [shown(line) for line in letterhead.sender],
        "reference": shown(letterhead.reference),
        "colour": letterhead.colour,
        "logo": {"kind": logo.kind, "content": list(logo.content)} if (logo := letterhead.logo) else None,
        "language": letterhead.language,
        "region": letterhead.region,
    }
    return json.dumps(head | {"title": title, "parts": parts})


def _kept_together(text: str) -> str:
    """No line ends between the word section and its number."""
    return _NUMBERED.sub("\\1\u00a0", text)


def _compile(layout: str, data: str, at: datetime) -> bytes:
    return typst.compile(layout.encode(), sys_inputs={"letter": data}, pdf_standards=STANDARD, timestamp=at)


def as_png(logo: Logo) -> bytes:
    """A logo as a PNG, for what shows no SVG; raises LogoFault for one that cannot be drawn."""
    if logo.kind == "png":
        return logo.content
    sheet = "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg), height: 20mm)"
    try:
        return typst.compile(
            sheet.encode(), sys_inputs={"svg": logo.content.decode("utf-8-sig")}, format="png", ppi=PRINTED
        )
    except typst.TypstError as error:
        raise LogoFault(reason=error.message) from error


def _plain(text: str) -> str:
    return "".join(c if _sure(c) else UNSHOWN for c in text)


def _displayable(text: str) -> str:
    """The text with a mark for each character that no font has; PDF/UA forbids a glyph that stands for nothing."""
    unusual = {c for c in text if not _sure(c)}
    few = len(unusual) <= MOST_TRIED
    return text.translate({ord(c): UNSHOWN for c in unusual if not (few and _has_a_glyph(c))})


def _sure(character: str) -> bool:
    return ord(character) <= SURE or character in SURE_BEYOND


def _has_a_glyph(character: str) -> bool:
    probe = '#set document(title: "x")\n#sys.inputs.letter'
    try:
        _compile(probe, character, datetime(2000, 1, 1, tzinfo=UTC))
    except typst.TypstError:
        return False
    return True

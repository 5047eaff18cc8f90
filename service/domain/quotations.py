"""Telling a mail's new words from the older mail quoted below them, so that pages can fold the latter away."""

import re
from dataclasses import dataclass

from service.domain.forwarded import passes_on, quotes_mail

# Where mail programs begin the older mail; a guess is enough, because folding hides nothing for good.
_BEGINNING = re.compile(
    r"^(?:>|-{2,}\s*Original (?:Message|Appointment)\s*-{2,}|_{20,}\s*$|On .{6,120} wrote:\s*$|From: .+@.+$)",
    re.MULTILINE,
)
LEAST_FRESH = 20  # characters; a mail that is all quotation (a forward) is shown whole


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in two parts: `fresh`, and `quoted` from the first line of older mail on; the latter may be empty."""

    fresh: str
    quoted: str


def fold(text: str, subject: str = "", *, opening: bool = False) -> Folded:
    """Fold a text where older mail begins, unless too little would stay in sight, or the older mail is passed on.

    `opening` is a mail that a case begins with: a mail that it quotes whole may be the request itself.
    """
    if quotes_mail(text) if opening else passes_on(subject, text):
        return Folded(text, "")
    found = _BEGINNING.search(text)
    if found is None or len(text[: found.start()].strip()) < LEAST_FRESH:
        return Folded(text, "")
    return Folded(text[: found.start()].rstrip(), text[found.start() :])

"""What somebody wrote above the mail that they answer: the lines in which an instruction may stand.

Where a quotation begins is said by mail programs in many languages; whatever looks like such a beginning ends the
lines, for a word that somebody else wrote must never be taken for one of the sender's.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from service.domain.forwarded import ENCLOSED

MOST_LINES = 500  # of one's own; what follows is not looked at
_AFTER_NAME = ("|", ",", "(", "-", "\u2013", "\u2014", "/", "<", "\u00b7", "\u2022")

_QUOTED = re.compile(r"[>|\u203a\u00bb]|&gt;")
_RULE = re.compile(r"[_\-=*\u2013\u2014]{5,}")
_HEADINGS = re.compile(
    r"""(?ix) [*\s]* (?: -{2,} .{0,80} | begin \s forwarded \s message .* | start \s of \s forwarded .*
      | anfang \s der \s weitergeleiteten .* | d[e\u00e9]but \s du \s message .* | (?:original|forwarded) \s message .*
      | urspr\S+ngliche \s nachricht .* | message \s (?:d['\u2019]origine|original|transf\S*) .* )"""
)
_WROTE = re.compile(
    r"""(?ix) \b (?: wrote | writes | schrieb | schreef | geschreven | a \s \S{1,2}crit | escribi\S+ | escreveu
      | ha \s scritto | skrev | napisa\S+ | ysgrifennodd | kirjoitti )\b .{0,120} : \s* $"""
)
_BEGINS_WROTE = re.compile(r"(?i)(?:on|am|le|el|il|op|em|den|w dniu|ar)\b.{4,}")
_FROM = re.compile(
    r"(?i)[*\s]*(?:from|von|de|da|van|od|fra|fr\u00e5n|oddi wrth|expéditeur|mittente|l\u00e4hett\u00e4j\u00e4)\s*:"
)
_MARKINGS = re.compile(
    r"""(?ix) [\[(*\s]* (?: (?:security \s)? (?:classification|marking) \s* : \s* )?
      (?: official (?: \s*[-\u2013:]?\s* (?:sensitive|personal|commercial|public) )* | unclassified | controlled
        | not \s protectively \s marked | protect | restricted | internal | external ) [\])*.\s]*"""
)
_BANNER = re.compile(
    r"(?i)[\[(*#!\s\u26a0\ufe0f]*(?:caution|warning|external(?: e-?mail| sender| message)?|attention|be aware)\b.*"
    r"(?:e-?mail|sender|message|organi[sz]ation|links|attachments)"
)
_SIGNATURE = re.compile(
    r"""(?ix) --\s? | sent \s from \s .{2,60} | get \s outlook \s for .* | von \s meinem .{2,40} \s gesendet
      | envoy\S+ \s de .{2,40} | (?:(?:kind(?:est)?|best|warm(?:est)?|many|with) \s)* (?:regards|wishes|thanks)[\s,.!]*
      | (?:thank \s you|thanks|cheers|ta|diolch|cofion (?:\s gorau)?)(?:\s(?:in \s advance|very \s much|all))?[\s,.!]*
      | yours(?:\s(?:sincerely|faithfully|truly|ever))?[\s,.!]* | (?:mit \s freundlichen|viele|beste) \s gr\S+ .*
      | cordialement .*"""
)


def own_lines(text: str, says: Callable[[str], bool] = lambda _line: False) -> list[str]:
    """The lines above the quotation, stripped, without markings and banners that a gateway put on top.

    A banner goes on to the next empty line, or to the first that `says` something.
    """
    lines = list(_above(text.split("\n")[: MOST_LINES + 20]))
    return _without_banners(lines, says)[:MOST_LINES]


def without_signature(lines: Sequence[str], signer: str = "") -> list[str]:
    """The lines up to a signature or a closing phrase, without the empty ones around them.

    A signature may begin with no more than the name of the `signer`.
    """
    kept: list[str] = []
    for line in lines:
        if _SIGNATURE.fullmatch(line) or _is_name(line, signer):
            break
        kept.append(line)
    return "\n".join(kept).strip("\n").split("\n") if any(kept) else []


def _is_name(line: str, signer: str) -> bool:
    """Whether a line is somebody's name, or begins with all of it as signatures do: "Sam Okoro | FOI team"."""
    name, plain = " ".join(signer.casefold().split()), " ".join(line.casefold().strip("*_ ").split())
    if not name or not plain.startswith(name.partition(" ")[0]):
        return False
    after = plain.removeprefix(name).lstrip(" *_") if plain.startswith(name) else plain
    return plain.rstrip(" .,") in (name, name.partition(" ")[0]) or (after != plain and after[:1] in _AFTER_NAME)


def _above(lines: Sequence[str]) -> Iterator[str]:
    for at, raw in enumerate(lines):
        line = raw.strip(" \t\r\f\v\u00a0\ufeff\u200b")
        if _begins_quotation(line, lines[at : at + 4]):
            return
        yield line


def _begins_quotation(line: str, ahead: Sequence[str]) -> bool:
    if not line or len(line) > 2000:
        return False
    marked = _QUOTED.match(line) or _RULE.fullmatch(line) or _HEADINGS.fullmatch(line) or _FROM.match(line)
    if marked or line == ENCLOSED or (_WROTE.search(line[-300:])):
        return True
    # "On ... wrote:" may be folded over several lines, none of which is empty.
    folded = takewhile(bool, (one.strip() for one in ahead[1:]))
    return bool(_BEGINS_WROTE.match(line)) and any(_WROTE.search(one[-300:]) for one in folded)


def _without_banners(lines: list[str], says: Callable[[str], bool]) -> list[str]:
    """Without up to three paragraphs on top that only say how the mail is classified or where it came from."""
    for _ in range(3):
        while lines and not lines[0]:
            lines = lines[1:]
        if lines and _MARKINGS.fullmatch(lines[0][:200]):
            lines = lines[1:]
        elif lines and _BANNER.match(lines[0][:500]):
            end = next((at for at, line in enumerate(lines) if not line or (at and says(line))), len(lines))
            lines = lines[end:]
    while lines and not lines[0]:
        lines = lines[1:]
    return lines

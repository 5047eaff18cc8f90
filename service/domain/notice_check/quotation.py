"""What a letter quotes from the request, told apart from what it says itself."""

import re
from collections.abc import Iterator

from service.domain.notice_check.wording import squeezed, words

_MOST_ASKED = 60_000  # characters of a request that lines are looked up in
_FEWEST = 3  # words: a shorter line may be anybody's
_OPENING_WITHIN = 80  # lines
_LABEL = re.compile(r"^\s*(?:(?:Q|question|part|point)\s*\.?\s*)?\(?\d{1,2}\s*[-–—:./)]+\s*", re.IGNORECASE)
_OPENS = words(
    r"(?:you (?:have )?(?:asked|requested|wrote|sought|seek|wished)|your (?:request|enquiry|email|question)|requested information"
    r"|you seek|information requested|the following(?: information)?|request for(?: the following)? information)\b[^\n]{0,120}:\s*$"
)
_HEADING = words(r"^\s*(?:the |your )?(?:request|your request|information requested|what you asked(?: for)?)\s*:?\s*$")
_ANSWERS = words(
    r"^\s*(?:\W{0,3})(?:(?:our |the )?(?:decision|response|answer|reply|reasons?|disclosure|refusal)\b[^.\n]{0,40}$"
    r"|(?:i|we) (?:can |have (?:now |today )?(?:decided|considered|completed|conducted|established|searched)|confirm|do(?: not)? hold|hold"
    r"|(?:must |am |are |have to )?(?:refus|withh|enclos|attach|neither)|regret|apologi|no longer|estimate|handled|dealt|treated)"
    r"|(?:i am|we are) (?:writing to (?:inform|tell|advise|respond|confirm)|able|unable|not|now|pleased|sorry|refusing|withholding|replying)"
    r"|our |the (?:council|authority|trust|force|department|university|board|service|constabulary|information you|request(?:ed)? (?:has|was|is)"
    r"|act |duty)|this (?:letter|response|request|is |information)|under |following |in (?:response|accordance|answer|reply|relation)"
    r"|having |searches|please (?:find|see)|some |part of|dear |yours |kind regards|thank you for|unfortunately|having|further to"
    r"|decision|response\b)"
)


def without_quotations(text: str, asked: str) -> str:
    """The text with blanks for every line that is the requester's, as long as it was."""
    lines = text.split("\n")
    opening = frozenset() if asked.strip() else frozenset(_opening(lines))
    known = squeezed(asked[:_MOST_ASKED] or " ".join(lines[number] for number in opening)[:_MOST_ASKED])
    kept = (
        _blanked(line) if line.startswith(">") or number in opening or _is_from(line, known) else line
        for number, line in enumerate(lines)
    )
    return "\n".join(kept)


def _blanked(line: str) -> str:
    """A line's label stays, so that its answer is still found."""
    label = _LABEL.match(line)
    length = label.end() if label and not line.startswith(">") else 0
    return line[:length] + " " * (len(line) - length)


def _is_from(line: str, known: str) -> bool:
    plain = squeezed(_LABEL.sub("", line)) if known else ""
    return plain.count(" ") >= _FEWEST - 1 and plain in known


def _opening(lines: list[str]) -> Iterator[int]:
    """The numbers, from 0, of the lines between "you asked for the following:" and the first that answers."""
    for start, line in enumerate(lines[:_OPENING_WITHIN]):
        if line.startswith(">") or not (_OPENS.search(line[-200:]) or _HEADING.search(line[:80])):
            continue
        if any(following.startswith(">") for following in lines[start + 1 : start + 4]):
            return  # marked as a quotation anyway
        for number in range(start + 1, len(lines)):
            if _ANSWERS.search(lines[number][:200]):
                return
            yield number
        return

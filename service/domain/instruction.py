"""What an officer tells the desk in the first line of an answer to one of its mails: a verb and what belongs to it.

Tolerant of case, spaces, closing punctuation and a signature; strict otherwise. What is not one of the forms below is
no instruction, and nothing is guessed: the words act in the authority's name.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from service.domain.named_day import last_day, next_day
from service.domain.outcome import Outcome
from service.domain.own_lines import own_lines, without_signature
from service.domain.reference import Reference, ReferencePattern

LONGEST_COMMAND = 300  # characters before the text of a note or a reason
LONGEST_TEXT = 10_000


class Verb(StrEnum):
    """What can be said."""

    ASSIGN = "assign"
    TAKE = "take"
    HAND_BACK = "hand back"
    APPROVE = "approve"
    RETURN = "return"
    CLOSE = "close"
    EXTEND = "extend"
    NOTE = "note"
    STATUS = "status"
    UNDO = "undo"
    YES = "yes"
    NO = "no"
    QUESTION = "question"
    TOLD = "told"
    NIL_RETURN = "nil return"
    NOT_OURS = "not ours"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing to do: whom an assignment names, until when an extension runs, how and on which day a case ended, and
    the text of a note or a reason; `case` where the line names one, `more` whether other words of theirs follow.
    """

    verb: Verb
    case: Reference | None = None
    person: str = ""
    day: date | None = None
    outcome: Outcome | None = None
    text: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Why the mail says nothing that can be done, in words that may follow "Nothing was done:"."""

    reason: str


NOTHING = NotUnderstood("there is nothing above the quoted text.")
UNKNOWN = NotUnderstood("the first line is none of the things that can be said.")
TOO_LONG = NotUnderstood("the first line is too long.")
HIDDEN = NotUnderstood("the first line holds characters that cannot be seen.")
SEVERAL = NotUnderstood("it says several things at once; say one in each answer.")
IN_BRACKETS = NotUnderstood("what stands in brackets would be lost: say how it ended, and write the rest as a note.")
CONDITION = NotUnderstood("it goes on with a condition, which the desk cannot weigh.")

_ENDED: Mapping[str, Outcome] = {
    "granted": Outcome.GRANTED,
    "granted in full": Outcome.GRANTED,
    "disclosed": Outcome.GRANTED,
    "disclosed in full": Outcome.GRANTED,
    "part": Outcome.PART,
    "part disclosed": Outcome.PART,
    "partly disclosed": Outcome.PART,
    "part refused": Outcome.PART,
    "part disclosed part refused": Outcome.PART,
    "refused": Outcome.REFUSED,
    "refused in full": Outcome.REFUSED,
    "not held": Outcome.NOT_HELD,
    "information not held": Outcome.NOT_HELD,
    "ncnd": Outcome.NEITHER,
    "neither confirmed nor denied": Outcome.NEITHER,
    "accessible": Outcome.ACCESSIBLE,
    "already accessible": Outcome.ACCESSIBLE,
    "cost limit": Outcome.COST_LIMIT,
    "refused cost limit": Outcome.COST_LIMIT,
    "vexatious": Outcome.VEXATIOUS,
    "repeated": Outcome.VEXATIOUS,
    "refused vexatious or repeated": Outcome.VEXATIOUS,
    "not foi": Outcome.NOT_FOI,
    "not a request": Outcome.NOT_FOI,
    "not a request under the act": Outcome.NOT_FOI,
    "withdrawn": Outcome.WITHDRAWN,
    "withdrawn by the requester": Outcome.WITHDRAWN,
    "transferred": Outcome.TRANSFERRED,
    "transferred to another authority": Outcome.TRANSFERRED,
    "lapsed": Outcome.LAPSED,
    "lapsed what we had asked for never came": Outcome.LAPSED,
    "upheld": Outcome.UPHELD,
    "first decision upheld": Outcome.UPHELD,
    "upheld in part": Outcome.PARTLY_UPHELD,
    "partly upheld": Outcome.PARTLY_UPHELD,
    "first decision upheld in part": Outcome.PARTLY_UPHELD,
    "overturned": Outcome.OVERTURNED,
    "first decision overturned": Outcome.OVERTURNED,
}
_ALONE: Mapping[str, Verb] = {
    "approve": Verb.APPROVE,
    "approved": Verb.APPROVE,
    "take": Verb.TAKE,
    "take it": Verb.TAKE,
    "accept": Verb.TAKE,
    "accepted": Verb.TAKE,
    "status": Verb.STATUS,
    "undo": Verb.UNDO,
    "yes": Verb.YES,
    "no": Verb.NO,
    "question": Verb.QUESTION,
    "told": Verb.TOLD,
    "already told": Verb.TOLD,
    "nil return": Verb.NIL_RETURN,
    "nil-return": Verb.NIL_RETURN,
    "not ours": Verb.NOT_OURS,
    "help": Verb.HELP,
    "?": Verb.HELP,
}
_WITH_TEXT: Mapping[str, Verb] = {
    "hand back": Verb.HAND_BACK,
    "handback": Verb.HAND_BACK,
    "return": Verb.RETURN,
    "note": Verb.NOTE,
}
_TAILED = frozenset({Verb.HAND_BACK, Verb.RETURN, Verb.NOTE, Verb.EXTEND})
_TEXT = re.compile(r"(?i)(hand ?back|return|note)(?: ?[:\u2013\u2014-] ?(.*)|)", re.DOTALL)
_NAME = r"[^\W\d_][\w.'\u2019@+-]{0,100}(?: [\w.'\u2019@+-]{1,100}){0,4}"
_ASSIGN = re.compile(rf"(?i)assign (?:(?:it )?to )?({_NAME})")
_CLOSE = re.compile(r"(?i)close(?: it)?(?: as)? (.+?)(?: on (?:the )?(.+))?")
_EXTEND = re.compile(r"(?i)extend (?:it )?(?:to|until|till) ([^:;]+?)(?: ?[:;] ?(.*))?", re.DOTALL)
_REFERENCE = re.compile(
    r"(?i)(?P<case>.{3,60}?)[]):,]*\s+"
    r"(?P<said>(?:assign|take|accept|hand|close|extend|note|status|approve|return|undo|help)\b.*)",
    re.DOTALL,
)
_CONDITION = re.compile(
    r"(?i)(?:but|if|unless|except|only|provided|however|once|after|when|subject to|not|don['\u2019]t)\b"
)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_HEAD = re.compile(r"[^:;]*")


def read_instruction(
    text: str, *, today: date, references: ReferencePattern, signer: str = ""
) -> Instruction | NotUnderstood:
    """The instruction of an answer's text, by its first line alone; further lines are the text of a note or a reason.

    Days without a year are the nearest such day from `today` on, for an answer given the last one. Below the name of
    the `signer` nothing is said any more.
    """
    lines = own_lines(text, lambda line: _is_said_alone(_again(line, today, references)))
    if not lines:
        return NOTHING
    first, rest = _SPACES.sub(" ", lines[0]).strip(), lines[1:]
    refused = _refuse(first)
    if refused:
        return refused
    case, said = _case_and_rest(first, references)
    found = _read(said, today)
    if isinstance(found, NotUnderstood):
        return found
    return _complete(replace(found, case=case), without_signature(rest, signer), today, references)


def _refuse(first: str) -> NotUnderstood | None:
    if len(first) > LONGEST_TEXT:
        return TOO_LONG
    head = _HEAD.match(first)
    words = head[0] if head else first
    if len(words) > LONGEST_COMMAND:
        return TOO_LONG
    # Directions, joiners and the like: what is shown would not be what is read.
    return HIDDEN if any(unicodedata.category(c) in ("Cf", "Cc", "Co", "Cn") for c in words) else None


def _case_and_rest(line: str, references: ReferencePattern) -> tuple[Reference | None, str]:
    match = _REFERENCE.fullmatch(line)
    named = references.whole(match["case"].lstrip("[(").strip()) if match else None
    return (named, match["said"]) if match and named else (None, line)


def _read(line: str, today: date) -> Instruction | NotUnderstood:
    plain = _without_courtesy(line)
    alone = _ALONE.get(plain.lower() if plain.isascii() else "")
    if alone is not None:
        return Instruction(alone)
    for pattern, read in _FORMS:
        match = pattern.fullmatch(plain if read is not _with_text else line)
        if match:
            return read(match, today)
    return UNKNOWN


def _without_courtesy(line: str) -> str:
    """Without "please" before or after it, and without closing punctuation."""
    plain = re.sub(r"(?i)^please,? | please$", "", line.rstrip(" .!,;?") if line != "?" else line)
    return plain.rstrip(" .!,;") if plain != "?" else plain


def _with_text(match: re.Match[str], _today: date) -> Instruction | NotUnderstood:
    verb = _WITH_TEXT[match[1].lower().replace("handback", "hand back")]
    return Instruction(verb, text=(match[2] or "").strip())


def _assign(match: re.Match[str], _today: date) -> Instruction | NotUnderstood:
    return Instruction(Verb.ASSIGN, person=match[1].strip(" .,;\"'"))


def _close(match: re.Match[str], today: date) -> Instruction | NotUnderstood:
    words = match[1] if match[1].isascii() else ""
    told = re.sub(r"(?i) ?\(s(?:ection|\.)? ?\d{1,2}\)", "", words).lower()
    if "(" in told:
        return IN_BRACKETS
    outcome = _ENDED.get(" ".join(re.sub(r"[^a-z ]", " ", told).split()))
    if outcome is None:
        return NotUnderstood("the desk does not know an outcome of that name.")
    day = last_day(match[2], today) if match[2] else None
    if match[2] and day is None:
        return NotUnderstood("the day of the answer cannot be read; write it like 4 May or 4 May 2026.")
    return Instruction(Verb.CLOSE, outcome=outcome, day=day)


def _extend(match: re.Match[str], today: date) -> Instruction | NotUnderstood:
    day = next_day(match[1].strip(" .,"), today)
    if day is None:
        return NotUnderstood(
            "the day cannot be read; write it like 4 May or 4 May 2026, with the right weekday if any."
        )
    return Instruction(Verb.EXTEND, day=day, text=(match[2] or "").strip())


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Instruction | NotUnderstood]], ...] = (
    (_TEXT, _with_text),
    (_ASSIGN, _assign),
    (_CLOSE, _close),
    (_EXTEND, _extend),
)


def _is_said_alone(found: Instruction | NotUnderstood) -> bool:
    """Whether a line below a banner begins what the sender says: "Note: links may harm" is the banner's."""
    return isinstance(found, Instruction) and found.verb is not Verb.NOTE


def _complete(
    found: Instruction, following: list[str], today: date, references: ReferencePattern
) -> Instruction | NotUnderstood:
    """With the further lines as its text; refused where they say something else to do, or a condition."""
    if found.verb in _TAILED:
        text = "\n".join([found.text, *following]).strip()[:LONGEST_TEXT]
        return replace(found, text=text)
    if any(isinstance(_again(line, today, references), Instruction) for line in following[:50] if line):
        return SEVERAL
    if any(_CONDITION.match(line) for line in following[:50]):
        return CONDITION
    return replace(found, more=bool(following))


def _again(line: str, today: date, references: ReferencePattern) -> Instruction | NotUnderstood:
    plain = _SPACES.sub(" ", line).strip()
    return _refuse(plain) or _read(_case_and_rest(plain, references)[1], today)

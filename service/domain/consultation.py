"""Asking those who hold information: what their answers seem to say, and when they are reminded."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.working_days import WorkingDays

DAYS_TO_ANSWER, DAYS_BETWEEN_REMINDERS = 5, 2  # working days


class Result(StrEnum):
    """What came of asking."""

    RECEIVED = "information received"
    NIL = "nil return"
    NOT_OURS = "not ours"
    WITHDRAWN = "withdrawn"


LONGEST_READ = 20_000  # characters; an answer that says nothing within them takes reading
_BEGINNING = re.compile(
    r"""(?mix) ^ (?: -{2,} \s* (?:original|forwarded) \s (?:message|appointment) .* | _{20,} \s* $
      | on \s .{6,200} \s wrote: \s* $ | \*?from: .+ @ .+ $ | begin \s forwarded \s message )"""
)
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_NOT_OURS = re.compile(
    r"""(?ix) \b (?: (?:this|it|that) (?:['’]s|\s+is) \s+ (?:not|n['’]t) \s+ (?:one \s+)? (?:for \s+ us|ours|us) \b
      | (?:this|it|that) \s+ isn['’]t \s+ (?:one \s+)? (?:for \s+ us|ours|us) \b
      | not \s+ (?:within \s+)? our \s+ (?:area|team|service|department|responsibility|remit|information|records)
      | not \s+ (?:ours|one \s for \s us|for \s (?:my|our) \s team) \b
      | (?:wrong|another|a \s different) \s+ (?:team|person|department|service) \b
      | (?:should|needs? \s to|must) \s+ (?:be \s (?:sent|directed|passed|referred)|go) \s+ to \b
      | (?:please|you(?:['’]ll)? \s need \s to|best \s to|suggest \s you) \s+ (?:ask|contact|try|speak \s to)
        \s+ (?!me\b|us\b) )"""
)
_HOLD = r"(?:hold|have|keep|record|collect|retain)"
_THING = r"(?:information|records?|data|documents?|figures|anything|files|correspondence|recorded \s information)"
_NIL = re.compile(
    rf"""(?ix) \b (?: nil \s+ (?:return|response|reply) | (?:we|i|our \s team|the \s team|the \s service) \s+
        (?:do \s not|don['’]t|does \s not|doesn['’]t) \s+ (?:currently \s+|actually \s+)? {_HOLD}
        \s+ (?: (?:any|this|that|the|such|these) \b | {_THING} \b | it \b )
      | (?:hold|have|found|find) \s+ (?:no|nothing) \b
      | (?:no|nil) \s+ (?:relevant \s+)? {_THING} \s+ (?:is|are|was|were)? \s* (?:held|found|recorded|kept)
      | nothing \s+ (?:is \s+)? (?:held|found|to \s (?:report|provide|declare)) | not \s+ held \b )"""
)
_DENIED = re.compile(r"(?i)\b(?:not|isn['’]t|never)\s+a?\s*nil\b")


def own_words(text: str) -> str:
    """An answer without the mail that it quotes."""
    begins = _BEGINNING.search(text)
    return _QUOTED.sub("", text[: begins.start()] if begins else text).strip()


def suggested(text: str, files: int = 0) -> Result | None:
    """What the words of an answer seem to say; None when that takes reading, as with an answer that brings files."""
    words = " ".join(own_words(text[:LONGEST_READ]).split())
    if files or not words:
        return None
    if _NOT_OURS.search(words):
        return Result.NOT_OURS
    if _NIL.search(words) and not _DENIED.search(words):
        return Result.NIL
    return None


def first_due(today: date, case_due_on: date | None, working_days: WorkingDays) -> date:
    """The day proposed for an answer: in five working days, yet before the case itself is due where that can be."""
    proposed = working_days.after(today, DAYS_TO_ANSWER)
    if case_due_on is None or proposed < case_due_on:
        return proposed
    earlier = working_days.on_or_before(case_due_on - timedelta(days=1))
    return earlier if earlier > today else working_days.after(today, 1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for: since when, until when, and when it was last asked for; days of Europe/London."""

    asked_on: date
    due_on: date
    reminded_on: date | None = None

    def reminder_is_due(self, today: date, working_days: WorkingDays) -> bool:
        """Whether to remind: on the last working day before the answer is due, and every second one from then on."""
        if not working_days.is_working(today) or today <= self.asked_on:
            return False
        if self.reminded_on is None:
            return today >= self.due_on or working_days.count(today, self.due_on) <= 1
        return working_days.count(self.reminded_on, today) >= DAYS_BETWEEN_REMINDERS

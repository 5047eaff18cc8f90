"""What a mail sent by hand seems to be to its request, by its words alone: proposed to a person, never decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.notice_check import telling
from service.domain.notice_check.letter import LetterText
from service.domain.notice_check.wording import words
from service.domain.outcome import Outcome
from service.domain.quotations import fold


class Seems(StrEnum):
    """What a mail to the requester seems to be."""

    ANSWER = "an answer"
    HOLDING = "a holding reply"
    QUESTION = "a question to the requester"
    UNCLEAR = "not clear from its words"


class NotTheAnswer(StrEnum):
    """Why a mail to the requester is not the answer, as an officer says it."""

    HOLDING = "a holding reply or an acknowledgement"
    QUESTION = "a question to the requester (clarification)"
    OTHER = "something else"


class AnswerState(StrEnum):
    """How the question stands whether a mail was our answer."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Impression:
    """What a mail seems to be and, for an answer, the outcome that it seems to give, if its words say one."""

    seems: Seems
    outcome: Outcome | None = None


_HOLDING = words(
    r"\b(?:we|i|you) (?:will|shall|hope to|aim to|expect to|should)\b[^.]{0,60}"
    r"\b(?:respond|reply|answer|response|be in touch)\b"
    r"|\b(?:acknowledge|confirm)\w* (?:safe )?receipt\b|\bwe have received your\b"
    r"|\bis (?:being dealt with|under consideration)\b|\b(?:apolog\w+|sorry) for (?:the|our|this|any) delay\b"
    r"|\bstill (?:collecting|gathering|looking|working|waiting|considering)\b"
    r"|\b(?:need|require|take|extend\w*)\b[^.]{0,40}\b(?:more|further|additional) time\b"
)
_QUESTION = words(
    r"\b(?:could|can|would|will) you (?:please |kindly )?(?:clarify|confirm|specify|explain|let us know|tell us|say)\b"
    r"|\bplease (?:could you )?(?:clarify|specify|confirm (?:which|what|whether)|let us know (?:which|what|whether))\b"
    r"|\b(?:need|require|seek|ask\w*)\b[^.]{0,40}\bclarif\w+|\bsection 1\(3\)|\bs\.?\s?1\(3\)|\bregulation 9\(2\)"
)
_GIVES = words(
    r"\b(?:please find|find|is|are|have|has)\b[^.]{0,40}\b(?:attached|enclosed|set out below|provided|disclosed)\b"
    r"|\b(?:attached|enclosed)\b[^.]{0,60}\b(?:information|records?|data|spreadsheet|document|figures|response)\b"
    r"|\bthe (?:figures|answers?) (?:you (?:asked for|requested)|requested|is|are)\b"
    r"|\bhere (?:it is|they are|(?:is|are) (?:the|our|what))\b|\b(?:is|are) as follows\b"
)
# An answer, whatever it gives: a refusal may begin so too.
_ANSWERS = words(
    r"\b(?:our|the) (?:response|answer|reply) (?:to your request )?is\b|\bin (?:response|answer|reply) to your\b"
)


def own_words(text: str, subject: str = "") -> str:
    """A mail's own words, without the older mail that its writer's program quotes below them."""
    return fold(text, subject).fresh


def impression_of(text: str, files: Sequence[str] = ()) -> Impression:
    """What a mail of these own words, with files of these names, seems to be to the request it answers."""
    sentences = [span.text for span in LetterText.of(text).sentences]
    outcome = _outcome(sentences, gives=bool(files) or any(_GIVES.search(sentence) for sentence in sentences))
    if outcome not in (None, Outcome.GRANTED):
        return Impression(Seems.ANSWER, outcome)  # a refusal may well end with "let us know"
    if any(_QUESTION.search(sentence) for sentence in sentences):
        return Impression(Seems.QUESTION)
    if any(_HOLDING.search(sentence) for sentence in sentences):
        return Impression(Seems.HOLDING)
    return Impression(Seems.ANSWER, outcome) if outcome else Impression(Seems.UNCLEAR)


def _outcome(sentences: Sequence[str], *, gives: bool) -> Outcome | None:
    if any(telling.NEITHER.search(sentence) for sentence in sentences):
        return Outcome.NEITHER
    refuses = [sentence for sentence in sentences if telling.refuses(sentence)]
    if any(telling.VEXATIOUS.search(one) or telling.REPEATED.search(one) for one in refuses):
        return Outcome.VEXATIOUS
    if any(telling.COST_LIMIT.search(sentence) for sentence in refuses):
        return Outcome.COST_LIMIT
    if refuses:
        return Outcome.PART if gives else Outcome.REFUSED
    if any(telling.NOT_HELD.search(sentence) for sentence in sentences):
        return Outcome.GRANTED if gives else Outcome.NOT_HELD
    return Outcome.GRANTED if gives or any(_ANSWERS.search(sentence) for sentence in sentences) else None

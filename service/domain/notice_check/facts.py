"""What the record says of a case whose letter is checked."""

from dataclasses import dataclass
from datetime import date

from service.domain.question import Question
from service.domain.regime import Regime


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """The facts that a response is checked against; `sent_on` is the day on which it goes out."""

    regime: Regime
    reference: str
    received_on: date
    due_on: date | None
    sent_on: date
    request: str = ""  # the requester's words, as far as they are at hand
    requester_name: str = ""
    questions: tuple[Question, ...] = ()
    authority: str = ""
    signatory: str = ""
    regulator: str = ""  # "Information Commissioner's Office"
    attachments: tuple[str, ...] = ()  # the names of the released files, which go with the letter
    attachments_unreleased: tuple[str, ...] = ()  # files that would go out although nobody released them
    decided_since: tuple[str, ...] = ()  # the questions decided anew after the letter was written: Q1
    review: bool = False  # the letter tells the outcome of an internal review
    cost_limit: int = 0  # the authority's appropriate limit in pounds; 0 where it has none or is not known
    estimated: str = ""  # what the newest estimate comes to, "£350", where that does not exceed the limit

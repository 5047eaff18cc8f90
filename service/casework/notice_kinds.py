"""The letters on the way to an answer: which there are, and what the sending of each means."""

from dataclasses import dataclass

from service.domain.kind import Kind
from service.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter of a case's life: its template, its name in a list, what sending it does, and the fact it tells."""

    kind: str
    name: str
    effect: str
    tells: Kind | None = None
    outcome: Outcome | None = None


CLARIFICATION = Notice(
    "clarification",
    "Ask what is meant (clarification)",
    "When it has been sent the clock stops, until the requester answers.",
    Kind.CLARIFICATION_SOUGHT,
)
FEES = Notice(
    "fees-notice",
    "Ask for a fee first (fees notice)",
    "When it has been sent the clock is paused, until the fee is paid.",
    Kind.FEES_NOTICE,
)
PUBLIC_INTEREST = Notice(
    "public-interest-notice",
    "Take more time to weigh the public interest",
    "When it has been sent the answer is due on the day it names.",
    Kind.EXTENDED,
)
EXTENSION = Notice(
    "extension-notice",
    "Take more time: complex and voluminous",
    "When it has been sent the answer is due on the day it names.",
    Kind.EXTENDED,
)
HOLDING = Notice("holding", "An apology that the answer will be late", "The clock runs on.")
TRANSFER = Notice(
    "transfer",
    "Say that the request has gone to another authority",
    "Under the Regulations the case closes when it has been sent; under the Act our own answer stays due.",
    outcome=Outcome.TRANSFERRED,
)
WITHDRAWN = Notice(
    "withdrawn",
    "Confirm that the requester has withdrawn the request",
    "The case closes when it has been sent.",
    outcome=Outcome.WITHDRAWN,
)
LAPSED = Notice(
    "lapsed",
    "Say that the request is closed because nothing came",
    "The case closes when it has been sent.",
    outcome=Outcome.LAPSED,
)
NOT_VALID = Notice("not-valid", "Ask for what a valid request still needs (s.8)", "The clock runs on.")
REDIRECT = Notice("redirect", "Say that it is dealt with otherwise, not as a request", "The clock runs on.")
NOTICES = {
    notice.kind: notice
    for notice in (
        NOT_VALID,
        REDIRECT,
        CLARIFICATION,
        FEES,
        PUBLIC_INTEREST,
        EXTENSION,
        HOLDING,
        TRANSFER,
        WITHDRAWN,
        LAPSED,
    )
}

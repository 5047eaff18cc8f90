"""What officers tell a case's clock, as pages ask for it: the words of each fact, and its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.casework.clock_facts import ClockFact
from service.domain.kind import Kind
from service.domain.regime import Matter, Regime
from service.errors import DeskError
from web.forms import Reader

LONGEST_REASON = 2000  # characters
MATTERS = {
    Matter.REQUEST: "An ordinary request",
    Matter.ARCHIVES: "Transferred public records, held by archives",
    Matter.SCHOOL: "A request to a school",
    Matter.REVIEW: "An internal review",
}


class NoSuchFact(DeskError):
    """There is nothing of that name to record about a clock."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a page asks for a fact: the link to it, its heading, what it does, and what its day is called.

    Without a name for the day the fact is one that we find today, about an earlier day.
    """

    kind: Kind
    link: str
    heading: str
    effect: str
    day: str = ""

    @property
    def slug(self) -> str:
        """The fact in an address."""
        return self.kind.value.replace(" ", "-")


ASKED = {
    asked.slug: asked
    for asked in (
        Asked(
            Kind.CLARIFICATION_SOUGHT,
            "We asked for clarification",
            "We asked the requester for clarification",
            "The clock stops. It starts afresh, with the whole time limit, on the day the answer arrives; a mail from "
            "the requester's own address on this case does that by itself.",
            "Day on which we asked",
        ),
        Asked(
            Kind.CLARIFIED,
            "Clarification arrived",
            "The clarification arrived",
            "The count begins afresh with the next working day.",
            "Day on which it reached the authority",
        ),
        Asked(
            Kind.FEES_NOTICE,
            "We gave a fees notice",
            "We gave a fees notice",
            "The days from the notice to the payment, both included, do not count.",
            "Day of the notice",
        ),
        Asked(
            Kind.FEE_PAID,
            "The fee was paid",
            "The fee was paid",
            "The count goes on with the next working day.",
            "Day of the payment",
        ),
        Asked(
            Kind.EXTENDED,
            "Extend the time",
            "Extend the time for an answer",
            "Tell the requester before the present deadline, with the reason and the new date.",
            "Day on which the requester is told",
        ),
        Asked(
            Kind.RECEIPT_CORRECTED,
            "Correct the day of receipt",
            "Correct the day of receipt",
            "For a request that reached the authority on another day than its mail says: by post, at another office, "
            "in a spam folder.",
        ),
        Asked(
            Kind.REGIME_CHANGED,
            "Change the law",
            "Change the law or the kind of time limit",
            "The time is counted anew from the receipt, by the sections and the calendar of the other law.",
        ),
    )
}


def asked_for(slug: str) -> Asked:
    """The fact of an address; raises NoSuchFact."""
    if slug not in ASKED:
        raise NoSuchFact
    return ASKED[slug]


def read_fact(asked: Asked, values: Mapping[str, str], today: date) -> ClockFact:
    """The fact that a form tells; raises FormFaults."""
    reader = Reader(values)
    on = reader.day("on", "The day on which it happened") if asked.day else today
    particulars = _PARTICULARS.get(asked.kind, lambda _reader: {})(reader)
    reader.finish()
    return ClockFact(asked.kind, on, {name: text for name, text in particulars.items() if text})


def read_reason(values: Mapping[str, str]) -> str:
    """Why an entry is struck out; raises FormFaults."""
    reader = Reader(values)
    reason = _reason(reader)
    reader.finish()
    return reason


def _reason(reader: Reader) -> str:
    return reader.text("reason", "Give the reason; the regulator may ask for it", LONGEST_REASON)


def _extended(reader: Reader) -> dict[str, str]:
    return {"until": reader.day("until", "The last day of the extension").isoformat(), "reason": _reason(reader)}


def _receipt(reader: Reader) -> dict[str, str]:
    return {"received_on": reader.day("received_on", "The day of receipt").isoformat(), "reason": _reason(reader)}


def _regime(reader: Reader) -> dict[str, str]:
    return {
        "regime": reader.choice("regime", list(Regime), "Choose the law"),
        "matter": reader.choice("matter", list(MATTERS), "Choose the kind of time limit"),
        "reason": _reason(reader),
    }


_PARTICULARS = {
    Kind.FEES_NOTICE: lambda reader: {"amount": reader.line("amount", longest=40)},
    Kind.EXTENDED: _extended,
    Kind.RECEIPT_CORRECTED: _receipt,
    Kind.REGIME_CHANGED: _regime,
}

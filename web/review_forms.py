"""What officers fill in about a review, and about a complaint to the regulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from service.casework.complaint import Complaint, Ruling
from service.domain.outcome import OF_REVIEWS, Outcome
from web.fields import typed_day
from web.forms import Reader


@dataclass(frozen=True, slots=True)
class ReviewForm:
    asked_on: date
    words: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        asked_on = reader.day("asked_on", "The day on which they asked")
        words = reader.text("words", "Say what they are dissatisfied with, and how they told us")
        reader.finish()
        return cls(asked_on, words)


@dataclass(frozen=True, slots=True)
class FindingForm:
    found: Outcome
    reason: str

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        reader = Reader(values)
        found = reader.choice("found", [outcome.value for outcome in OF_REVIEWS], "Choose what the review finds")
        reason = reader.text("reason", "Say why")
        reader.finish()
        return cls(Outcome(found), reason)


def read_complaint(values: Mapping[str, str]) -> Complaint:
    """What the regulator's letter says; raises FormFaults."""
    reader = Reader(values)
    complaint = Complaint(
        their_reference=reader.line("their_reference", "Enter the regulator's reference", 60),
        contact=reader.line("contact"),
        address=reader.address("address"),
        received_on=reader.day("received_on", "The day of the regulator's letter"),
        answer_by=reader.day("answer_by", "The day to answer by"),
        about=reader.text("about"),
    )
    reader.finish()
    return complaint


def read_ruling(values: Mapping[str, str]) -> Ruling:
    """What the regulator decided, as far as it is filled in; raises FormFaults."""
    reader = Reader(values)
    named = "".join(typed_day(values, "comply_by").values()).strip()
    ruling = Ruling(
        notice=reader.line("notice", "", 60),
        steps=reader.text("steps"),
        comply_by=reader.day("comply_by", "The day to comply by") if named else None,
    )
    reader.finish()
    return ruling

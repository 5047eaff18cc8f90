"""What a letter on the way to an answer asks its officer for, as a form shows it and reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.casework.notices import DAYS
from service.domain.notice_law import notice_law
from web.fields import day_fields, day_parts
from web.forms import Reader


@dataclass(frozen=True, slots=True)
class Field:
    """One particular; `shape` is line, text or day, and `missing` what to do when it is empty."""

    name: str
    label: str
    missing: str
    hint: str = ""
    shape: str = "text"


_REASON = Field("reason", "Why more time is needed", "Say why more time is needed", "As the requester will read it.")
_UNTIL = Field("until", "Day by which we will answer", "", "The requester is told this day.", "day")
_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "clarification": (
        Field("question", "What we need to know", "Write what the requester is to tell us"),
        Field("reply_by", "Day on which we close the request if no answer has come", "", "", "day"),
    ),
    "not-valid": (
        Field("missing", "What is missing", "Write what the requester is to give us"),
        Field("reply_by", "Day on which we close the request if no answer has come", "", "", "day"),
    ),
    "redirect": (
        Field(
            "reason", "Why it is no request under the law", "Say why it is no request", "As the requester will read it."
        ),
        Field(
            "how",
            "What happens with it now",
            "Say what happens now",
            "For example, that it is answered as a subject access request within one month.",
        ),
    ),
    "fees-notice": (
        Field("amount", "Fee", "Enter the fee, such as £12.40", "For example, £12.40.", "line"),
        Field("reason", "What the fee is for", "Say what the fee is for"),
        Field("how", "How to pay", "Say how the fee can be paid"),
    ),
    "public-interest-notice": (
        Field(
            "limbs",
            "Limbs whose public interest is still to be weighed",
            "Name the limbs, such as 31(1)(a)",
            "With commas between them: 31(1)(a), 43(2).",
            "line",
        ),
        Field(
            "why",
            "Why the exemption applies to this information",
            "Say why the exemption applies to this information",
            "As the requester will read it. Say it of each limb, and nothing that the exemption itself protects.",
        ),
        _REASON,
        _UNTIL,
    ),
    "extension-notice": (_REASON, _UNTIL),
    "holding": (
        Field("reason", "Why the answer is late", "Say why the answer is late", "As the requester will read it."),
        Field("answer_by", "Day by which we expect to answer", "", "", "day"),
    ),
    "transfer": (
        Field("to", "Authority that holds the information", "Name the authority", "", "line"),
        Field("contact", "How the requester reaches it", "Say how the requester reaches it"),
        Field("agreed_on", "Day on which the requester agreed that we pass it on", "", "", "day"),
    ),
}


def fields_of(kind: str, regime: str) -> tuple[Field, ...]:
    """What a letter asks for; a transfer under the Regulations needs nobody's leave (reg 10 EIR, reg 14 EISR)."""
    fields = _FIELDS.get(kind, ())
    return tuple(field for field in fields if field.name != "agreed_on" or not notice_law(regime).environmental)


def read_particulars(fields: tuple[Field, ...], values: Mapping[str, str]) -> dict[str, str]:
    """The particulars told, days as ISO 8601; raises FormFaults."""
    reader = Reader(values)
    told = {field.name: _read(reader, field) for field in fields}
    reader.finish()
    return told


def _read(reader: Reader, field: Field) -> str:
    if field.shape == "day":
        return reader.day(field.name, field.label).isoformat()
    if field.shape == "line":
        return reader.line(field.name, field.missing)
    return reader.text(field.name, field.missing)


def typed_from(told: Mapping[str, str]) -> dict[str, str]:
    """Particulars as the fields of a form hold them."""
    typed = {name: value for name, value in told.items() if name not in DAYS}
    for name in DAYS:
        if told.get(name):
            typed |= zip(day_fields(name), day_parts(date.fromisoformat(told[name])).values(), strict=True)
    return typed


def names_in_form(fields: tuple[Field, ...]) -> list[str]:
    """The names under which a form sends its particulars."""
    return [name for field in fields for name in (day_fields(field.name) if field.shape == "day" else [field.name])]

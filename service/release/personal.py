"""Likely personal data in text: for the officer's eye, told as counts and never as what was found."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from service.release.found import Found, several

_NI = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+'-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.+/-])(?:\+44 ?(?:\(0\) ?)?|\(?0)(?:[ -]?\d\)?){9,10}(?![\w/-])")
_NHS = re.compile(r"(?<![\d-])\d{3}[ -]\d{3}[ -]\d{4}(?![\d-])")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_WORDS = {
    "National Insurance number": "National Insurance numbers",
    "email address": "email addresses",
    "telephone number": "telephone numbers",
    "NHS number": "NHS numbers",
    "postcode": "postcodes",
}
LONGEST = 20_000  # characters of a line that are searched


def count_personal(line: str) -> Counter[str]:
    """How many of each kind of personal data a line of text, or a row of cells parted by tabs, seems to hold."""
    line = line[:LONGEST]
    found = Counter[str]()
    if any(c.isdigit() for c in line):
        found["National Insurance number"] = len(_NI.findall(line))
        found["telephone number"] = len(_PHONE.findall(line))
        found["NHS number"] = sum(map(_is_nhs, _NHS.findall(line)))
        found["postcode"] = len(_POSTCODE.findall(line))
    if "@" in line:
        found["email address"] = len(_EMAIL.findall(line))
    return +found


def personal_data(lines: Iterable[str], place: str) -> list[Found]:
    """What there is to say about running text, where an address is often the authority's own."""
    counted = sum((count_personal(line) for line in lines), Counter[str]())
    return [replace(found, serious=False) for found in tell_personal(counted, place)]


def tell_personal(found: Counter[str], place: str) -> list[Found]:
    """What there is to say about what was counted in a table."""
    told = [several(found[one], one, many) for one, many in _WORDS.items() if found[one]]
    return [Found("personal data", f"Seems to hold {', '.join(told)}.", place)] if told else []


def _is_nhs(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    check = (11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11) % 11
    return check == digits[9]

"""Time and money in a letter's words."""

from decimal import Decimal

import pytest

from service.domain.amounts import duration, money


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ("0.5", "0.5 minutes"),
        ("1", "1 minute"),
        ("59", "59 minutes"),
        ("60", "1 hour"),
        ("61", "1 hour 1 minute"),
        ("120", "2 hours"),
        ("1000", "16 hours 40 minutes"),
        ("120000.5", "2,000 hours 0.5 minutes"),
        ("10", "10 minutes"),
    ],
)
def test_time_is_told_in_hours_and_minutes(minutes: str, words: str) -> None:
    assert duration(Decimal(minutes)) == words


@pytest.mark.parametrize(
    ("pence", "words"), [(45000, "£450"), (45417, "£454.17"), (150, "£1.50"), (5, "£0.05"), (123456700, "£1,234,567")]
)
def test_money_is_told_in_pounds(pence: int, words: str) -> None:
    assert money(Decimal(pence)) == words

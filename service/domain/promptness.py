"""How soon a request was acknowledged."""

from datetime import timedelta
from enum import StrEnum


class Promptness(StrEnum):
    """How soon after its receipt the acknowledgement of a request was sent."""

    MINUTES = "within five minutes"
    HOUR = "within an hour"
    DAY = "within a day"
    LATER = "later"
    NEVER = "none sent"


UNTIL = {
    Promptness.MINUTES: timedelta(minutes=5),
    Promptness.HOUR: timedelta(hours=1),
    Promptness.DAY: timedelta(days=1),
}

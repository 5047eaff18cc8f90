"""Whether a quarter will reach the share of answers in time that the regulator works with."""

import math
from dataclasses import dataclass

THRESHOLD = 0.90  # below it the Information Commissioner may take regulatory action


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of the requests received in a quarter: answered in time, late or overdue, still running, and not yet here.

    `expected` is how many more will come at the pace of the year before; `share` of what was decided in that year
    was in time. Where nothing was, both are the quarter's own (`by_itself`); None when nothing is decided there either.
    """

    in_time: int
    late: int
    running: int
    expected: int = 0
    share: float | None = None
    by_itself: bool = False

    @property
    def so_far(self) -> float | None:
        """The share in time of what is decided either way; None while nothing is."""
        decided = self.in_time + self.late
        return self.in_time / decided if decided else None

    @property
    def total(self) -> int:
        return self.in_time + self.late + self.running + self.expected

    @property
    def at_end(self) -> float | None:
        """The share when all are answered, if the rest goes as `share`; None without one."""
        if self.share is None or not self.total:
            return None
        return (self.in_time + self.share * (self.running + self.expected)) / self.total

    @property
    def at_best(self) -> float | None:
        """The share when nothing more goes late."""
        return (self.total - self.late) / self.total if self.total else None

    @property
    def may_go_late(self) -> int:
        """How many of those running and expected may yet go late with the threshold reached; negative: out of reach."""
        # A whole number of hundredths: as a fraction of two, 0.1 * 30 is more than 3.
        return math.floor(self.total * (100 - round(THRESHOLD * 100)) / 100) - self.late

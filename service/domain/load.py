"""How old open cases are, and how heavily they weigh on their officers."""

from dataclasses import dataclass

LIMIT = 20  # working days, s.10(1)


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from one number of working days to another; None: without end."""

    first: int
    last: int | None

    @property
    def words(self) -> str:
        return f"{self.first} to {self.last}" if self.last is not None else f"over {self.first - 1}"

    @property
    def past_the_limit(self) -> bool:
        return self.first > LIMIT


BANDS = (
    Band(0, 5),
    Band(6, 10),
    Band(11, 15),
    Band(16, LIMIT),
    Band(LIMIT + 1, 30),
    Band(31, 40),
    Band(41, 60),
    Band(61, None),
)


def due_days(left: int | None) -> int:
    """How heavily a case weighs: the working days of the 20 that are gone, at least one, and 20 once it is late.

    `left` counts the working days to its deadline, below 0 when that is past; None while its clock stands, when it
    weighs nothing.
    """
    if left is None:
        return 0
    return min(max(LIMIT - left, 1), LIMIT)

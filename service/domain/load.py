"""How old open cases are, and how heavily they weigh on their officers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace

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


def overloaded(loads: Mapping[int, int]) -> set[int]:
    """Who has far more than their share, of due-days by officer: half as much again as the others have on average.

    Nobody while there is nobody else, or while what they have is no more than two cases at their deadline.
    """
    total = sum(loads.values())
    return {
        officer
        for officer, load in loads.items()
        if len(loads) > 1 and load > 2 * LIMIT and 2 * load * (len(loads) - 1) > 3 * (total - load)
    }


def shared_out(loads: Mapping[int, int], weights: Sequence[int]) -> dict[int, list[int]]:
    """Which of some cases, by their place in `weights`, each officer would get: the heaviest to whoever has least.

    `loads` are the due-days that each has before; the least key of those with as little is the first to get one.
    """
    given: dict[int, list[int]] = {officer: [] for officer in loads}
    least = [(load, officer) for officer, load in loads.items()]
    heapify(least)
    for place in sorted(range(len(weights)), key=lambda place: -weights[place]) if least else ():
        load, officer = least[0]
        given[officer].append(place)
        heapreplace(least, (load + weights[place], officer))
    return given

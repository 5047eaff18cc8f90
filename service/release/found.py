"""What was found in a file that is about to be released."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Self

CANNOT = "cannot be looked into"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a file holds, told to an officer without repeating what is hidden.

    A serious one hides something, names somebody, or could not be looked into; the others are often harmless.
    """

    kind: str
    sentence: str
    place: str = ""
    serious: bool = True

    def as_dict(self) -> dict[str, str | bool]:
        """What was found, as JSON has it."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, object]) -> Self:
        """What as_dict wrote; raises KeyError on anything else."""
        kind, sentence, place = (str(values[name]) for name in ("kind", "sentence", "place"))
        return cls(kind, sentence, place, values["serious"] is not False)

    def inside(self, container: str) -> Self:
        """The same, its place told from outside."""
        return replace(self, place=f"{container}: {self.place}" if self.place else container)


def cannot(reason: str, place: str = "") -> Found:
    """What is said of something that cannot be judged."""
    return Found(CANNOT, reason, place)


def hint(kind: str, sentence: str, place: str = "") -> Found:
    """Something that is often harmless."""
    return Found(kind, sentence, place, serious=False)


def several(count: int, one: str, many: str = "") -> str:
    """A count in words: '1 comment', '3 comments'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Some names in a row, the rest counted."""
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most:,} more"


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers gathered into unbroken runs, both ends included."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def shown(text: str, most: int = 60) -> str:
    """A name that a stranger chose, fit for one line: no control characters, capped."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"

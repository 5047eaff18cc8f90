"""What a mail's row says once the desk knows what became of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settlement:
    """The state of a mail, what was done with it and why; `case_id` is where it was filed, or where we suggest to."""

    state: str
    action: str
    reason: str
    case_id: int | None = None
    duplicate_of: int | None = None

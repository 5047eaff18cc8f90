"""The digests that the desk writes by itself, and who may have which."""

from enum import StrEnum


class DigestKind(StrEnum):
    """A mail that sums up; its value is how the database and addresses name it."""

    SUPERVISORS = "supervisors"
    OWN = "own"
    WEEKLY = "weekly"

    @property
    def for_supervisors(self) -> bool:
        """Whether only those who oversee get it."""
        return self is not DigestKind.OWN

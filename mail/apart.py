"""The same act for several mailboxes, or several acts: what is wrong with one holds up none of the others."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.errors import DeskError
from service.store.database import DatabaseUnavailable


class Apart:
    """Collects the troubles of acts done one after the other, so that the first can be told when all are done."""

    def __init__(self) -> None:
        self._troubles: list[DeskError] = []

    @contextmanager
    def each(self) -> Iterator[None]:
        """Do one of them. Without the database there is no going on: raises DatabaseUnavailable at once."""
        try:
            yield
        except DatabaseUnavailable:
            raise
        except DeskError as trouble:
            self._troubles.append(trouble)

    def tell(self) -> None:
        """Raise the first trouble, if there was any."""
        if self._troubles:
            raise self._troubles[0]

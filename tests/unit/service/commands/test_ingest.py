"""Mail from files: at the pace that the administrator allows."""

from datetime import UTC, datetime

from mail.archive import ArchivedMail
from service.commands.ingest import paced

MAILS = [ArchivedMail(f"{number}.eml", number, b"", datetime(2024, 6, 3, tzinfo=UTC)) for number in range(5)]


class Clock:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now = 100.0

    def pause(self, seconds: float) -> None:
        self.now += seconds


def test_a_bound_spreads_mails_evenly_and_takes_the_first_at_once() -> None:
    clock, taken = Clock(), list[float]()
    for mail in paced(MAILS, 30, lambda: clock.now, clock.pause):
        taken.append(clock.now)
        clock.now += 0.5 if mail.number else 5.0  # the first takes longer than its share, the next need not hurry
    assert taken == [100, 105, 107, 109, 111]


def test_without_a_bound_nothing_waits() -> None:
    clock = Clock()
    assert list(paced(MAILS, None, lambda: clock.now, clock.pause)) == MAILS
    assert clock.now == 100

"""Answers that took long to find: shown again for a while, with the moment they are of."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from time import perf_counter
from typing import Any, Generic, NamedTuple, TypeVar

Answer = TypeVar("Answer")
SLOW = timedelta(milliseconds=100)
NOTICED = 25  # times sooner is an answer kept that is long past anyway
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST = 100


class Found(NamedTuple, Generic[Answer]):
    """An answer and when it was found."""

    answer: Answer
    at: datetime


class Kept:
    """The answers of one desk, in memory. What is found quickly is found anew each time and never kept, so that only
    a desk so large that it must wait for an answer ever sees one that is older than its page."""

    def __init__(self, slow: timedelta | None = None) -> None:
        self._slow = SLOW if slow is None else slow
        self._answers: OrderedDict[Hashable, Found[Any]] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        key: Hashable,
        now: datetime,
        find: Callable[[], Answer],
        *,
        again: timedelta = A_MINUTE,
        long_past: bool = False,
    ) -> Found[Answer]:
        """What `find` gives, or gave under this key when that took long and is not yet to be found `again`.

        What is `long_past` is kept much sooner: there a minute's delay tells nobody anything wrong.
        """
        kept = self.look(key, now, again=again)
        if kept is not None:
            return kept
        began = perf_counter()
        found = Found(find(), now)
        took = perf_counter() - began
        self.keep(key, found, took=took * NOTICED if long_past else took)
        return found

    def look(self, key: Hashable, now: datetime, *, again: timedelta = A_MINUTE) -> Found[Any] | None:
        """What is kept under a key, unless it is to be found `again`."""
        with self._lock:
            kept = self._answers.get(key)
        return kept if kept is not None and timedelta(0) <= now - kept.at < again else None

    def keep(self, key: Hashable, found: Found[Any], *, took: float) -> None:
        """Show an answer for a while, when it took long to find, in seconds."""
        if took < self._slow.total_seconds():
            return
        with self._lock:
            self._answers[key] = found
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)

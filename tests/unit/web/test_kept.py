from datetime import UTC, datetime, timedelta
from itertools import count
from time import sleep

from web.kept import A_MINUTE, MOST, Found, Kept

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)


def test_what_is_found_quickly_is_found_each_time() -> None:
    kept, numbers = Kept(slow=timedelta(minutes=1)), count()
    assert [kept.get("open", NOW, lambda: next(numbers)).answer for _ in range(3)] == [0, 1, 2]


def test_what_took_long_is_shown_again_for_a_while_with_its_moment() -> None:
    kept, numbers = Kept(slow=timedelta(0)), count()

    def find() -> int:
        return next(numbers)

    assert kept.get("open", NOW, find) == Found(0, NOW)
    assert kept.get("open", NOW + A_MINUTE - timedelta(seconds=1), find) == Found(0, NOW)
    assert kept.get("closed", NOW, find) == Found(1, NOW)
    assert kept.get("open", NOW + A_MINUTE, find) == Found(2, NOW + A_MINUTE)
    assert kept.get("open", NOW, find) == Found(3, NOW)  # a clock that was set back


def test_no_more_is_kept_than_a_hundred_answers() -> None:
    kept, numbers = Kept(slow=timedelta(0)), count()
    for key in range(MOST + 1):
        kept.get(key, NOW, lambda: next(numbers))
    assert kept.get(1, NOW, lambda: next(numbers)).answer == 1
    assert kept.get(0, NOW, lambda: next(numbers)).answer == MOST + 1


def test_what_is_long_past_is_kept_sooner() -> None:
    kept, numbers = Kept(slow=timedelta(seconds=1)), count()

    def find() -> int:
        sleep(0.05)
        return next(numbers)

    assert [kept.get("now", NOW, find).answer for _ in range(2)] == [0, 1]
    assert [kept.get("then", NOW, find, long_past=True).answer for _ in range(2)] == [2, 2]

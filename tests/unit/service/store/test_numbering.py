"""Case numbers: unique, without gaps, whoever takes them."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from service.store.database import open_engine, transaction
from service.store.numbering import take_number


class Crash(Exception):
    """Something went wrong after the number was taken."""


def _allocate(url: str, worker: int) -> list[int]:
    """A hundred numbers, every tenth of them given back by a crash."""
    engine, kept = open_engine(url), []
    for attempt in range(100):
        try:
            with transaction(engine) as session:
                number = take_number(session, "cases")
                if attempt % 10 == worker:
                    raise Crash
            kept.append(number)
        except Crash:
            continue
    engine.dispose()
    return kept


def test_eight_processes_take_eight_hundred_numbers_without_a_double_or_a_gap(
    engine: Engine, database_url: str
) -> None:
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        taken = [n for kept in pool.map(_allocate, [database_url] * 8, range(8)) for n in kept]
    assert sorted(taken) == list(range(1, 721))


def test_a_series_begins_where_it_is_told_to(engine: Engine) -> None:
    with transaction(engine) as session:
        assert [take_number(session, "cases", start=34275) for _ in range(3)] == [34275, 34276, 34277]


def test_each_series_counts_for_itself(engine: Engine) -> None:
    with transaction(engine) as session:
        assert [take_number(session, series) for series in ("cases/2025", "cases/2026", "cases/2025")] == [1, 1, 2]


def test_a_number_is_given_back_when_its_transaction_fails(engine: Engine) -> None:
    with pytest.raises(Crash), transaction(engine) as session:
        take_number(session, "cases")
        raise Crash
    with Session(engine) as session:
        assert take_number(session, "cases") == 1

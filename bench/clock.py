"""The clock: `python -m bench.clock [--cases 100000] [--postgres]`.

Explanations: every receipt date of ten years under each law, explained day by day, against a naive walk that asks a set
of holidays for each day and writes a line. Printed: explanations a second of both, and the ratio of their medians.

Recount: a desk full of open cases, half of which a new holiday moves, counted anew as after `foidesk holiday add`,
against the bare work on the same rows: reading each batch of cases with its events, and updating them. Printed:
seconds, cases a second, the ratio, and the process's memory after the tenth batch and after the last.
"""

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
from sqlalchemy import Engine, func, insert, text
from sqlalchemy import select as sa_select
from sqlmodel import col

from service.bootstrap import open_desk
from service.casework.change_calendar import change_calendar
from service.casework.record import caches
from service.casework.recount import BATCH, recount_some
from service.casework.tell_moves import tell_moves
from service.desk import Desk
from service.domain.calendars import CalendarChange, Calendars, ChangeKind, load_calendars
from service.domain.clock import Received, read_clock
from service.domain.explanation import explain
from service.domain.history import CaseEvent, replay
from service.domain.kind import Kind
from service.domain.regime import Regime
from service.domain.working_days import Division
from service.store.cases import append_events, histories
from service.store.database import open_engine, reading, transaction
from service.store.recounts import open_cases_after, update_cases
from service.store.schema import migrate
from service.store.tables import Case, Officer
from tests.conftest import council_settings, new_postgres_database
from tests.servers import postgres, postgres_binaries

A_DAY = timedelta(days=1)
FIRST, DAYS, ROUNDS = date(2016, 1, 4), 3650, 3
MON_JUN_3_2024 = datetime(2024, 6, 3, 9, tzinfo=UTC)
ADDED_ON = date(2024, 6, 12)  # a Wednesday within the time of three cases in five; of those, one in seven is stopped
OWNERS = 20


def _explain_all(calendars: Calendars) -> None:
    for regime in Regime:
        for n in range(DAYS):
            explain(read_clock([Received(FIRST + A_DAY * n)], regime, calendars), calendars)


def _walk_all(calendars: Calendars) -> None:
    """The same days as a calendar on the wall would give them."""
    for regime in Regime:
        holidays = {row.on: row.title for row in calendars.of(regime).holidays}
        for n in range(DAYS):
            _walk(FIRST + A_DAY * n, holidays)


def _walk(day: date, holidays: dict[date, str]) -> list[tuple[date, int | None, str]]:
    lines: list[tuple[date, int | None, str]] = [(day, None, "Day of receipt.")]
    n = 0
    while n < 20:
        day += A_DAY
        if day.weekday() >= 5:
            lines.append((day, None, f"{day:%A}, not a working day."))
        elif day in holidays:
            lines.append((day, None, f"{holidays[day]}."))
        else:
            n += 1
            lines.append((day, n, f"Working day {n}."))
    return lines


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def explanations() -> None:
    """Print how many a second."""
    calendars, number = load_calendars(), DAYS * len(Regime)
    naive = statistics.median(_seconds(lambda: _walk_all(calendars)) for _ in range(ROUNDS))
    ours = statistics.median(_seconds(lambda: _explain_all(calendars)) for _ in range(ROUNDS))
    click.echo(
        f"explanations: {number / ours:,.0f} a second; a naive walk {number / naive:,.0f}; ratio {naive / ours:.2f}"
    )


def _requests(number: int) -> Iterator[list[CaseEvent]]:
    """Histories of open cases of five weeks: every seventh waits for an answer, every eleventh had a fee."""
    for n in range(number):
        at = MON_JUN_3_2024 - A_DAY * (n % 35)
        told = [CaseEvent(Kind.RECEIVED, at, "requester", {"regime": "FOIA", "matter": "request"})]
        told.append(CaseEvent(Kind.ASSIGNED, at + A_DAY, "officer:1", {"owner": str(n % OWNERS + 1)}))
        if n % 7 == 0:
            told.append(CaseEvent(Kind.CLARIFICATION_SOUGHT, at + A_DAY, "officer:1"))
        elif n % 11 == 0:
            told.append(CaseEvent(Kind.FEES_NOTICE, at + A_DAY, "officer:1"))
            told.append(CaseEvent(Kind.FEE_PAID, at + 2 * A_DAY, "officer:1"))
        yield told


def fill(desk: Desk, number: int) -> None:
    """Open so many cases, in bulk."""
    with transaction(desk.engine) as session:
        for n in range(1, OWNERS + 1):
            email, name = f"o{n}@anytown.example", f"Officer {n}"
            session.add(Officer(email=email, name=name, role="officer", password_hash="", created_at=desk.now()))
    first, batch = 1, []
    for told in _requests(number):
        batch.append(told)
        if len(batch) == 5000:
            _write(desk, first, batch)
            first, batch = first + len(batch), []
    if batch:
        _write(desk, first, batch)


def _write(desk: Desk, first: int, batch: list[list[CaseEvent]]) -> None:
    with transaction(desk.engine) as session:
        rows = [_row(desk, n, told) for n, told in enumerate(batch, first)]
        session.connection().execute(insert(Case), rows)
        events = [(row["id"], event) for row, told in zip(rows, batch, strict=True) for event in told]
        append_events(session, events, desk.now())  # type: ignore[arg-type]


def _row(desk: Desk, n: int, told: list[CaseEvent]) -> dict[str, object]:
    return {
        "id": n,
        "reference": f"01.FOI.24.{n:06}",
        "kind": "FOI",
        "year": 2024,
        "number": n,
        "account": "foi",
        "subject": f"Request number {n}",
        "requester_name": f"Person {n}",
        "requester_address": f"person{n}@example.com",
        "requester_key": f"person{n}@example.com",
        "received_at": told[0].at,
        "uncountable_by": "",
        **caches(replay(told, desk.calendars)),
    }


def bare_work(desk: Desk) -> float:
    """Seconds to read every batch with its events, and to write one column of each of its cases."""
    began, last = perf_counter(), 0
    while True:
        with transaction(desk.engine) as session:
            batch = open_cases_after(session, last, BATCH)
            if not batch:
                return perf_counter() - began
            histories(session, [case.id for case in batch])
            update_cases(session, [{"row_key": case.id, "due_on": case.due_on} for case in batch])
            last = batch[-1].id


def recount(desk: Desk, number: int) -> None:
    """Add a holiday, recount, and print what it took."""
    bare = bare_work(desk)
    added = CalendarChange(ChangeKind.ADDED, ADDED_ON, desk.today(), Division.ENG, "A holiday", "", desk.today())
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [added], at=desk.now(), by="console")
    memory, moved, began = [], 0, perf_counter()
    with click.progressbar(length=number, label="Recounting", file=sys.stderr) as bar:
        done = 1
        while done:
            with transaction(desk.engine) as session:
                counted = recount_some(session, desk, at=desk.now())
            done, moved = counted.done, moved + len(counted.moves)
            memory.append(_resident())
            bar.update(done)
    with transaction(desk.engine) as session:
        letters = tell_moves(session, desk, at=desk.now())
    took = perf_counter() - began
    click.echo(
        f"recount on {desk.engine.dialect.name}: {number:,} open cases in {took:.1f} s "
        f"({number / took:,.0f} a second), {moved:,} moved, {letters} letters; "
        f"bare reading and writing {bare:.1f} s; ratio {bare / took:.2f}"
    )
    tenth = memory[min(10, len(memory) - 1)]
    click.echo(f"memory: {tenth / 1e6:.0f} MB after the tenth batch, {memory[-1] / 1e6:.0f} MB after the last")
    _require_right(desk)


def _resident() -> int:
    """Bytes that the process holds in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _require_right(desk: Desk) -> None:
    """A quick count of nothing is worth nothing: a sample must be what a replay gives, and no case be left behind."""
    with reading(desk.engine) as session:
        left = session.execute(
            sa_select(func.count()).where(col(Case.calendar_version) != desk.calendars.version)
        ).scalar_one()
        sample = session.execute(sa_select(Case).where(col(Case.id) % 997 == 0)).scalars().all()
        told = histories(session, [case.id for case in sample])
        wrong = [case for case in sample if case.due_on != replay(told[case.id], desk.calendars).clock.due_on]
    if left or wrong:
        raise SystemExit(f"{left} cases left behind, {len(wrong)} of {len(sample)} wrong")


@contextmanager
def a_desk(folder: Path, on_postgres: bool) -> Iterator[Desk]:
    """An empty desk whose day is 3 June 2024."""
    desk = open_desk(council_settings(folder), lambda: MON_JUN_3_2024)
    if not on_postgres:
        migrate(desk.engine)
        yield desk
        desk.engine.dispose()
        return
    binaries = postgres_binaries()
    if binaries is None:
        raise SystemExit("There is no PostgreSQL on this machine.")
    with postgres(binaries) as url:
        engine: Engine = open_engine(new_postgres_database(url))
        migrate(engine)
        yield replace(desk, engine=engine)
        engine.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true", help="recount on PostgreSQL instead of SQLite")
    arguments = parser.parse_args()
    explanations()
    with TemporaryDirectory() as folder, a_desk(Path(folder), arguments.postgres) as desk:
        fill(desk, arguments.cases)
        if arguments.postgres:
            with desk.engine.begin() as connection:
                connection.execute(text("ANALYZE"))
        recount(desk, arguments.cases)


if __name__ == "__main__":
    main()

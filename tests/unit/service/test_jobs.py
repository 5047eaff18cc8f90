"""The timetable: what each job does, when the morning's work is due, and who may run it."""

import logging
import os
import signal
import subprocess
import sys
import time as wall
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from mail.reader import Reader
from service import jobs
from service.casework.change_calendar import change_calendar
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.working_days import Division
from service.errors import DeskError
from service.jobs import JOBS, Job, Timetable, run_job
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.jobs import job_run
from service.store.leader import leadership
from service.store.officers import add_sign_in
from service.store.tables import Letter, SignIn
from tests.builders import an_officer, open_a_case
from tests.conftest import Time

TUE_JUL_2_2024 = datetime(2024, 7, 2, 6, 31, tzinfo=UTC)  # 07:31 in London


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path / "spool") as reader:
        yield reader


def job(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)


def kinds(desk: Desk) -> list[str]:
    with reading(desk.engine) as session:
        return [letter.kind for letter in session.exec(select(Letter).where(Letter.kind != "acknowledgement"))]


def with_a_late_case(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        an_officer(session, "Morgan Reid", "supervisor")
        open_a_case(session, desk)


def test_every_job_has_a_test_here() -> None:
    source = Path(__file__).read_text()
    assert all(f'job("{each.name}")' in source for each in JOBS)


def test_the_morning_writes_chasers_and_digests_once_a_day(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024
    for _ in range(3):
        run_job(desk, reader, job("chase"))
    assert sorted(kinds(desk)) == ["digest", "due"]
    time.pass_by(days=1)
    run_job(desk, reader, job("chase"))
    assert sorted(kinds(desk)) == ["digest", "digest", "due"]


def test_the_morning_waits_until_half_past_seven_in_london(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024 - timedelta(minutes=2)
    run_job(desk, reader, job("chase"))
    assert kinds(desk) == []


@pytest.mark.parametrize("day", [datetime(2024, 7, 6, 9, tzinfo=UTC), datetime(2024, 7, 12, 9, tzinfo=UTC)])
def test_nobody_is_chased_on_a_saturday_or_a_holiday(desk: Desk, time: Time, reader: Reader, day: datetime) -> None:
    with_a_late_case(desk)
    time.moment = day
    run_job(desk, reader, job("chase"))
    assert kinds(desk) == []


def test_a_desk_that_was_down_at_half_past_seven_catches_up_in_the_evening(
    desk: Desk, time: Time, reader: Reader
) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024 + timedelta(hours=10)
    run_job(desk, reader, job("chase"))
    assert sorted(kinds(desk)) == ["digest", "due"]


def test_a_crash_in_the_morning_leaves_no_half_of_its_letters(
    desk: Desk, time: Time, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("the words of Harriet Bell")

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "write_digests", crash)
        run_job(desk, reader, job("chase"))
    assert kinds(desk) == []
    run_job(desk, reader, job("chase"))
    assert sorted(kinds(desk)) == ["digest", "due"]


def test_a_job_that_fails_is_noted_without_the_words_of_its_exception(
    desk: Desk, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_desk: Desk, _reader: Reader) -> None:
        raise RuntimeError("h.bell@example.com")

    with caplog.at_level(logging.DEBUG):
        run_job(desk, reader, Job("poll", fail, lambda _: 1))
    with reading(desk.engine) as session:
        run = job_run(session, "poll")
    assert run is not None
    assert run.trouble.startswith("RuntimeError")
    assert "h.bell" not in caplog.text + run.trouble


def test_a_job_in_trouble_says_what_to_do(desk: Desk, reader: Reader) -> None:
    class ServerDead(DeskError):
        """The mail server does not answer: check it."""

    def fail(_desk: Desk, _reader: Reader) -> None:
        raise ServerDead

    run_job(desk, reader, Job("poll", fail, lambda _: 1))
    with reading(desk.engine) as session:
        run = job_run(session, "poll")
    assert run is not None
    assert run.trouble == "The mail server does not answer: check it."


@pytest.mark.parametrize("name", [job("poll").name, job("file").name, job("deliver").name, job("copy").name])
def test_a_job_notes_that_it_ran_even_when_its_server_is_dead(desk: Desk, reader: Reader, name: str) -> None:
    run_job(desk, reader, job(name))
    with reading(desk.engine) as session:
        run = job_run(session, name)
    assert run is not None
    assert run.finished_at == desk.now()


def test_the_heartbeat_forgets_browser_sessions_that_are_over(desk: Desk, time: Time, reader: Reader) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        for hours, token in ((2, "old"), (0, "new")):
            at = desk.now() - timedelta(hours=hours)
            add_sign_in(session, SignIn(token_hash=token, officer_id=sam.id, created_at=at, seen_at=at))
    run_job(desk, reader, job("heartbeat"))
    with reading(desk.engine) as session:
        assert [row.token_hash for row in session.exec(select(SignIn))] == ["new"]


def test_a_changed_calendar_moves_open_cases_by_and_by(desk: Desk, reader: Reader) -> None:
    jun_10 = CalendarChange(
        ChangeKind.ADDED, date(2024, 6, 10), desk.today(), Division.ENG, "A royal wedding", "a test"
    )
    with transaction(desk.engine) as session:
        reference = open_a_case(session, desk).reference
        change_calendar(session, desk, [jun_10], at=desk.now(), by="console")
    run_job(desk, reader, job("recount"))
    with reading(desk.engine) as session:
        case = case_by_reference(session, reference)
        assert (case.due_on, case.calendar_version) == (date(2024, 7, 2), desk.calendars.version)
        run = job_run(session, "recount")
    assert run is not None
    assert run.trouble == ""
    assert kinds(desk) == ["moved"]


LEAD = """
import sys, time
from service.store.database import open_engine
from service.store.leader import leadership
claim = leadership(open_engine(sys.argv[1]))
while not claim.try_lead():
    time.sleep(0.02)
print("leading", flush=True)
time.sleep(60)
"""


@contextmanager
def contender(url: str) -> Iterator["subprocess.Popen[str]"]:
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", LEAD, url], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(root)}
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_one_process_leads_and_another_takes_over_when_it_is_killed(engine: Engine, database_url: str) -> None:
    with contender(database_url) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "leading\n"
        claim = leadership(engine)
        assert not claim.try_lead()
        first.send_signal(signal.SIGKILL)
        first.wait()
        until = wall.monotonic() + 10
        while not claim.try_lead() and wall.monotonic() < until:
            wall.sleep(0.02)
        assert claim.still()
        claim.resign()
        assert not claim.still()


def test_only_the_leader_runs_the_timetable(desk: Desk, reader: Reader) -> None:
    leader = leadership(desk.engine)
    assert leader.try_lead()
    other = Timetable(desk, reader, leadership(desk.engine))
    other.start()
    other.stop()
    with Session(desk.engine) as session:
        assert job_run(session, "heartbeat") is None
    leader.resign()

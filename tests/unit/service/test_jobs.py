"""The timetable: what each job does, when the morning's work is due, and who may run it."""

import json
import logging
import os
import signal
import subprocess
import sys
import time as wall
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from mail.reader import Reader
from service import jobs
from service.bootstrap import WORDING
from service.casework import carry_out
from service.casework.assign import assign
from service.casework.bulk import BATCH, begin_giving
from service.casework.change_calendar import change_calendar
from service.casework.digest import compose_digest, settle_digest
from service.casework.receive import receive
from service.casework.subscribe import subscribe
from service.casework.undo import What, undoable
from service.desk import Desk
from service.domain.announcement import OF_CASES, Announcement
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.digest_kind import DigestKind
from service.domain.message import Address
from service.domain.working_days import Division
from service.errors import DeskError
from service.jobs import JOBS, Job, Timetable, run_job
from service.letters import Stationery, Words
from service.store.bulk_acts import tally, unfinished_bulk_acts
from service.store.cases import case_by_reference
from service.store.database import open_engine, reading, transaction
from service.store.digests import want_digest
from service.store.jobs import job_run, job_runs
from service.store.leader import CannotLead, leadership
from service.store.officers import add_sign_in
from service.store.saved_lists import delete_list, keep_list
from service.store.tables import Case, InstructionRow, Letter, Officer, SavedList, SignIn, Undoable, WebhookDelivery
from tests.builders import HARRIET, a_message, an_officer, arrive, open_a_case, stored_post
from tests.conftest import Time, council_settings, new_postgres_database
from tests.servers import free_port
from tests.unit.service.casework.verbs import answer, given_to, sam, verbal
from tests.unit.service.hooks.receiver import receiving

TUE_JUL_2_2024 = datetime(2024, 7, 2, 6, 31, tzinfo=UTC)  # 07:31 in London


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Reader(tmp_path_factory.mktemp("spool")) as reader:
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


def give_the_case_to(desk: Desk, name: str) -> None:
    with transaction(desk.engine) as session:
        owner = session.exec(select(Officer).where(Officer.name == name)).one()
        case = session.exec(select(Case)).one()
        assign(session, desk, case, owner.id, at=desk.now(), by="officer:1")


def test_every_job_has_a_test_here() -> None:
    source = Path(__file__).read_text()
    assert all(f'job("{each.name}")' in source for each in JOBS)


def morning(desk: Desk, reader: Reader) -> None:
    """One turn of all that a morning does."""
    for each in (job("chase"), job("digest"), job("own digest"), job("weekly digest")):
        run_job(desk, reader, each)


def troubles(desk: Desk) -> dict[str, str]:
    with reading(desk.engine) as session:
        return {run.name: run.trouble for run in job_runs(session) if run.trouble}


def test_the_days_work_is_put_into_the_mailbox_on_working_days_from_the_hour_of_the_digests(
    desk: Desk, time: Time, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[date] = []
    monkeypatch.setattr("service.jobs.pin_digests", lambda _desk, today: days.append(today))
    for moment in ("2024-06-07T06:00", "2024-06-07T07:00", "2024-06-08T07:00", "2024-06-10T07:00"):
        time.moment = datetime.fromisoformat(
            f"{moment}+00:00"
        )  # Friday in the night and in the morning, Saturday, Monday
        run_job(desk, reader, job("digest in the mailbox"))
    assert days == [date(2024, 6, 7), date(2024, 6, 10)]


def test_the_morning_writes_chasers_and_digests_once_a_day(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024
    for _ in range(3):
        morning(desk, reader)
    assert sorted(kinds(desk)) == ["digest", "due"]
    time.pass_by(days=1)
    morning(desk, reader)
    assert sorted(kinds(desk)) == ["digest", "digest", "due"]


def test_what_somebody_asked_for_many_cases_is_finished_by_itself(desk: Desk, reader: Reader) -> None:
    with transaction(desk.engine) as session:
        morgan, nia = an_officer(session, "Morgan Reid", "supervisor"), an_officer(session, "Nia Howells")
        cases = [open_a_case(session, desk) for _ in range(BATCH + 1)]
        act = begin_giving(session, morgan, nia.id, [(case.id, None) for case in cases], at=desk.now()).id
    run_job(desk, reader, job("bulk"))
    with reading(desk.engine) as session:
        assert tally(session, act).changed == BATCH + 1
        assert unfinished_bulk_acts(session) == []
        assert {session.get_one(Case, case.id).owner_id for case in cases} == {nia.id}


def test_what_can_no_longer_be_undone_is_forgotten(desk: Desk, time: Time, reader: Reader) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        undoable(session, sam, What.LIST, {"list": 1}, at=desk.now())
        row = keep_list(session, SavedList(officer_id=sam.id, name="Late", view="open", made_at=desk.now()))
        delete_list(session, row, desk.now())

    def left() -> list[int]:
        run_job(desk, reader, job("heartbeat"))
        with reading(desk.engine) as session:
            return [len(session.exec(select(kind)).all()) for kind in (Undoable, SavedList)]

    time.pass_by(hours=23)
    assert left() == [1, 1]
    time.pass_by(hours=1, seconds=1)
    assert left() == [0, 0]


MON_JUL_1_2024 = datetime(2024, 7, 1, 6, 30, tzinfo=UTC)
WED_JUL_3_2024 = datetime(2024, 7, 3, 6, 30, tzinfo=UTC)


def test_a_week_of_mornings_brings_each_digest_on_its_days(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    came: list[tuple[str, str]] = []
    time.moment = datetime(2024, 6, 28, tzinfo=UTC)  # a Friday
    for _ in range(24 * 5):
        before = len(kinds(desk))
        morning(desk, reader)
        came += [(f"{time.moment:%a}", kind) for kind in kinds(desk)[before:] if kind.startswith("digest")]
        time.pass_by(hours=1)
    assert came == [("Fri", "digest"), ("Mon", "digest"), ("Mon", "digest-weekly"), ("Tue", "digest")]


def test_the_morning_waits_until_half_past_seven_in_london(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024 - timedelta(minutes=2)
    morning(desk, reader)
    assert kinds(desk) == []


@pytest.mark.parametrize("day", [datetime(2024, 7, 6, 9, tzinfo=UTC), datetime(2024, 7, 12, 9, tzinfo=UTC)])
def test_nobody_is_chased_on_a_saturday_or_a_holiday(desk: Desk, time: Time, reader: Reader, day: datetime) -> None:
    with_a_late_case(desk)
    time.moment = day
    morning(desk, reader)
    assert kinds(desk) == []


def test_a_desk_that_was_down_at_half_past_seven_catches_up_in_the_evening(
    desk: Desk, time: Time, reader: Reader
) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024 + timedelta(hours=10)
    morning(desk, reader)
    assert sorted(kinds(desk)) == ["digest", "due"]


def test_a_crash_while_a_digest_is_queued_leaves_no_half_of_it_and_is_made_good(
    desk: Desk, time: Time, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024

    def crash(*words: Any, **more: Any) -> None:
        settle_digest(*words, **more)
        raise RuntimeError("the words of Harriet Bell")  # after the letter is written, before the commit

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "settle_digest", crash)
        morning(desk, reader)
    assert kinds(desk) == ["due"]  # a digest that fails holds up no chaser
    assert troubles(desk).keys() == {"digest", "own digest"}
    assert "Harriet" not in str(troubles(desk))
    morning(desk, reader)
    assert sorted(kinds(desk)) == ["digest", "due"]
    assert troubles(desk) == {}


def test_a_digest_whose_template_is_broken_holds_up_no_other(
    desk: Desk, time: Time, reader: Reader, tmp_path: Path
) -> None:
    own = tmp_path / "templates" / "emails" / "digest"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text("{{ nobody_gave_this }}")
    with_a_late_case(desk)
    broken = replace(desk, stationery=Stationery(WORDING, tmp_path / "templates"))
    time.moment = MON_JUL_1_2024
    morning(broken, reader)
    assert sorted(kinds(desk)) == ["digest-weekly", "due"]
    assert "nobody_gave_this" in troubles(desk)["digest"]
    morning(desk, reader)
    assert sorted(kinds(desk)) == ["digest", "digest-weekly", "due"]


def test_what_fails_for_one_reader_is_sent_to_the_others(
    desk: Desk, time: Time, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_late_case(desk)
    with transaction(desk.engine) as session:
        an_officer(session, "Adam Firth", "supervisor")
    time.moment = TUE_JUL_2_2024

    def stumble(session: Session, served: Desk, kind: DigestKind, who: Officer, *, at: datetime) -> Words | None:
        if who.name == "Adam Firth":
            raise ValueError("something nobody thought of")
        return compose_digest(session, served, kind, who, at=at)

    monkeypatch.setattr(jobs, "compose_digest", stumble)
    morning(desk, reader)
    with reading(desk.engine) as session:
        assert session.exec(select(Letter.recipient_name).where(Letter.kind == "digest")).all() == ["Morgan Reid"]
    assert troubles(desk)["digest"].startswith("ValueError")


@pytest.mark.parametrize(
    ("section", "left"),
    [
        ({"supervisors": False}, ["digest-own", "digest-weekly"]),
        ({"officers": False}, ["digest", "digest-weekly"]),
        ({"weekly": False}, ["digest", "digest-own"]),
        ({"supervisors": False, "officers": False, "weekly": False}, []),
    ],
    ids=str,
)
def test_each_digest_can_be_switched_off_for_the_whole_desk(
    desk: Desk, time: Time, reader: Reader, tmp_path: Path, section: dict[str, bool], left: list[str]
) -> None:
    with_a_late_case(desk)
    give_the_case_to(desk, "Morgan Reid")
    time.moment = MON_JUL_1_2024
    morning(replace(desk, settings=council_settings(tmp_path, digests=section)), reader)
    assert [kind for kind in sorted(kinds(desk)) if kind.startswith("digest")] == left


def test_digests_wait_for_the_hour_that_is_set_winter_and_summer(
    desk: Desk, time: Time, reader: Reader, tmp_path: Path
) -> None:
    with_a_late_case(desk)
    at_nine = replace(desk, settings=council_settings(tmp_path, digests={"at": "09:00"}))
    for early in (datetime(2024, 7, 2, 7, 59, tzinfo=UTC), datetime(2024, 12, 3, 8, 59, tzinfo=UTC)):
        time.moment, before = early, kinds(desk).count("digest")
        morning(at_nine, reader)
        assert kinds(desk).count("digest") == before
        time.pass_by(minutes=1)
        morning(at_nine, reader)
        assert kinds(desk).count("digest") == before + 1


def test_whoever_left_or_switched_it_off_gets_no_digest(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    with transaction(desk.engine) as session:
        gone, quiet = an_officer(session, "Adam Firth", "supervisor"), an_officer(session, "Bea Good", "supervisor")
        gone.active = False
        session.add(gone)
        want_digest(session, quiet.id, DigestKind.SUPERVISORS, wanted=False)
    time.moment = MON_JUL_1_2024
    morning(desk, reader)
    with reading(desk.engine) as session:
        sent = session.exec(select(Letter.kind, Letter.recipient_name).where(Letter.case_id.is_(None))).all()  # type: ignore[union-attr]
    assert sorted(sent) == [
        ("digest", "Morgan Reid"),
        ("digest-weekly", "Bea Good"),
        ("digest-weekly", "Morgan Reid"),
    ]


def test_the_week_begins_on_tuesday_after_a_bank_holiday_and_not_again(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    weekly = []
    for day in range(26, 31):  # Monday 26 August 2024 is a bank holiday
        time.moment = datetime(2024, 8, day, 8, tzinfo=UTC)
        run_job(desk, reader, job("weekly digest"))
        weekly.append(kinds(desk).count("digest-weekly"))
    assert weekly == [0, 1, 1, 1, 1]


def test_a_morning_that_was_missed_altogether_is_not_made_up_for_twice(desk: Desk, time: Time, reader: Reader) -> None:
    with_a_late_case(desk)
    time.moment = WED_JUL_3_2024  # down since Monday
    morning(desk, reader)
    morning(desk, reader)
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


def test_one_instruction_at_which_the_desk_fails_does_not_hold_up_the_others(
    desk: Desk, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = verbal(desk, tmp_path)
    with transaction(served.engine) as session:
        owner = sam(session)
        mails = [given_to(session, served, owner)[1] for _ in range(2)]
        for mail, text in zip(mails, ("note: one", "take"), strict=True):
            arrive(session, served, answer(mail, text, owner))

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(carry_out, "add_note", broken)
    run_job(served, reader, job("instructions"))
    with reading(served.engine) as session:
        rows = session.exec(select(InstructionRow).order_by(col(InstructionRow.id))).all()
        assert [(row.verb, row.state) for row in rows] == [("note", "refused"), ("take", "done")]
        run = job_run(session, "instructions")
    assert run is not None
    assert run.trouble == ""


def test_the_heartbeat_forgets_browser_sessions_that_are_over(desk: Desk, time: Time, reader: Reader) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        for hours, token in ((2, "old"), (0, "new")):
            at = desk.now() - timedelta(hours=hours)
            add_sign_in(session, SignIn(token_hash=token, officer_id=sam.id, created_at=at, seen_at=at))
    run_job(desk, reader, job("heartbeat"))
    with reading(desk.engine) as session:
        assert [row.token_hash for row in session.exec(select(SignIn))] == ["new"]


@pytest.mark.parametrize(("days", "known"), [(29, 2), (31, 0)])
def test_the_heartbeat_forgets_what_webhooks_were_told_a_month_ago_or_could_not_be(
    desk: Desk, time: Time, reader: Reader, days: int, known: int
) -> None:
    with transaction(desk.engine) as session:
        webhook = subscribe(session, "https://example.org/hook", OF_CASES, at=desk.now(), by="console")
        webhook.disabled_at = desk.now()  # it is sent nothing more
        for state in ("delivered", "failed"):
            row = WebhookDelivery(
                webhook_id=webhook.id, event="test", message_id=state, body="{}", state=state, queued_at=desk.now(),
                created_at=desk.now(), delivered_at=desk.now() if state == "delivered" else None,
            )  # fmt: skip
            session.add(row)
    time.pass_by(days=days)
    run_job(desk, reader, job("heartbeat"))
    with reading(desk.engine) as session:
        assert len(session.exec(select(WebhookDelivery)).all()) == known


def test_the_morning_tells_webhooks_what_is_late_and_a_job_of_its_own_sends_it(
    desk: Desk, time: Time, reader: Reader, tmp_path: Path
) -> None:
    reachable = replace(desk, settings=council_settings(tmp_path, webhooks={"internal_networks": ["127.0.0.0/8"]}))
    with_a_late_case(desk)
    time.moment = TUE_JUL_2_2024
    with receiving() as receiver:
        with transaction(desk.engine) as session:
            subscribe(session, receiver.url, [Announcement.OVERDUE], at=desk.now(), by="console")
        run_job(reachable, reader, job("chase"))
        assert receiver.heard == []
        run_job(reachable, reader, job("webhooks"))
        assert [json.loads(body)["type"] for _, body in receiver.heard] == ["case.overdue"]


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
from service.store.database import open_engine, open_engine
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


def test_a_desk_that_could_never_lead_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "desk.db.leader").mkdir()  # as one that root made is no file for the desk's user
    with pytest.raises(CannotLead, match="Is a directory"):
        leadership(open_engine(f"sqlite:///{tmp_path / 'desk.db'}"))


def test_threads_that_lose_the_database_together_lead_again_together(postgres_url: str) -> None:
    engine = open_engine(new_postgres_database(postgres_url))
    claim = leadership(engine)
    assert claim.try_lead()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(10):
            with engine.connect() as connection:
                others = "pid <> pg_backend_pid() AND datname = current_database()"
                connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            assert any(threads.map(lambda _: claim.try_lead(), range(16)))
    claim.resign()
    engine.dispose()


def test_a_database_that_is_away_is_told_once_and_not_by_each_job(caplog: pytest.LogCaptureFixture) -> None:
    claim = leadership(open_engine(f"postgresql://desk:hush@127.0.0.1:{free_port()}/desk"))
    assert [claim.try_lead() for _ in range(5)] == [False] * 5
    (told,) = caplog.messages
    assert "Connection refused. Check [database] url" in told
    assert "hush" not in told


def test_only_the_leader_runs_the_timetable(desk: Desk, reader: Reader) -> None:
    leader = leadership(desk.engine)
    assert leader.try_lead()
    other = Timetable(desk, reader, leadership(desk.engine))
    other.start()
    other.stop()
    with Session(desk.engine) as session:
        assert job_run(session, "heartbeat") is None
    leader.resign()


def test_the_timetable_goes_on_when_the_clock_is_set_back(
    sqlite_desk: Desk, time: Time, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = Semaphore(0)

    def run(_desk: Desk, _reader: Reader) -> None:
        ran.release()

    a_job = Job("poll", run, lambda _desk: 6 * 3600)
    monkeypatch.setattr(jobs, "JOBS", (a_job,))
    monkeypatch.setattr(jobs, "CLOCK_SECONDS", 0.02)
    timetable = Timetable(sqlite_desk, reader, leadership(sqlite_desk.engine))
    timetable.start()
    try:
        assert ran.acquire(timeout=10)
        time.pass_by(hours=1)
        assert not ran.acquire(timeout=0.2)
        time.pass_by(hours=-2)  # the next run is now eight hours ahead
        assert ran.acquire(timeout=10)
    finally:
        timetable.stop()


def test_what_was_sent_by_hand_is_checked_and_asked_about_though_no_server_answers(
    desk: Desk, time: Time, reader: Reader
) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk, a_message(message_id="<asked@example.com>"))
        post = stored_post(session, received_at=time.moment, folder="\\Sent", sent=True)
        answer = a_message(
            sender=Address("", "foi@anytown.example"), to=(HARRIET,), in_reply_to=("<asked@example.com>",)
        )
        receive(session, desk, post, answer, "key", at=time.moment)
    run_job(desk, reader, job("sent"))
    assert kinds(desk) == ["answered"]
    with reading(desk.engine) as session:
        run = job_run(session, "sent")
    assert run is not None
    assert "127.0.0.1:993" in run.trouble

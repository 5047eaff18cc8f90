"""The timetable: what the desk does by itself, and the one loop that does it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from mail.deliver import deliver_outbox
from mail.filing import file_mailboxes
from mail.idle import watch
from mail.poll import poll_mailboxes
from mail.reader import Reader
from mail.sent_copy import copy_sent
from service.casework.chase import chase_cases
from service.casework.consult import chase_consultations
from service.casework.digest import write_digests
from service.casework.recount import recount_some
from service.casework.tell_moves import tell_moves
from service.desk import LONDON, Desk
from service.errors import DeskError
from service.store.database import reading, transaction
from service.store.jobs import job_run, note_run
from service.store.leader import Leadership
from service.store.officers import forget_idle_sign_ins

log = logging.getLogger(__name__)

MORNING = time(7, 30)  # Europe/London; never between 23:00 and 03:00, where the clocks change


@dataclass(frozen=True, slots=True)
class Job:
    """Something the desk does every so many seconds."""

    name: str
    run: Callable[[Desk, Reader], None]
    every: Callable[[Desk], float]


def poll(desk: Desk, reader: Reader) -> None:
    """Take in what the mailbox holds."""
    poll_mailboxes(desk, reader, patient=True)


def file(desk: Desk, _reader: Reader) -> None:
    """Put mail into the folders it belongs in, and heed what people moved."""
    file_mailboxes(desk)


def deliver(desk: Desk, _reader: Reader) -> None:
    """Send what the outbox holds."""
    deliver_outbox(desk)


def copy(desk: Desk, _reader: Reader) -> None:
    """Put copies of sent letters into the Sent folder."""
    copy_sent(desk)


def chase(desk: Desk, _reader: Reader) -> None:
    """Each working day from 07:30: the chasers of what falls due, and the supervisors' digest."""
    today = desk.today()
    if not _is_due(desk, "chase"):
        return
    with transaction(desk.engine) as session:
        # Ticked off in the transaction that writes the letters: after a crash they are written anew, none twice.
        chase_cases(session, desk, today=today, at=desk.now())
        chase_consultations(session, desk, today=today, at=desk.now())
        write_digests(session, desk, today=today, at=desk.now())
        note_run(session, "chase", desk.now(), desk.now(), done_for=today)


def _is_due(desk: Desk, name: str) -> bool:
    """Whether a morning job still has to be done today: decided from the stored date, so a missed hour is caught up."""
    today = desk.today()
    if desk.now().astimezone(LONDON).time() < MORNING or not desk.calendars.of(desk.settings.regime).is_working(today):
        return False
    with reading(desk.engine) as session:
        run = job_run(session, name)
    return run is None or run.done_for is None or run.done_for < today


def recount(desk: Desk, _reader: Reader) -> None:
    """Count open cases anew that stand by an older calendar: a holiday was added, or the desk upgraded.

    Then tell the owners of those that moved, whoever counted them.
    """
    done = 1
    while done:  # each batch a transaction of its own, so that mail is taken in meanwhile
        with transaction(desk.engine) as session:
            done = recount_some(session, desk, at=desk.now()).done
    with transaction(desk.engine) as session:
        tell_moves(session, desk, at=desk.now())


def beat(desk: Desk, _reader: Reader) -> None:
    """Show that the timetable runs, and forget browser sessions that are over."""
    with transaction(desk.engine) as session:
        forget_idle_sign_ins(session, desk.now() - timedelta(minutes=desk.settings.web.idle_minutes))


def _seconds(number: float) -> Callable[[Desk], float]:
    return lambda _desk: number


JOBS = (
    Job("poll", poll, lambda desk: min(box.poll_seconds for box in desk.settings.every_mailbox)),
    Job("file", file, lambda desk: min(box.poll_seconds for box in desk.settings.every_mailbox)),
    Job("deliver", deliver, _seconds(10)),
    Job("copy", copy, _seconds(60)),
    Job("chase", chase, _seconds(60)),
    Job("recount", recount, _seconds(60)),
    Job("heartbeat", beat, _seconds(30)),
)


class Timetable:
    """Runs the jobs while this process leads; `wake` runs one at once."""

    def __init__(self, desk: Desk, reader: Reader, leadership: Leadership) -> None:
        self._desk, self._reader, self._leadership = desk, reader, leadership
        self._stopping = Event()
        self._woken: set[str] = set()
        self._idlers: list[Thread] = []
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(JOBS))},
            # APScheduler's own grace is one second, after which a busy machine would skip a job without a word.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin, each job at once."""
        for job in JOBS:
            self._scheduler.add_job(
                partial(self._run, job),
                "interval",
                id=job.name,
                seconds=job.every(self._desk),
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()
        news = partial(self.wake, "poll")
        for box in self._desk.settings.every_mailbox:
            if box.idle:
                self._idlers.append(Thread(target=watch, args=(box, news, self._stopping), name="idle", daemon=True))
                self._idlers[-1].start()

    def wake(self, name: str) -> None:
        """Run a job now instead of at its next time; one that is at work runs once more when it is done."""
        if not self._stopping.is_set():
            self._woken.add(name)
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Let running jobs finish, then let another process lead."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        for idler in self._idlers:
            idler.join(timeout=5)
        self._leadership.resign()

    def _run(self, job: Job) -> None:
        while not self._stopping.is_set() and self._leadership.try_lead():
            self._woken.discard(job.name)
            run_job(self._desk, self._reader, job)
            if job.name == "poll":
                self.wake("deliver")
                self.wake("file")
            if job.name not in self._woken:  # else the scheduler dropped a wake-up that came while we were at work
                return


def run_job(desk: Desk, reader: Reader, job: Job) -> None:
    """Run one job and note how it went; its trouble is logged and shown, and the timetable goes on."""
    started, trouble = desk.now(), ""
    try:
        with reading(desk.engine) as session:
            desk.almanac.refresh(session)
        job.run(desk, reader)
    except DeskError as error:
        trouble = str(error)
        log.warning("%s: %s", job.name, trouble)
    except Exception as error:  # noqa: BLE001 - a job's edge: whatever it is, the next run comes
        # The class only: the text of a stranger's exception may hold a requester's words.
        trouble = f"{type(error).__name__}: see the log and report it"
        log.error("%s failed with %s%s", job.name, type(error).__name__, _where(error))
    try:
        with transaction(desk.engine) as session:
            note_run(session, job.name, started, desk.now(), trouble=trouble)
    except DeskError as error:
        log.warning("%s: %s", job.name, error)


def _where(error: BaseException) -> str:
    """The innermost frames of an error, by file and line, without its text."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return "".join(f"\n    at {frame}" for frame in frames[-6:])

"""The timetable: what the desk does by itself, and the one loop that does it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from mail.apart import Apart
from mail.deliver import deliver_outbox
from mail.filing import file_mailboxes
from mail.idle import watch
from mail.pinned_digest import pin_digests
from mail.poll import poll_mailboxes
from mail.reader import Reader
from mail.sent_check import check_sent
from mail.sent_copy import copy_sent
from mail.sent_watch import watch_sent
from service.casework.announce import announce_deadlines
from service.casework.bulk import go_on
from service.casework.chase import chase_cases
from service.casework.consult import chase_consultations
from service.casework.digest import compose_digest, settle_digest
from service.casework.obey_instruction import give_up, obey
from service.casework.recount import recount_some
from service.casework.sent_answers import accept_silent
from service.casework.tell_moves import tell_moves
from service.casework.undo import UNDO_WITHIN
from service.desk import Desk
from service.documents.guarded import words_of_letter
from service.domain.digest_kind import DigestKind
from service.domain.mornings import begins_the_week, morning
from service.errors import DeskError
from service.hooks.deliver import KEPT, deliver_webhooks
from service.store.bulk_acts import unfinished_bulk_acts
from service.store.database import reading, transaction
from service.store.digests import unsettled
from service.store.instructions import waiting_instructions
from service.store.jobs import job_run, note_run
from service.store.leader import Leadership
from service.store.officers import forget_idle_sign_ins
from service.store.pauses import end_impossible_pauses
from service.store.saved_lists import forget_deleted_lists
from service.store.undoables import forget_undoables
from service.store.webhooks import forget_settled

log = logging.getLogger(__name__)

CLOCK_SECONDS = 15.0  # between two looks at whether the machine's clock was set back
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


def obey_all(desk: Desk, _reader: Reader) -> None:
    """Carry out what officers said by email, each in a transaction of its own."""
    with reading(desk.engine) as session:
        waiting = waiting_instructions(session)
    for instruction_id in waiting:
        try:
            with transaction(desk.engine) as session:
                obey(session, desk, instruction_id, at=desk.now())
        except DeskError:
            raise  # the database or a template of ours: it waits
        except Exception as error:  # noqa: BLE001 - one instruction's edge: it must not hold up the others
            log.error("instruction %d failed with %s%s", instruction_id, type(error).__name__, _where(error))
            with transaction(desk.engine) as session:
                give_up(session, desk, instruction_id, at=desk.now())


def file(desk: Desk, _reader: Reader) -> None:
    """Put mail into the folders it belongs in, and heed what people moved."""
    file_mailboxes(desk)


def deliver(desk: Desk, _reader: Reader) -> None:
    """Send what the outbox holds."""
    deliver_outbox(desk)


def copy(desk: Desk, _reader: Reader) -> None:
    """Put copies of sent letters into the Sent folder."""
    copy_sent(desk)


def sent(desk: Desk, reader: Reader) -> None:
    """File what colleagues sent by hand, check it, and ask whether it was the answer."""
    try:
        watch_sent(desk, reader)
    finally:  # a Sent folder that cannot be read must not keep back what we have
        check_sent(desk, words_of_letter)
        with transaction(desk.engine) as session:
            accept_silent(session, desk, today=desk.today(), at=desk.now())


def chase(desk: Desk, _reader: Reader) -> None:
    """Each working day from 07:30: the chasers of what falls due, and webhooks told of it."""
    today = desk.today()
    if not _is_due(desk, "chase"):
        return
    with transaction(desk.engine) as session:
        # Ticked off in the transaction that writes the letters: after a crash they are written anew, none twice.
        chase_cases(session, desk, today=today, at=desk.now())
        chase_consultations(session, desk, today=today, at=desk.now())
        announce_deadlines(session, desk, today=today, at=desk.now())
        note_run(session, "chase", desk.now(), desk.now(), done_for=today)


def _is_due(desk: Desk, name: str) -> bool:
    """Whether a morning job still has to be done today: decided from the stored date, so a missed hour is caught up."""
    today = morning(desk.now(), MORNING, desk.calendars.of(desk.settings.regime))
    if today is None:
        return False
    with reading(desk.engine) as session:
        run = job_run(session, name)
    return run is None or run.done_for is None or run.done_for < today


def digest(kind: DigestKind, desk: Desk, _reader: Reader) -> None:
    """Each working day from the hour that is set, or each week's first: a digest to everyone who may have it.

    Each reader's is a transaction of its own, apart from the chasers': what fails for one is tried again with the next
    run, and holds up nobody else.
    """
    working_days, wanted = desk.calendars.of(desk.settings.regime), desk.settings.digests
    today = morning(desk.now(), wanted.at, working_days)
    if (
        today is None
        or not wanted.sends(kind)
        or (kind is DigestKind.WEEKLY and not begins_the_week(today, working_days))
    ):
        return
    with reading(desk.engine) as session:
        readers = unsettled(session, kind, today)
    troubles: list[Exception] = []
    for reader in readers:
        try:
            with reading(desk.engine) as session:
                written = compose_digest(session, desk, kind, reader, at=desk.now())
            with transaction(desk.engine) as session:
                settle_digest(session, desk, kind, reader.id, written, day=today, at=desk.now())
        except Exception as error:  # noqa: BLE001 - a reader's edge: the others get theirs, and the job says what it was
            troubles.append(error)
    if troubles:
        raise troubles[0]


def pin(desk: Desk, _reader: Reader) -> None:
    """Each working day from the hour of the digests: the day's work, as a message in the mailbox."""
    today = morning(desk.now(), desk.settings.digests.at, desk.calendars.of(desk.settings.regime))
    if today is not None:
        pin_digests(desk, today)


def tell(desk: Desk, _reader: Reader) -> None:
    """Send what the webhooks are to be told."""
    deliver_webhooks(desk)


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


def finish_bulk(desk: Desk, _reader: Reader) -> None:
    """Finish the acts on many cases, whoever asked for them and whether or not they still look."""
    with reading(desk.engine) as session:
        acts = unfinished_bulk_acts(session)
    apart = Apart()
    for act in acts:
        more = True
        with apart.each():
            while more:  # each batch a transaction of its own, so that officers and mail come between
                with transaction(desk.engine) as session:
                    more = go_on(session, desk, act, at=desk.now())
    apart.tell()


def beat(desk: Desk, _reader: Reader) -> None:
    """Show that the timetable runs, and forget browser sessions that are over, what can no longer be undone, what
    webhooks were told long ago, and pauses that only a wrong clock can have set."""
    with transaction(desk.engine) as session:
        end_impossible_pauses(session, desk.now())
        forget_undoables(session, desk.now() - UNDO_WITHIN)
        forget_deleted_lists(session, desk.now() - UNDO_WITHIN)
        forget_idle_sign_ins(session, desk.now() - timedelta(minutes=desk.settings.web.idle_minutes))
        forget_settled(session, desk.now() - KEPT)


def _seconds(number: float) -> Callable[[Desk], float]:
    return lambda _desk: number


JOBS = (
    Job("poll", poll, lambda desk: min(box.poll_seconds for box in desk.settings.every_mailbox)),
    Job("instructions", obey_all, _seconds(20)),
    Job("file", file, lambda desk: min(box.poll_seconds for box in desk.settings.every_mailbox)),
    Job("deliver", deliver, _seconds(10)),
    Job("copy", copy, _seconds(60)),
    Job("sent", sent, _seconds(60)),
    Job("chase", chase, _seconds(60)),
    Job("digest", partial(digest, DigestKind.SUPERVISORS), _seconds(60)),
    Job("own digest", partial(digest, DigestKind.OWN), _seconds(60)),
    Job("weekly digest", partial(digest, DigestKind.WEEKLY), _seconds(60)),
    Job("digest in the mailbox", pin, _seconds(60)),
    Job("webhooks", tell, _seconds(10)),
    Job("recount", recount, _seconds(60)),
    Job("bulk", finish_bulk, _seconds(10)),
    Job("heartbeat", beat, _seconds(30)),
)


NEXT = {"poll": ("instructions", "file"), "instructions": ("deliver",)}  # what may have work as soon as a job is done


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
        self._idlers.append(Thread(target=self._watch_clock, args=(self._desk.now(),), name="clock", daemon=True))
        self._idlers[-1].start()
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

    def _watch_clock(self, last: datetime) -> None:
        """Run every job at once when the clock was set back, as a machine's is that started with a wrong one: the
        scheduler waits for the moments that it has written down, which may be years ahead."""
        while not self._stopping.wait(CLOCK_SECONDS):
            now = self._desk.now()
            if now < last:
                log.warning("the clock was set back by %s; the timetable begins anew", last - now)
                for job in JOBS:
                    self.wake(job.name)
            last = now

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
            for name in NEXT.get(job.name, ()):
                self.wake(name)
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

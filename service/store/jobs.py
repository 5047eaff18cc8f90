"""When each job of the timetable last ran."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, select

from service.store.tables import JobRun


def job_run(session: Session, name: str) -> JobRun | None:
    """What is known of a job's last run."""
    return session.get(JobRun, name)


def job_runs(session: Session) -> Sequence[JobRun]:
    """Every job that has ever run."""
    return session.exec(select(JobRun)).all()


def note_run(
    session: Session,
    name: str,
    started_at: datetime,
    finished_at: datetime,
    *,
    trouble: str = "",
    done_for: date | None = None,
) -> None:
    """A job ran, well when `trouble` is empty; a daily job also says for which day it is done."""
    row = session.get(JobRun, name) or JobRun(name=name, started_at=started_at)
    row.started_at, row.finished_at, row.trouble = started_at, finished_at, trouble
    row.done_for = done_for or row.done_for
    session.add(row)
    session.flush()

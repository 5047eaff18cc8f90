"""What supervisors read each morning: what is late, due and stuck, who has too much, and how the quarter stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.desk_links import case_link, list_link, page_link
from service.casework.digest_sections import (
    MOST,
    Line,
    Section,
    counts,
    line_of,
    moment,
    section_of_list,
    short,
    since_last,
)
from service.casework.overview import Load, course, overview, sharers
from service.casework.standing_of import not_soon
from service.desk import LONDON, Desk
from service.domain.digest_kind import DigestKind
from service.domain.forecast import THRESHOLD
from service.domain.load import overloaded
from service.domain.quarter import Quarter
from service.domain.stage import Stage
from service.health import desk_troubles, read_folders
from service.letters import capitalised, in_words
from service.store.cases import cases_by_id
from service.store.correspondence import posts_by_id
from service.store.digests import late_consultations
from service.store.jobs import job_runs
from service.store.mailboxes import mailboxes
from service.store.page_counts import page_counts
from service.store.placements import moves_since
from service.store.worklist import Days, Narrowing, Selection, View

MOST_LOADS, FEW = 10, 5
NOBODY = 0  # the digest is seen by no officer in particular
GONE = "Has left: give these cases to others."
OVERLOADED = "Far more than the others have."


@dataclass(frozen=True, slots=True)
class Share:
    """What one officer has open, and what is to be said of it."""

    name: str
    due_days: int
    cases: int
    overdue: int
    note: str
    link: str


def supervisors_words(session: Session, desk: Desk, reader_id: int, *, at: datetime) -> dict[str, object]:
    """The words of a reader's digest as the desk stands at an instant."""
    today = at.astimezone(LONDON).date()
    selection = Selection(View.OPEN, today, not_soon(desk, today), NOBODY)
    since = since_last(session, desk, reader_id, DigestKind.SUPERVISORS, today)
    found, quarter = overview(session, desk, selection), course(session, desk, selection, Quarter.of(today))
    sections = [*_sections(session, desk, today, found.waits_since), _moves(session, desk, since)]
    counted = page_counts(session)
    return {
        "today": today,
        "due_soon": desk.settings.team.due_soon,
        "opened": found.opened.every,
        "sections": [section for section in sections if section.total],
        "counts": counts(sections),
        "to_sort": counted.to_sort,
        "forwards": counted.forwards,
        "by_hand": counted.asked,
        "unsure": counted.unsure,
        "letters": counted.letters,
        "troubles": [*_troubles(session, desk, at)],
        "last_reads": [*_last_reads(session, desk)],
        "quarter": quarter.quarter,
        "decided": quarter.decided,
        "forecast": quarter.forecast,
        "threshold": THRESHOLD,
        "loads": [*_loads(session, desk, found.loads)],
        "link": desk.settings.web.url.rstrip("/"),
    }


def _moves(session: Session, desk: Desk, since: datetime) -> Section:
    """What people did since the last digest by moving mail, for somebody to see that it was meant."""
    moves = [move for move in reversed(moves_since(session, since)) if move.words and not move.undone]
    shown = moves[-MOST:]
    cases = cases_by_id(session, [move.case_id for move in shown if move.case_id is not None])
    posts = posts_by_id(session, {move.post_id for move in shown})
    lines = [
        Line(
            cases[move.case_id].reference if move.case_id in cases else "No case",
            posts[move.post_id].subject or "(no subject)",
            f"Moved from {move.came_from or 'elsewhere'} to {move.folder or 'a folder that is not watched'}",
            case_link(desk, cases[move.case_id].reference) if move.case_id in cases else page_link(desk, "mailboxes"),
            note=capitalised(("" if move.done else "put back: ") + move.words).rstrip("."),
        )
        for move in shown
    ]
    heading = "Done by moving mail in the shared mailbox: is it right?"
    return Section("moved", heading, lines, len(moves), page_link(desk, "mailboxes"))


def _sections(session: Session, desk: Desk, today: date, waits_since: date) -> Iterator[Section]:
    tomorrow, soon = today + timedelta(days=1), desk.settings.team.due_soon
    on_today, later = Narrowing(due=Days(today, today)), Narrowing(due=Days(tomorrow, None))
    waiting = Narrowing(received=Days(None, waits_since))
    yield section_of_list(session, desk, today, "overdue", "Overdue", View.OVERDUE)
    yield section_of_list(session, desk, today, "today", "Due today", View.OPEN, on_today)
    yield section_of_list(session, desk, today, "soon", f"Due within {soon} working days", View.DUE_SOON, later)
    yield section_of_list(
        session,
        desk,
        today,
        "unassigned",
        "Without an owner for more than a working day",
        View.UNASSIGNED,
        waiting,
    )
    yield section_of_list(
        session,
        desk,
        today,
        "stopped",
        "Clock stopped, the longest first",
        View.STOPPED,
        sort="stopped",
        most=FEW,
    )
    doubted, ready = Narrowing(stage=Stage.NOT_FOI), Narrowing(stage=Stage.READY)
    heading = "Thought to be no request: confirm it, or say why it is one"
    yield section_of_list(session, desk, today, "no-request", heading, View.OPEN, doubted)
    yield section_of_list(session, desk, today, "ready", "Ready, and not sent", View.OPEN, ready, most=FEW)
    yield _asked(session, desk, today)


def _asked(session: Session, desk: Desk, today: date) -> Section:
    rows, total = late_consultations(session, today, FEW)
    lines = [
        line_of(desk, case, today, note=f"{short(asked.name, 60)} was to answer by {in_words(asked.due_on)}")
        for asked, case in rows
    ]
    return Section("asked", "Asked for information, and late", lines, total, page_link(desk, "consultations"))


def _troubles(session: Session, desk: Desk, at: datetime) -> Iterator[str]:
    """What every page warns of, but for letters, which have a part of their own, and what a job stumbles over."""
    yield from desk_troubles(session, desk, read_folders(session, desk), at)
    for run in job_runs(session):
        if run.trouble:
            yield f"The desk's job “{run.name}” does not succeed: {run.trouble}"


def _last_reads(session: Session, desk: Desk) -> Iterator[str]:
    for box in mailboxes(session, desk.settings.places):
        if box.read_at is not None:
            yield f"{box.account}: mail was last read at {moment(box.read_at)}"
        else:
            yield f"{box.account}: no mail has been read yet"


def _loads(session: Session, desk: Desk, loads: Sequence[Load]) -> Iterator[Share]:
    """The heaviest first; marked is who has left, or has far more than those who share the work."""
    working = sharers(session, loads)
    heavy = overloaded(working)
    for load in [load for load in loads if load.owner_id is not None][:MOST_LOADS]:
        note = "" if load.owner_id in working else GONE
        yield Share(
            name=short(load.name, 60),
            due_days=load.due_days,
            cases=load.cases,
            overdue=load.overdue,
            note=OVERLOADED if load.owner_id in heavy else note,
            link=list_link(desk, View.OPEN, Narrowing(owner_id=load.owner_id)),
        )

"""What an officer reads each morning: their day's work by deadline, and nothing when there is nothing to do."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session

from service.casework.desk_links import list_link, page_link
from service.casework.digest_sections import Section, counts, line_of, moment, section_of_list, short, since_last
from service.desk import LONDON, Desk
from service.domain.digest_kind import DigestKind
from service.domain.stage import Stage
from service.letters import in_words
from service.store.digests import answers_come, given_to, mail_come, returned_to
from service.store.sent import asked_answers
from service.store.tables import Officer
from service.store.worklist import ALL, Days, Narrowing, View

MOST, FEW = 15, 5
LONGEST_REASON = 150  # characters
WAITING = "waiting"  # the one section that by itself calls for nothing


def own_words(session: Session, desk: Desk, reader: Officer, *, at: datetime) -> dict[str, object] | None:
    """The words of an officer's own list at an instant; None when nothing in it is theirs to do."""
    today = at.astimezone(LONDON).date()
    sections = [section for section in _sections(session, desk, reader.id, today) if section.total]
    if all(section.name == WAITING for section in sections):
        return None
    return {
        "today": today,
        "name": reader.name,
        "due_soon": desk.settings.team.due_soon,
        "sections": sections,
        "counts": {"overdue": 0, "today": 0, "soon": 0, "to-clear": 0} | counts(sections),
        "link": desk.settings.web.url.rstrip("/"),
    }


def _sections(session: Session, desk: Desk, me: int, today: date) -> Iterator[Section]:
    tomorrow, soon = today + timedelta(days=1), desk.settings.team.due_soon
    yield _sent_by_hand(session, desk, me, today)
    mine, on_today = Narrowing(owner_id=me), Narrowing(owner_id=me, due=Days(today, today))
    later = Narrowing(owner_id=me, due=Days(tomorrow, None))
    for name, heading, view, wanted, most in (
        ("overdue", "Overdue", View.OVERDUE, mine, MOST),
        ("today", "Due today", View.OPEN, on_today, MOST),
        ("soon", f"Due within {soon} working days", View.DUE_SOON, later, MOST),
        ("to-clear", "Waiting for you to clear", View.TO_CLEAR, ALL, MOST),
        ("ready", "Ready: send the response", View.OPEN, Narrowing(owner_id=me, stage=Stage.READY), MOST),
    ):
        yield section_of_list(session, desk, today, name, heading, view, wanted, officer_id=me, most=most)
    yield _returned(session, desk, me, today)
    yield _answers(session, desk, me, today)
    yield _mail(session, desk, me, today)
    yield _given(session, desk, me, today)
    heading = "Waiting for the requester, the longest first"
    yield section_of_list(
        session, desk, today, WAITING, heading, View.STOPPED, mine, officer_id=me, sort="stopped", most=FEW
    )


def _sent_by_hand(session: Session, desk: Desk, me: int, today: date) -> Section:
    """What may have answered a request already: nothing below is certain before that is said."""
    rows = asked_answers(session, owner_id=me)
    lines = [
        line_of(desk, case, today, note=f"Sent at {moment(answer.sent_at)}; the clock runs until you say")
        for answer, _, case in rows[:MOST]
    ]
    return Section("by-hand", "Sent by hand: was that the answer?", lines, len(rows), page_link(desk, "answered"))


def _returned(session: Session, desk: Desk, me: int, today: date) -> Section:
    rows, total = returned_to(session, me, MOST)
    lines = [
        line_of(desk, case, today, note=f"What is to be changed: {short(reason, LONGEST_REASON).rstrip('.')}")
        for case, reason in rows
    ]
    return Section("returned", "Returned by an approver", lines, total, _mine(desk, me))


def _answers(session: Session, desk: Desk, me: int, today: date) -> Section:
    rows, total = answers_come(session, me, MOST)
    lines = [
        line_of(desk, case, today, note=f"{short(asked.name, 60)} answered on {in_words(asked.answered_at)}")
        for asked, case in rows
        if asked.answered_at is not None
    ]
    return Section("answers", "Answers from those you asked", lines, total, page_link(desk, "consultations"))


def _mail(session: Session, desk: Desk, me: int, today: date) -> Section:
    rows, total = mail_come(session, me, since_last(session, desk, me, DigestKind.OWN, today), MOST)
    lines = [line_of(desk, case, today, note=f"It came at {moment(at)}") for case, at in rows]
    return Section("mail", "Mail on your cases since the last list", lines, total, _mine(desk, me))


def _given(session: Session, desk: Desk, me: int, today: date) -> Section:
    rows, total = given_to(session, me, MOST)
    lines = [line_of(desk, case, today) for case in rows]
    return Section("given", "Given to you, and not yet accepted", lines, total, _mine(desk, me))


def _mine(desk: Desk, me: int) -> str:
    return list_link(desk, View.OPEN, Narrowing(owner_id=me))

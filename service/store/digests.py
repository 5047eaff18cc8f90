"""Who wants which digest and has had it, and what stands in them beyond the lists of the pages."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, select

from service.domain.digest_kind import DigestKind
from service.domain.stage import Stage
from service.store.cases import cases_by_id, is_open
from service.store.drafts import RETURNED
from service.store.officers import Role, officers
from service.store.tables import Approval, Case, Consultation, DigestReader, Draft, InstructionRow, Message, Officer

# One statement that locks the reader's row: of two processes, or of two tries, one alone gets the day.
CLAIM = text("""
    INSERT INTO digest_reader (officer_id, kind, wanted, done_for) VALUES (:officer, :kind, :wanted, :day)
    ON CONFLICT (officer_id, kind) DO UPDATE SET done_for = excluded.done_for
    WHERE digest_reader.done_for IS NULL OR digest_reader.done_for < excluded.done_for
    RETURNING wanted""").bindparams(bindparam("day", type_=Date), wanted=True)


def entitled(officer: Officer, kind: DigestKind) -> bool:
    """Whether somebody may have a digest: they still work here, and oversee where it is for those who do."""
    return officer.active and (not kind.for_supervisors or Role(officer.role).covers(Role.SUPERVISOR))


def readers(session: Session, kind: DigestKind) -> list[Officer]:
    """Everyone who may have a digest, by name."""
    return [officer for officer in officers(session) if entitled(officer, kind)]


def claim_digest(session: Session, officer_id: int, kind: DigestKind, day: date) -> bool:
    """Take an officer's digest of a day upon this transaction; whether it is to be written.

    False when they do not want it, or when it is settled already: nobody else gets the day once one has it.
    """
    row = session.connection().execute(CLAIM, {"officer": officer_id, "kind": kind.value, "day": day}).first()
    return row is not None and bool(row[0])


def unsettled(session: Session, kind: DigestKind, day: date) -> list[Officer]:
    """Of those who may have a digest, for whom that of a day is still to be settled."""
    settled = select(DigestReader.officer_id).where(
        col(DigestReader.kind) == kind.value, col(DigestReader.done_for) >= day
    )
    done = set(session.exec(settled))
    return [officer for officer in readers(session, kind) if officer.id not in done]


def last_settled(session: Session, officer_id: int, kind: DigestKind, *, before: date) -> date | None:
    """The last day whose digest an officer has had or did not want; None when there is none before this day."""
    row = session.get(DigestReader, (officer_id, kind.value))
    return row.done_for if row is not None and row.done_for is not None and row.done_for < before else None


def unwanted(session: Session, officer_id: int) -> set[DigestKind]:
    """The digests that an officer has switched off."""
    query = select(DigestReader.kind).where(col(DigestReader.officer_id) == officer_id, ~col(DigestReader.wanted))
    return {DigestKind(kind) for kind in session.exec(query)}


def want_digest(session: Session, officer_id: int, kind: DigestKind, wanted: bool) -> None:
    """Switch a digest on or off for one officer."""
    row = session.get(DigestReader, (officer_id, kind.value), with_for_update=True)
    row = row or DigestReader(officer_id=officer_id, kind=kind.value)
    row.wanted = wanted
    session.add(row)
    session.flush()


def returned_to(session: Session, officer_id: int, limit: int) -> tuple[Sequence[tuple[Case, str]], int]:
    """An officer's cases whose newest version an approver has returned, with the reason, and how many there are."""
    newest = select(func.max(Draft.version)).where(col(Draft.case_id) == Case.id).correlate(Case).scalar_subquery()
    query = (
        select(Case, Approval.reason)
        .join(Draft, and_(col(Draft.case_id) == col(Case.id), col(Draft.version) == newest))
        .join(Approval, and_(col(Approval.draft_id) == col(Draft.id), col(Approval.verdict) == RETURNED))
        .where(col(Case.owner_id) == officer_id, col(Case.stage) == Stage.DRAFTING.value)
    )
    # A version may have been returned twice, by hand of one approver after another; the case is told once.
    found = {
        case.id: (case, reason) for case, reason in session.exec(query.order_by(col(Case.due_on), col(Approval.rank)))
    }
    return [*found.values()][:limit], len(found)


def given_to(session: Session, officer_id: int, limit: int) -> tuple[Sequence[Case], int]:
    """The cases that an officer was given and has not accepted, the most urgent first, and how many there are."""
    wanted = (col(Case.owner_id) == officer_id, col(Case.stage) == Stage.ALLOCATED.value)
    query = select(Case).where(*wanted).order_by(col(Case.due_on).asc().nulls_last(), col(Case.id))
    total = session.exec(select(func.count()).select_from(Case).where(*wanted)).one()
    return session.exec(query.limit(limit)).all(), total


def answers_come(session: Session, officer_id: int, limit: int) -> tuple[Sequence[tuple[Consultation, Case]], int]:
    """The answers to an officer's questions that nobody has looked at, the oldest first, and how many there are."""
    mine = (is_open(), col(Case.owner_id) == officer_id, col(Consultation.answered_at).is_not(None))
    return _consultations(session, limit, "answered_at", *mine)


def mail_come(
    session: Session, officer_id: int, since: datetime, limit: int
) -> tuple[Sequence[tuple[Case, datetime]], int]:
    """The open cases of an officer on which people wrote since an instant, each with when the last mail came, and how
    many there are. Not the requests themselves, nor answers of those who were asked, which have a list of their own,
    nor what officers told the desk.
    """
    first = aliased(Message)
    request = select(func.min(first.id)).where(first.case_id == col(Case.id)).scalar_subquery()
    heard = select(Consultation.id).where(col(Consultation.answer_id) == col(Message.id)).exists()
    told = select(InstructionRow.id).where(col(InstructionRow.post_id) == col(Message.post_id)).exists()
    came = (col(Message.direction) == "in", col(Message.automatic) == "", col(Message.at) >= since)
    query = (
        select(Case.id, func.max(Message.at))
        .join(Message, and_(col(Message.case_id) == col(Case.id), col(Message.id) > request, ~heard, ~told, *came))
        .where(is_open(), col(Case.owner_id) == officer_id)
        .group_by(col(Case.id))
        .order_by(func.max(Message.at), col(Case.id))
    )
    found = session.exec(query).all()
    cases = cases_by_id(session, [key for key, _ in found[:limit]])
    return [(cases[key], at) for key, at in found[:limit]], len(found)


def late_consultations(session: Session, today: date, limit: int) -> tuple[Sequence[tuple[Consultation, Case]], int]:
    """Who was asked for what they hold and is late, the latest first, and how many there are."""
    late = (is_open(), col(Consultation.answered_at).is_(None), col(Consultation.due_on) < today)
    return _consultations(session, limit, "due_on", *late)


def _consultations(
    session: Session, limit: int, by: str, *wanted: ColumnElement[bool]
) -> tuple[Sequence[tuple[Consultation, Case]], int]:
    joined = and_(col(Case.id) == col(Consultation.case_id), col(Consultation.closed_at).is_(None), *wanted)
    total = session.exec(select(func.count()).select_from(Consultation).join(Case, joined)).one()
    query = select(Consultation, Case).join(Case, joined)
    rows = session.exec(query.order_by(getattr(Consultation, by), col(Consultation.id)).limit(limit))
    return [(asked, case) for asked, case in rows], total


def stopped_since(session: Session, day: date, limit: int) -> tuple[Sequence[Case], int]:
    """Open cases whose clock has stood since a day or longer, the longest first, and how many there are."""
    wanted = (is_open(), col(Case.stopped_on) <= day)
    total = session.exec(select(func.count()).select_from(Case).where(*wanted)).one()
    query = select(Case).where(*wanted).order_by(col(Case.stopped_on), col(Case.id))
    return session.exec(query.limit(limit)).all(), total

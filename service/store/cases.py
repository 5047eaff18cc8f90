"""Cases and their events: the only place that writes either."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, bindparam, insert, literal_column
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select
from sqlmodel.sql.sqltypes import UTCDateTime

from service.domain.history import CaseEvent
from service.domain.kind import Kind
from service.domain.reference import Reference
from service.domain.stage import Stage
from service.errors import DeskError
from service.store.database import writes
from service.store.group import ask, insert_soon, learn, learnt
from service.store.rows import add_row, add_values, table_of
from service.store.tables import Case, Event

# The next number of the case's own sequence is taken by the statement that uses it.
APPEND = insert(Event).from_select(
    ["case_id", "seq", "kind", "at", "recorded_at", "actor", "data"],
    sa_select(
        bindparam("case", type_=Event.__table__.c.case_id.type),  # type: ignore[attr-defined]
        func.coalesce(func.max(col(Event.seq)), 0) + 1,
        bindparam("kind", type_=String),
        bindparam("happened", type_=UTCDateTime),
        bindparam("recorded", type_=UTCDateTime),
        bindparam("actor", type_=String),
        bindparam("particulars", type_=String),
    ).where(col(Event.case_id) == bindparam("case")),
)
HISTORIES = (
    sa_select(*(getattr(Event, name) for name in ("case_id", "seq", "kind", "at", "actor", "data")))
    .where(col(Event.case_id).in_(bindparam("cases", expanding=True)))
    .order_by(col(Event.case_id), col(Event.seq))
)


# Not a parameter: the index of open cases is of these very words.
_CLOSED: ColumnElement[str] = literal_column(f"'{Stage.CLOSED.value}'")


def is_open() -> ColumnElement[bool]:
    """Whether a case is not closed."""
    return col(Case.stage) != _CLOSED


class NoSuchCase(DeskError):
    """There is no case {reference}."""


def case_by_reference(session: Session, reference: str) -> Case:
    """The case of a canonical reference; raises NoSuchCase. In a transaction one has it to oneself until that ends."""
    case = _had(session, col(Case.reference) == reference)
    if case is None:
        raise NoSuchCase(reference=reference)
    return case


def have_case(session: Session, case_id: int) -> Case:
    """Have the case of a key to oneself until the transaction ends, as it is now; raises NoSuchCase."""
    case = _had(session, col(Case.id) == case_id)
    if case is None:
        raise NoSuchCase(reference=case_id)
    return case


def _had(session: Session, which: ColumnElement[bool]) -> Case | None:
    """A case to act on. Two people, or one who clicks twice, may act at once: what is allowed because the case was not
    answered, say, must not be done by both."""
    query = select(Case).where(which)
    if writes(session):
        # Not FOR UPDATE: whoever adds a row that belongs to the case would wait, two such for each other.
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.exec(query).first()


def cases_by_reference(session: Session, references: Sequence[str]) -> Sequence[Case]:
    """The cases of several canonical references, in no order."""
    return session.exec(select(Case).where(col(Case.reference).in_(references))).all()


def case_by_id(session: Session, case_id: int) -> Case:
    """The case of a key; raises NoSuchCase."""
    case = session.get(Case, case_id)
    if case is None:
        raise NoSuchCase(reference=case_id)
    return case


def opened_at(session: Session, case_id: int) -> datetime:
    """When its first event was recorded, which nothing changes."""
    query = select(Event.recorded_at).where(col(Event.case_id) == case_id)
    return session.exec(query.order_by(col(Event.seq)).limit(1)).one()


def cases_by_id(session: Session, case_ids: Collection[int]) -> dict[int, Case]:
    """Several cases by their keys."""
    return {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(list(case_ids))))}


def cases_following(session: Session, case_id: int) -> Sequence[Case]:
    """The internal reviews of a case's answer, and the requests made anew on it, oldest first."""
    return session.exec(select(Case).where(col(Case.original_id) == case_id).order_by(col(Case.id))).all()


def closings(session: Session, case_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of some cases was last closed, those that never were left out."""
    query = select(Event.case_id, func.max(col(Event.at))).where(
        col(Event.case_id).in_(case_ids), col(Event.kind) == Kind.CLOSED.value
    )
    return dict(session.exec(query.group_by(col(Event.case_id))).all())


def cases_named(session: Session, found: Sequence[Reference]) -> list[Case]:
    """The cases that loosely written references may mean, in the order found."""
    cases = [case for reference in found for case in _by_number(session, reference)]
    return list({case.id: case for case in cases}.values())


def _by_number(session: Session, reference: Reference) -> Sequence[Case]:
    same_number = select(Case).where(col(Case.number) == reference.number, col(Case.kind) == reference.kind)
    return [case for case in session.exec(same_number) if case.year % 100 == reference.year % 100]


def add_case(session: Session, case: Case) -> Case:
    """Add a case and give it its key."""
    add_row(session, case)
    learn(session, (Event, case.id), 0)
    return case


def append_event(session: Session, case_id: int, event: CaseEvent, recorded_at: datetime) -> None:
    """Add one event at the end of a case's history."""
    last: int | None = learnt(session, (Event, case_id))
    if last is None:
        insert_soon(session, table_of(Event), APPEND, _particulars(case_id, event, recorded_at))
    else:  # a case that the group has opened: nobody else can add to its events
        seq = learn(session, (Event, case_id), last + 1)
        told = {"kind": event.kind.value, "at": event.at, "actor": event.actor, "data": _data(event)}
        add_values(session, Event, case_id=case_id, seq=seq, recorded_at=recorded_at, **told)


def _particulars(case_id: int, event: CaseEvent, recorded_at: datetime) -> dict[str, object]:
    return {
        "case": case_id,
        "kind": event.kind.value,
        "happened": event.at,
        "recorded": recorded_at,
        "actor": event.actor,
        "particulars": _data(event),
    }


def _data(event: CaseEvent) -> str:
    return json.dumps(dict(event.data), ensure_ascii=False)


def append_events(session: Session, told: Sequence[tuple[int, CaseEvent]], recorded_at: datetime) -> None:
    """Add one event each to many cases, given by key."""
    if told:
        rows = [_particulars(case_id, event, recorded_at) for case_id, event in told]
        ask(session, APPEND, rows)


def history(session: Session, case_id: int) -> list[CaseEvent]:
    """A case's events in the order they were recorded."""
    return histories(session, [case_id]).get(case_id, [])


def histories(session: Session, case_ids: Sequence[int], until: datetime | None = None) -> dict[int, list[CaseEvent]]:
    """The events of many cases by case, each in the order they were recorded; those before `until` when it is given."""
    found: dict[int, list[CaseEvent]] = {}
    wanted = HISTORIES if until is None else HISTORIES.where(col(Event.recorded_at) < until)
    # All at once: fetched one by one, the hundreds of a long case take twice as long.
    for case_id, seq, kind, at, actor, data in ask(session, wanted, {"cases": list(case_ids)}).all():
        event = CaseEvent(Kind(kind), at, actor, json.loads(data or "{}"), seq)
        found.setdefault(case_id, []).append(event)
    return found


def newest_seqs(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """The number of the last event of each case, by key."""
    query = select(Event.case_id, func.max(Event.seq)).where(col(Event.case_id).in_(case_ids))
    return dict(session.exec(query.group_by(col(Event.case_id))).all())


def newest_seq(session: Session, reference: str) -> int:
    """The number of the last event of a case; 0 when there is no such case."""
    query = select(func.max(Event.seq)).join(Case, col(Case.id) == col(Event.case_id))
    return session.exec(query.where(col(Case.reference) == reference)).one() or 0


def events_after(session: Session, reference: str, seq: int) -> list[tuple[CaseEvent, datetime]]:
    """A case's events behind the one numbered `seq`, each with when it was recorded, oldest first."""
    query = select(Event).join(Case, col(Case.id) == col(Event.case_id))
    rows = session.exec(
        query.where(col(Case.reference) == reference, col(Event.seq) > seq).order_by(col(Event.seq))
    ).all()
    return [
        (CaseEvent(Kind(row.kind), row.at, row.actor, json.loads(row.data or "{}"), row.seq), row.recorded_at)
        for row in rows
    ]

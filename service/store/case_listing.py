"""Cases in an order that does not move, a page after another, for programs that read them all."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import Select

from service.store.cases import is_open
from service.store.tables import Case, Officer
from service.store.worklist import Selection, narrowed, wanted_cases

Row = tuple[Case, str | None]


def cases_after(session: Session, selection: Selection, after: int, limit: int) -> Sequence[Row]:
    """Of a selection the cases whose key is past `after`, in the order they were opened, with their owners' names."""
    query = _with_owner().where(*wanted_cases(session, selection), col(Case.id) > after)
    return _rows(session, query.order_by(col(Case.id)).limit(limit))


def deadlines_after(
    session: Session, selection: Selection, after: tuple[date, int] | None, limit: int
) -> Sequence[Row]:
    """Of the open cases that a selection narrows those with a deadline past a day and a key, the most urgent first."""
    wanted = [is_open(), col(Case.due_on).is_not(None), *narrowed(selection.wanted, selection.today)]
    if after is not None:
        day, key = after
        wanted.append(or_(col(Case.due_on) > day, and_(col(Case.due_on) == day, col(Case.id) > key)))
    return _rows(session, _with_owner().where(*wanted).order_by(col(Case.due_on), col(Case.id)).limit(limit))


def owner_name(session: Session, case: Case) -> str | None:
    """Who has a case."""
    owner = session.get(Officer, case.owner_id) if case.owner_id else None
    return owner.name if owner else None


def _with_owner() -> Select[Case, str]:
    return select(Case, Officer.name).join(Officer, col(Officer.id) == col(Case.owner_id), isouter=True)


def _rows(session: Session, query: Select[Case, str]) -> list[Row]:
    return [(case, name) for case, name in session.exec(query).all()]

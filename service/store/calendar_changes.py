"""What has been changed in the calendar since it was shipped."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.working_days import Division
from service.store.tables import CalendarChangeRow

LONDON = ZoneInfo("Europe/London")
COUNT = select(func.count()).select_from(CalendarChangeRow)


def count_changes(session: Session) -> int:
    """How many there are: rows are only ever added, so the number tells whether there is something new."""
    return session.exec(COUNT).one()


def change_log(session: Session) -> Sequence[CalendarChangeRow]:
    """Every change with who made it and when, oldest first."""
    return session.exec(select(CalendarChangeRow).order_by(col(CalendarChangeRow.id))).all()


def changes(session: Session) -> list[CalendarChange]:
    """Every change, oldest first, as the calendars understand it."""
    return [_change(row) for row in change_log(session)]


def add_changes(session: Session, made: Iterable[CalendarChange], *, at: datetime, by: str) -> None:
    """Add changes at the end of the log."""
    for change in made:
        session.add(
            CalendarChangeRow(
                kind=change.kind.value,
                day=change.on,
                division=change.division.value if change.division else "",
                title=change.title,
                source=change.source,
                proclaimed_on=change.proclaimed_on,
                made_at=at,
                made_by=by,
            )
        )
        session.flush()  # one by one: their keys are their order


def _change(row: CalendarChangeRow) -> CalendarChange:
    return CalendarChange(
        ChangeKind(row.kind),
        row.day,
        row.made_at.astimezone(LONDON).date(),
        Division(row.division) if row.division else None,
        row.title,
        row.source,
        row.proclaimed_on,
    )

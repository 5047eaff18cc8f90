"""What has been changed in the calendar since it was shipped."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.working_days import Division
from service.store.group import once
from service.store.tables import CalendarChangeRow

LONDON = ZoneInfo("Europe/London")
NEWEST = select(CalendarChangeRow).order_by(col(CalendarChangeRow.id).desc()).limit(1)


def newest_change(session: Session) -> object:
    """What tells the newest change from any other, None where there is none: while it is the same, the whole log is.

    Not its number alone: SQLite gives that of a change that was rolled back to the next one.
    """
    return once(session, "calendar", lambda: session.connection().execute(NEWEST).first())


def hold_changes(session: Session) -> None:
    """Let nobody else change the calendar until the transaction ends; readers go on.

    A version names the changes it was made with by how many there are, so they must become visible in their order.
    """
    if session.connection().dialect.name == "postgresql":  # SQLite has one writer anyway
        session.connection().execute(text("LOCK TABLE calendar_change IN SHARE ROW EXCLUSIVE MODE"))


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

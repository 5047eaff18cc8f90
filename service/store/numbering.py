"""Case numbers, in the case's own transaction: a rollback gives them back."""

from sqlalchemy import text
from sqlmodel import Session

from service.store.group import change_last, group_of

TAKE_NEXT = text("""
    INSERT INTO numbering (series, last) VALUES (:series, :start)
    ON CONFLICT (series) DO UPDATE SET last = numbering.last + 1 RETURNING last""")
NOTE_LAST = text("UPDATE numbering SET last = :last WHERE series = :series")


def take_number(session: Session, series: str, start: int = 1) -> int:
    """The next number of a series, `start` for its first: one atomic statement, or for a group one at its beginning.

    That statement locks the series until the transaction ends, so that a group may count on by itself.
    """
    group, taken = group_of(session), ("number", series)
    if group is None or taken not in group.known:
        taking = session.connection().execute(TAKE_NEXT, {"series": series, "start": start})
        last = int(taking.scalar_one())
    else:
        last = group.known[taken] + 1
        change_last(group, NOTE_LAST, series, {"series": series, "last": last})
    if group is not None:
        group.known[taken] = last
    return last

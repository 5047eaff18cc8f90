"""Case numbers, one atomic statement each, in the case's own transaction: a rollback gives the number back."""

from sqlalchemy import text
from sqlmodel import Session

TAKE_NEXT = text("""
    INSERT INTO numbering (series, last) VALUES (:series, :start)
    ON CONFLICT (series) DO UPDATE SET last = numbering.last + 1 RETURNING last""")


def take_number(session: Session, series: str, start: int = 1) -> int:
    """The next number of a series, `start` for its first."""
    return int(session.execute(TAKE_NEXT, {"series": series, "start": start}).scalar_one())

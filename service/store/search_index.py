"""Whether all that can be searched is in the index, and making the index anew."""

from collections.abc import Iterator

from sqlalchemy import Engine, text
from sqlmodel import Session

from service.store.database import transaction

BATCH = 200  # cases in one transaction: the desk can work on meanwhile
MISSING = text("""
    SELECT count(*) FROM search_source s
    LEFT JOIN search_entry e ON e.source = s.source AND e.source_id = s.source_id AND e.case_id = s.case_id
    WHERE e.id IS NULL""")
ENTRIES = text("SELECT count(*) FROM search_entry")
LAST = text("SELECT coalesce(max(id), 0) FROM foi_case")
# An entry of a case that is gone has nothing to be made from any more.
FORGET = text("DELETE FROM search_entry WHERE case_id BETWEEN :first AND :last")
FORGET_ON_SQLITE = text("DELETE FROM search_entry WHERE id BETWEEN :first << 20 AND ((:last + 1) << 20) - 1")
FILL = text("""
    INSERT INTO search_entry (case_id, source, source_id, head, words)
    SELECT case_id, source, source_id, head, words FROM search_source WHERE case_id BETWEEN :first AND :last""")
FILL_ON_SQLITE = text("""
    INSERT INTO search_entry
    SELECT (case_id << 20) + row_number() OVER (PARTITION BY case_id ORDER BY source <> 'case', source_id) - 1,
        case_id, source, source_id, head, words
    FROM search_source WHERE case_id BETWEEN :first AND :last""")
REBUILD_ON_SQLITE = text("INSERT INTO search_index (search_index) VALUES ('rebuild')")
REBUILD = text("REINDEX TABLE search_entry")


def count_entries(session: Session) -> tuple[int, int]:
    """How many papers are in the index, and how many are missing from it."""
    entries, missing = (session.execute(question).scalar_one() for question in (ENTRIES, MISSING))
    return entries, missing


def reindex(engine: Engine) -> Iterator[int]:
    """Make the index anew, a batch of cases a transaction; gives the cases done and at the end makes its words anew."""
    sqlite = engine.dialect.name == "sqlite"
    forget, fill = (FORGET_ON_SQLITE, FILL_ON_SQLITE) if sqlite else (FORGET, FILL)
    with transaction(engine) as session:
        last = session.execute(LAST).scalar_one()
    for first in range(1, last + 1, BATCH):
        batch = {"first": first, "last": min(first + BATCH - 1, last)}
        with transaction(engine) as session:
            session.execute(forget, batch)
            session.execute(fill, batch)
        yield batch["last"] - first + 1
    with transaction(engine) as session:
        session.execute(REBUILD_ON_SQLITE if sqlite else REBUILD)

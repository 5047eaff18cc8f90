"""Late answers, an owner's cases and the lists by subject and by requester are read from indexes alone; and PostgreSQL
is told what it takes to look into a paper."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
# The vectors of real mails lie out of line. Of the match itself PostgreSQL thinks that it takes as little as to compare
# two numbers: to find a rare word it would go through all papers in their order rather than ask the index of words.
# And where a look is dear it would set several processes to work, which takes longer to begin than the answer.
DEAR = """
    CREATE FUNCTION search_vector(tsvector) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED
    COST 200 AS 'BEGIN RETURN $1; END'"""
LATE = sa.text("answered_on > due_on")
SORTED = {"ix_foi_case_requester": "requester_name", "ix_foi_case_subject": "subject"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(DEAR)
        _index_words("search_vector(vector)")
        op.execute("ANALYZE search_entry")
    op.create_index("ix_foi_case_late", "foi_case", ["due_on", "id"], sqlite_where=LATE, postgresql_where=LATE)
    _index(of_owner=["owner_id", "stage", "due_on", "id"], with_words=True)


def downgrade() -> None:
    op.drop_index("ix_foi_case_late", "foi_case")
    _index(of_owner=["owner_id", "stage", "due_on"], with_words=False)
    if op.get_bind().dialect.name == "postgresql":
        _index_words("vector")
        op.execute("DROP FUNCTION search_vector(tsvector)")


def _index_words(vector: str) -> None:
    # That of particulars stays as it is: their vectors are short, and lie in the row.
    op.execute("DROP INDEX search_index")
    op.execute(f"CREATE INDEX search_index ON search_entry USING gin ({vector})")


def _index(of_owner: list[str], with_words: bool) -> None:
    op.drop_index("ix_foi_case_owner", "foi_case")
    op.create_index("ix_foi_case_owner", "foi_case", of_owner)
    if op.get_bind().dialect.name == "postgresql":
        # Without the words themselves it looks each case up, though it wants no more than its key.
        for name, words in SORTED.items():
            op.drop_index(name, "foi_case")
            by = sa.text(f"lower({words})")
            op.create_index(name, "foi_case", [by, "id"], postgresql_include=[words] if with_words else None)

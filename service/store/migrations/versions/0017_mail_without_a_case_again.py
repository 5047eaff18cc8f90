"""Mail without a case by an index that SQLite chooses, the mails of a Sent folder, and PostgreSQL's particulars."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

CASED = sa.text("case_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_post_case_id", "post")
    op.create_index("ix_post_case_id", "post", ["case_id"], sqlite_where=CASED, postgresql_where=CASED)
    op.create_index(
        "ix_post_sent",
        "post",
        ["account", "folder", "state", "received_at", "sent"],
        sqlite_where=sa.text("sent = 1"),
        postgresql_where=sa.text("sent"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # A list narrowed by words goes over these in its own order; the index of words gives them in none.
        op.execute("CREATE INDEX search_own ON search_entry (case_id) WHERE source = 'case'")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX search_own")
    op.drop_index("ix_post_sent", "post")
    op.drop_index("ix_post_case_id", "post")
    op.create_index("ix_post_case_id", "post", ["case_id"])

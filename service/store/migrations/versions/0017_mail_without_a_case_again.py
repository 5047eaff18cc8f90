"""Mail without a case by an index that SQLite chooses, and the mails of a Sent folder."""

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


def downgrade() -> None:
    op.drop_index("ix_post_sent", "post")
    op.drop_index("ix_post_case_id", "post")
    op.create_index("ix_post_case_id", "post", ["case_id"])

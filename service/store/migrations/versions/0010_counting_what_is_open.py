"""Indexes for what the dashboard and the statistics count."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

IS_OPEN = sa.text("stage <> 'closed'")
CORRECTED = sa.text("kind = 'receipt corrected'")
COUNTED_BY = ["due_on", "prudent_due_on", "stopped_on", "owner_id", "received_on", "regime", "matter", "account"]


def upgrade() -> None:
    op.create_index("ix_foi_case_open", "foi_case", COUNTED_BY, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_foi_case_arrival", "foi_case", ["stage", "received_at"])
    op.drop_index("ix_foi_case_received_on", "foi_case")
    op.create_index("ix_foi_case_received", "foi_case", ["received_on", "answered_on", "due_on", "stage", "matter"])
    op.drop_index("ix_foi_case_answered_on", "foi_case")
    op.create_index("ix_foi_case_answered", "foi_case", ["answered_on", "due_on"])
    op.create_index(
        "ix_case_event_corrected", "case_event", ["case_id"], sqlite_where=CORRECTED, postgresql_where=CORRECTED
    )
    op.drop_index("ix_letter_case_id", "letter")
    op.create_index("ix_letter_case", "letter", ["case_id", "kind", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_letter_case", "letter")
    op.create_index("ix_letter_case_id", "letter", ["case_id"])
    op.drop_index("ix_case_event_corrected", "case_event")
    op.drop_index("ix_foi_case_answered", "foi_case")
    op.create_index("ix_foi_case_answered_on", "foi_case", ["answered_on"])
    op.drop_index("ix_foi_case_received", "foi_case")
    op.create_index("ix_foi_case_received_on", "foi_case", ["received_on"])
    op.drop_index("ix_foi_case_arrival", "foi_case")
    op.drop_index("ix_foi_case_open", "foi_case")

"""Indexes for what the lists, the dashboard and the statistics count and sort."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

IS_OPEN = sa.text("stage <> 'closed'")
CORRECTED = sa.text("kind = 'receipt corrected'")
COUNTED_BY = [
    *("due_on", "id", "prudent_due_on", "stopped_on", "owner_id", "received_on", "regime", "matter", "account"),
    "stage",
]
IN_TROUBLE = sa.text("dealt_with_at IS NULL AND (state IN ('failed', 'uncertain') OR bounced_at IS NOT NULL)")
WITHOUT_CASE = sa.text("state = 'filed' AND case_id IS NULL")
IN_NO_LIST = sa.text(
    "(state NOT IN ('stored', 'before', 'quarantined', 'duplicate', 'filed', 'dismissed') "
    "OR state = 'duplicate' AND duplicate_of IS NULL "
    "OR state = 'filed' AND case_id IS NULL AND action IN ('new-case', 'reply'))"
)
ORDERS: dict[str, list[str | sa.TextClause]] = {
    "worklist": ["stage", "due_on", "id"],
    "arrival": ["stage", "received_at", "id"],
    "due": ["due_on", "id"],
    "came": ["received_at", "id"],
    "law": ["regime", "received_at", "id"],
    "requester": [sa.text("lower(requester_name)"), "id"],
    "subject": [sa.text("lower(subject)"), "id"],
}


def upgrade() -> None:
    _of_few("ix_foi_case_open", "foi_case", COUNTED_BY, IS_OPEN)
    op.drop_index("ix_foi_case_worklist", "foi_case")
    for name, columns in ORDERS.items():
        op.create_index(f"ix_foi_case_{name}", "foi_case", columns)
    _of_few("ix_foi_case_open_came", "foi_case", ["received_at", "id", "stage"], IS_OPEN)
    _of_few("ix_foi_case_open_number", "foi_case", ["number", "id", "stage"], IS_OPEN)
    op.drop_index("ix_foi_case_received_on", "foi_case")
    op.create_index("ix_foi_case_received", "foi_case", ["received_on", "answered_on", "due_on", "stage", "matter"])
    op.drop_index("ix_foi_case_answered_on", "foi_case")
    op.create_index("ix_foi_case_answered", "foi_case", ["answered_on", "due_on"])
    _of_few("ix_case_event_corrected", "case_event", ["case_id"], CORRECTED)
    op.drop_index("ix_letter_case_id", "letter")
    op.create_index("ix_letter_case", "letter", ["case_id", "kind", "sent_at"])
    _of_few("ix_letter_in_trouble", "letter", ["state"], IN_TROUBLE)
    _of_few("ix_post_without_case", "post", ["case_id", "received_at"], WITHOUT_CASE)
    _of_few("ix_post_in_no_list", "post", ["account", "folder"], IN_NO_LIST)


def _of_few(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_post_in_no_list", "post")
    op.drop_index("ix_post_without_case", "post")
    op.drop_index("ix_letter_in_trouble", "letter")
    op.drop_index("ix_letter_case", "letter")
    op.create_index("ix_letter_case_id", "letter", ["case_id"])
    op.drop_index("ix_case_event_corrected", "case_event")
    op.drop_index("ix_foi_case_answered", "foi_case")
    op.create_index("ix_foi_case_answered_on", "foi_case", ["answered_on"])
    op.drop_index("ix_foi_case_received", "foi_case")
    op.create_index("ix_foi_case_received_on", "foi_case", ["received_on"])
    op.drop_index("ix_foi_case_open_number", "foi_case")
    op.drop_index("ix_foi_case_open_came", "foi_case")
    for name in ORDERS:
        op.drop_index(f"ix_foi_case_{name}", "foi_case")
    op.create_index("ix_foi_case_worklist", "foi_case", ["stage", "due_on"])
    op.drop_index("ix_foi_case_open", "foi_case")

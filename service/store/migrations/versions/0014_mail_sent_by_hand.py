"""Mail that the team sends by hand from its mailboxes, and whether it answers the request."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0014"
down_revision = "0013"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("post", sa.Column("sent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "sent_answer",
        sa.Column("message_id", KEY, sa.ForeignKey("message.id"), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("seems", AutoString(), nullable=False),
        sa.Column("likely", AutoString(), nullable=False),
        sa.Column("doubts", sa.Text(), server_default="", nullable=False),
        sa.Column("findings", sa.Text(), server_default="", nullable=False),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("ix_sent_answer_case_id", "sent_answer", ["case_id"])
    op.create_index("ix_sent_answer_checked_at", "sent_answer", ["checked_at"])
    op.create_index("ix_sent_answer_state", "sent_answer", ["state"])
    op.create_table(
        "unseen_letter",
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("ix_unseen_letter_answered_at", "unseen_letter", ["answered_at"])


def downgrade() -> None:
    op.drop_table("unseen_letter")
    op.drop_table("sent_answer")
    op.drop_column("post", "sent")

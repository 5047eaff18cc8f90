"""A colleague's mail may pass on someone else's request: who asked is proposed, and an officer decides."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "forward",
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("message_id", KEY, sa.ForeignKey("message.id"), nullable=False),
        sa.Column("sender_name", AutoString(), nullable=False),
        sa.Column("sender_address", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.Column("decision", AutoString(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("ix_forward_decided_at", "forward", ["decided_at"])


def downgrade() -> None:
    op.drop_table("forward")

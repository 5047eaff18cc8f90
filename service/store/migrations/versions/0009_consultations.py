"""Those within the authority who were asked what they hold, and where the answer to a letter goes."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0009"
down_revision = "0008"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("letter", sa.Column("answers_to", AutoString(), server_default="", nullable=False))
    op.create_table(
        "consultation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("team", AutoString(), nullable=False),
        sa.Column("address", AutoString(), nullable=False),
        sa.Column("address_key", AutoString(), nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", AutoString(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("letter_id", KEY, sa.ForeignKey("letter.id"), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("away_at", UTCDateTime(), nullable=True),
        sa.Column("answer_id", KEY, sa.ForeignKey("message.id"), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_from", AutoString(), nullable=False),
        sa.Column("suggestion", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consultation_case_id", "consultation", ["case_id"])
    op.create_index("ix_consultation_letter_id", "consultation", ["letter_id"])
    op.create_index("ix_consultation_due_on", "consultation", ["due_on"])


def downgrade() -> None:
    op.drop_table("consultation")
    op.drop_column("letter", "answers_to")

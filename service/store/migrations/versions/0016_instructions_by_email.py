"""What officers tell the desk by email: the one-time addresses of its mails, and the record of every instruction."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0016"
down_revision = "0015"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DONE = sa.text("state = 'done'")


def upgrade() -> None:
    op.create_table(
        "one_time_address",
        sa.Column("id", KEY, nullable=False),
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=True),
        sa.Column("topic", AutoString(), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("letter_id", KEY, sa.ForeignKey("letter.id"), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_one_time_address_letter_id", "one_time_address", ["letter_id"])
    op.create_table(
        "instruction",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, sa.ForeignKey("post.id"), nullable=False, unique=True),
        sa.Column("address_id", KEY, sa.ForeignKey("one_time_address.id"), nullable=True),
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("consultation_id", KEY, sa.ForeignKey("consultation.id"), nullable=True),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=True),
        sa.Column("sender_address", AutoString(), nullable=False),
        sa.Column("sender_check", AutoString(), nullable=False),
        sa.Column("verb", AutoString(), nullable=False),
        sa.Column("particulars", sa.Text(), server_default="", nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("effect", sa.Text(), server_default="", nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("letter_id", KEY, sa.ForeignKey("letter.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ux_instruction_done",
        "instruction",
        ["address_id", "case_id"],
        unique=True,
        sqlite_where=DONE,
        postgresql_where=DONE,
    )
    op.create_index("ix_instruction_officer", "instruction", ["officer_id", "received_at"])
    op.create_index("ix_instruction_case_id", "instruction", ["case_id"])
    op.create_index("ix_instruction_state", "instruction", ["state"])


def downgrade() -> None:
    op.drop_table("instruction")
    op.drop_table("one_time_address")

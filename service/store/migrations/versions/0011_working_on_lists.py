"""Saved lists, acts on many cases, and what can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0011"
down_revision = "0010"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_list",
        sa.Column("id", KEY, nullable=False),
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("view", AutoString(), nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_list_officer_id", "saved_list", ["officer_id"])
    op.create_table(
        "bulk_act",
        sa.Column("id", KEY, nullable=False),
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("to_id", KEY, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("undoes", KEY, sa.ForeignKey("bulk_act.id"), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bulk_act_finished_at", "bulk_act", ["finished_at"])
    op.create_index("ix_bulk_act_undoes", "bulk_act", ["undoes"])
    op.create_table(
        "bulk_item",
        sa.Column("bulk_act_id", KEY, sa.ForeignKey("bulk_act.id"), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("seen_owner_id", KEY, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("before", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("why_not", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("bulk_act_id", "case_id"),
    )
    op.create_table(
        "undoable",
        sa.Column("id", KEY, nullable=False),
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("what", AutoString(), nullable=False),
        sa.Column("data", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_undoable_made_at", "undoable", ["made_at"])


def downgrade() -> None:
    for table in ("undoable", "bulk_item", "bulk_act", "saved_list"):
        op.drop_table(table)

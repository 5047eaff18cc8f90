"""Where each mail lies in the shared mailbox, and what people moved there."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0015"
down_revision = "0014"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_PLACED = sa.text("place = 'here' AND state <> 'before'")
UNSETTLED = sa.text("state IN ('moving', 'missing') OR (state = 'here' AND uid IS NULL)")
UNJUDGED = sa.text("NOT judged")


def upgrade() -> None:
    op.create_index("ix_case_event_recorded", "case_event", ["recorded_at"])
    op.create_index("ix_post_settled", "post", ["settled_at"])
    op.create_index("ix_post_not_placed", "post", ["account"], sqlite_where=NOT_PLACED, postgresql_where=NOT_PLACED)
    op.create_table(
        "watched_folder",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("path", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("next_uid", sa.BigInteger(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=True),
        sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("account", "path"),
    )
    op.create_index("ix_watched_folder_case_id", "watched_folder", ["case_id"])
    op.create_table(
        "placement",
        sa.Column("post_id", KEY, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("to_folder", AutoString(), nullable=False),
        sa.Column("judged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("put_back", sa.Integer(), server_default="0", nullable=False),
        sa.Column("put_back_at", UTCDateTime(), nullable=True),
        sa.Column("left", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("post_id"),
    )
    op.create_index("ix_placement_place", "placement", ["account", "folder"])
    op.create_index(
        "ix_placement_unsettled", "placement", ["account"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED
    )
    op.create_index("ix_placement_unjudged", "placement", ["account"], sqlite_where=UNJUDGED, postgresql_where=UNJUDGED)
    op.create_table(
        "placed_copy",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("post_id", KEY, sa.ForeignKey("post.id"), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder", "uidvalidity", "uid"),
    )
    op.create_index("ix_placed_copy_post_id", "placed_copy", ["post_id"])
    op.create_table(
        "mailbox_move",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("post_id", KEY, sa.ForeignKey("post.id"), nullable=False),
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=True),
        sa.Column("came_from", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("noticed_at", UTCDateTime(), nullable=False),
        sa.Column("act", AutoString(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mailbox_move_post_id", "mailbox_move", ["post_id"])
    op.create_index("ix_mailbox_move_noticed_at", "mailbox_move", ["noticed_at"])
    op.create_table(
        "filing_state",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("root", AutoString(), nullable=False),
        sa.Column("judged_at", UTCDateTime(), nullable=True),
        sa.Column("looked_at", UTCDateTime(), nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.Column("cautious", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )


def downgrade() -> None:
    for table in ("filing_state", "mailbox_move", "placed_copy", "placement", "watched_folder"):
        op.drop_table(table)
    op.drop_index("ix_post_not_placed", "post")
    op.drop_index("ix_post_settled", "post")
    op.drop_index("ix_case_event_recorded", "case_event")

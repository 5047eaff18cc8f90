"""Letters leave from the mailbox their case came by, each look into it is counted up, and senders are checked."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0004"
down_revision = "0003"

COUNTS = ("listed", "withheld", "astray", "missed")
# Until now there was one mailbox, whatever it was called.
SENDERS = """
    UPDATE letter SET account = (SELECT account FROM foi_case WHERE foi_case.id = letter.case_id)
    WHERE case_id IS NOT NULL"""


def upgrade() -> None:
    op.add_column("letter", sa.Column("account", AutoString(), server_default="", nullable=False))
    op.add_column("message", sa.Column("sender_check", AutoString(), server_default="", nullable=False))
    op.add_column("mailbox", sa.Column("next_uid", sa.BigInteger(), nullable=True))
    for name in COUNTS:
        op.add_column("mailbox", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute(SENDERS)


def downgrade() -> None:
    for name in (*COUNTS, "next_uid"):
        op.drop_column("mailbox", name)
    op.drop_column("message", "sender_check")
    op.drop_column("letter", "account")

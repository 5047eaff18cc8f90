"""A list of some days' cases, the newest first, is read from an index alone."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.drop_index("ix_foi_case_came", "foi_case")
    op.create_index("ix_foi_case_came", "foi_case", ["received_at", "id", "received_on"])


def downgrade() -> None:
    op.drop_index("ix_foi_case_came", "foi_case")
    op.create_index("ix_foi_case_came", "foi_case", ["received_at", "id"])

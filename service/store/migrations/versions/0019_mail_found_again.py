"""Mail that came and left before it was read, and was then found in a folder for filed mail, is no longer missing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("found", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("mailbox", "found")

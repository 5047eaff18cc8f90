"""Who wants which digest, and for which day it was last settled."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0012"
down_revision = "0011"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest_reader",
        sa.Column("officer_id", KEY, sa.ForeignKey("officer.id"), primary_key=True),
        sa.Column("kind", AutoString(), primary_key=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("done_for", sa.Date()),
    )


def downgrade() -> None:
    op.drop_table("digest_reader")

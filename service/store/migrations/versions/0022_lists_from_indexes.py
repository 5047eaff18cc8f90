"""Mail without a case is read in the order of its days from an index alone, where PostgreSQL sorted all of it; so are
the cases that rely on a limb."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
WITHOUT_CASE = sa.text("state = 'filed' AND case_id IS NULL")


def upgrade() -> None:
    # Were the state, which is the same for all of them, not in it, SQLite would take the index of states and sort.
    _replace(of_mail=["state", "received_at"], of_limbs=["citation", "case_id"])


def downgrade() -> None:
    _replace(of_mail=["case_id", "received_at"], of_limbs=["citation"])


def _replace(of_mail: list[str], of_limbs: list[str]) -> None:
    op.drop_index("ix_post_without_case", "post")
    op.create_index("ix_post_without_case", "post", of_mail, sqlite_where=WITHOUT_CASE, postgresql_where=WITHOUT_CASE)
    op.drop_index("ix_ground_citation", "ground")
    op.create_index("ix_ground_citation", "ground", of_limbs)

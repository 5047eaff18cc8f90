"""Late answers, an owner's cases and the lists by subject and by requester are read from indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
LATE = sa.text("answered_on > due_on")
SORTED = {"ix_foi_case_requester": "requester_name", "ix_foi_case_subject": "subject"}


def upgrade() -> None:
    op.create_index("ix_foi_case_late", "foi_case", ["due_on", "id"], sqlite_where=LATE, postgresql_where=LATE)
    _index(of_owner=["owner_id", "stage", "due_on", "id"], with_words=True)


def downgrade() -> None:
    op.drop_index("ix_foi_case_late", "foi_case")
    _index(of_owner=["owner_id", "stage", "due_on"], with_words=False)


def _index(of_owner: list[str], with_words: bool) -> None:
    op.drop_index("ix_foi_case_owner", "foi_case")
    op.create_index("ix_foi_case_owner", "foi_case", of_owner)
    if op.get_bind().dialect.name == "postgresql":
        # Without the words themselves it looks each case up, though it wants no more than its key.
        for name, words in SORTED.items():
            op.drop_index(name, "foi_case")
            by = sa.text(f"lower({words})")
            op.create_index(name, "foi_case", [by, "id"], postgresql_include=[words] if with_words else None)

"""A list of some days' cases, the newest first, is read from an index alone; so is how a quarter was answered, now that
what was no request is left out of it."""

from alembic import op

revision = "0020"
down_revision = "0019"
TIMELINESS = ["received_on", "answered_on", "due_on", "stage", "matter", "acknowledged_after"]


def upgrade() -> None:
    _replace("ix_foi_case_came", ["received_at", "id", "received_on"])
    _replace("ix_foi_case_received", [*TIMELINESS, "outcome"])


def downgrade() -> None:
    _replace("ix_foi_case_received", TIMELINESS)
    _replace("ix_foi_case_came", ["received_at", "id"])


def _replace(name: str, columns: list[str]) -> None:
    op.drop_index(name, "foi_case")
    op.create_index(name, "foi_case", columns)

"""How soon each case was acknowledged, on the case itself: the lists and the dashboard ask it of all there are."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

RECEIVED = ["received_on", "answered_on", "due_on", "stage", "matter"]
ANSWERED = ["answered_on", "due_on"]
DUE = ["due_on", "id"]
SENT = """
    UPDATE foi_case SET acknowledged_after = CAST(CEIL(EXTRACT(EPOCH FROM sent.at - received_at)) AS INTEGER)
    FROM (SELECT case_id, MIN(sent_at) AS at FROM letter
          WHERE sent_at IS NOT NULL AND kind IN ('acknowledgement', 'review-acknowledgement') GROUP BY case_id) AS sent
    WHERE sent.case_id = foi_case.id
"""
# SQLite has no CEIL by itself. Its days are fractions, and a whole second comes out a little less or more than one.
SENT_BY_JULIAN_DAYS = SENT.replace(
    "CEIL(EXTRACT(EPOCH FROM sent.at - received_at))", "(julianday(sent.at) - julianday(received_at)) * 86400 + 0.999"
)


def upgrade() -> None:
    op.add_column("foi_case", sa.Column("acknowledged_after", sa.Integer(), nullable=True))
    op.execute(SENT if op.get_bind().dialect.name == "postgresql" else SENT_BY_JULIAN_DAYS)
    _replace("ix_foi_case_received", [*RECEIVED, "acknowledged_after"])
    _replace("ix_foi_case_answered", [*ANSWERED, "regime", "id"])
    _replace("ix_foi_case_due", [*DUE, "received_on"])
    op.create_index("ix_foi_case_acknowledged", "foi_case", ["acknowledged_after", "due_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_foi_case_acknowledged", "foi_case")
    _replace("ix_foi_case_due", DUE)
    _replace("ix_foi_case_answered", ANSWERED)
    _replace("ix_foi_case_received", RECEIVED)
    op.drop_column("foi_case", "acknowledged_after")


def _replace(name: str, columns: list[str]) -> None:
    op.drop_index(name, "foi_case")
    op.create_index(name, "foi_case", columns)

"""An internal review, or a new request on an old answer, names the case it follows."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # Written out: SQLite takes a foreign key with a new column, and would otherwise have to copy the table.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE foi_case ADD COLUMN original_id {kind} REFERENCES foi_case (id)")
    op.create_index("ix_foi_case_original_id", "foi_case", ["original_id"])


def downgrade() -> None:
    op.drop_index("ix_foi_case_original_id", "foi_case")
    with op.batch_alter_table("foi_case") as table:
        table.drop_column("original_id")

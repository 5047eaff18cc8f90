"""PostgreSQL finds words among the particulars of cases by an index of these alone: a list is narrowed by them, and of
a common word most papers that have it are mails. SQLite tells particulars by the number of their entry."""

from alembic import op

revision = "0021"
down_revision = "0020"
INDEX = "search_index_particulars"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX {INDEX} ON search_entry USING gin (vector) WHERE source = 'case'")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP INDEX {INDEX}")

"""Events are only added: the database refuses to change or delete one, whoever asks."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = """
    CREATE TRIGGER case_event_{verb} BEFORE {verb} ON case_event
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END"""
POSTGRES_FUNCTION = """
    CREATE FUNCTION case_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$"""
POSTGRES = """
    CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_is_append_only()"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(SQLITE.format(verb=verb))
    else:
        op.execute(POSTGRES_FUNCTION)
        op.execute(POSTGRES)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER case_event_{verb}")
    else:
        op.execute("DROP TRIGGER case_event_append_only ON case_event")
        op.execute("DROP FUNCTION case_event_is_append_only()")

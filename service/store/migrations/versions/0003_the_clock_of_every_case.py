"""The calendar is changed at run time, and a case says what its clock waits for."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE = """
    CREATE TRIGGER calendar_change_{verb} BEFORE {verb} ON calendar_change
    BEGIN SELECT RAISE(ABORT, 'calendar_change is append-only'); END"""
POSTGRES_FUNCTION = """
    CREATE FUNCTION calendar_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'calendar_change is append-only'; END $$"""
POSTGRES = """
    CREATE TRIGGER calendar_change_append_only BEFORE UPDATE OR DELETE ON calendar_change
    FOR EACH ROW EXECUTE FUNCTION calendar_change_is_append_only()"""
# What the new columns say of cases that were there before: until now a clock ran until its case was closed.
STATES = """
    UPDATE foi_case SET clock_state = CASE outcome
        WHEN 'withdrawn by the requester' THEN 'withdrawn'
        WHEN 'transferred to another authority' THEN 'transferred'
        ELSE 'answered' END
    WHERE stage = 'closed'"""
REVIEWS = "UPDATE foi_case SET matter = 'review' WHERE kind = 'IR'"


def upgrade() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("division", AutoString(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("proclaimed_on", sa.Date(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in _columns():
        op.add_column("foi_case", column)
    op.execute(STATES)
    op.execute(REVIEWS)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(SQLITE.format(verb=verb))
    else:
        op.execute(POSTGRES_FUNCTION)
        op.execute(POSTGRES)


def _columns() -> list[sa.Column[object]]:
    text = AutoString()
    return [
        sa.Column("matter", text, server_default="request", nullable=False),
        sa.Column("uncountable_by", text, server_default="", nullable=False),
        sa.Column("untold", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("clock_state", text, server_default="running", nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
    ]


def downgrade() -> None:
    with op.batch_alter_table("foi_case") as table:
        for column in ("matter", "uncountable_by", "untold", "clock_state", "stopped_on"):
            table.drop_column(column)
    op.drop_table("calendar_change")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION calendar_change_is_append_only()")

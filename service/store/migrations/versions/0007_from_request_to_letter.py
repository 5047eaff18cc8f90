"""The questions of a request and what was decided, the drafts of the response, and the files that go with it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, AutoString(), nullable=False)


def _link(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(target), nullable=False)


def _file() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        _word("name"),
        _word("content_type"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", AutoString(), sa.ForeignKey("stored_bytes.sha256"), nullable=False),
    ]


def upgrade() -> None:
    _questions()
    _drafts()
    _files()


def _questions() -> None:
    op.create_table(
        "question",
        _link("case_id", "foi_case.id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _word("label"),
        _text("text"),
        _word("holding"),
        _word("decision"),
        *(_text(name) for name in ("answer", "link", "source")),
        sa.PrimaryKeyConstraint("case_id", "position"),
    )
    op.create_index("ix_question_decision", "question", ["decision"])
    op.create_table(
        "ground",
        _link("case_id", "foi_case.id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        _word("citation"),
        *(_text(name) for name in ("harm", "interest_for", "interest_against", "conclusion", "particulars")),
        sa.PrimaryKeyConstraint("case_id", "position", "rank"),
    )
    op.create_index("ix_ground_citation", "ground", ["citation"])


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("id", KEY, nullable=False),
        _link("case_id", "foi_case.id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _word("kind"),
        _word("subject"),
        _text("body"),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        _word("written_by"),
        sa.Column("composed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "version"),
    )
    op.create_index("ix_draft_case_id", "draft", ["case_id"])
    op.create_table(
        "check_override",
        _link("draft_id", "draft.id"),
        _word("rule"),
        _word("verdict"),
        _text("sentence"),
        _text("reason"),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        _word("made_by"),
        sa.PrimaryKeyConstraint("draft_id", "rule"),
    )
    op.create_table(
        "approval",
        _link("draft_id", "draft.id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        _link("officer_id", "officer.id"),
        _word("verdict"),
        _text("reason"),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("draft_id", "rank"),
    )
    op.create_index("ix_approval_officer_id", "approval", ["officer_id"])


def _files() -> None:
    op.create_table(
        "letter_file",
        _link("letter_id", "letter.id"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_file(),
        sa.PrimaryKeyConstraint("letter_id", "position"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", KEY, nullable=False),
        _link("case_id", "foi_case.id"),
        *_file(),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        _word("added_by"),
        _text("findings"),
        sa.Column("scanned_at", UTCDateTime(), nullable=True),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        _word("released_by"),
        _text("release_reason"),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_file_case_id", "case_file", ["case_id"])


def downgrade() -> None:
    for table in ("case_file", "letter_file", "approval", "check_override", "draft", "ground", "question"):
        op.drop_table(table)

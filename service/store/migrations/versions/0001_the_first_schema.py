"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("trouble", AutoString(), nullable=False),
        sa.Column("done_for", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "mailbox",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("counts_from", UTCDateTime(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.Column("trouble", AutoString(), nullable=False),
        sa.Column("trouble_since", UTCDateTime(), nullable=True),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account", "folder"),
    )
    op.create_table(
        "numbering",
        sa.Column("series", AutoString(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("password_hash", AutoString(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "stored_bytes",
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "foi_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("requester_name", AutoString(), nullable=False),
        sa.Column("requester_address", AutoString(), nullable=False),
        sa.Column("requester_key", AutoString(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("regime", AutoString(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("prudent_due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", AutoString(), nullable=False),
        sa.Column("stage", AutoString(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["officer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference"),
    )
    with op.batch_alter_table("foi_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foi_case_answered_on"), ["answered_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_foi_case_number"), ["number"], unique=False)
        batch_op.create_index("ix_foi_case_owner", ["owner_id", "stage", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_foi_case_received_on"), ["received_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_foi_case_requester_key"), ["requester_key"], unique=False)
        batch_op.create_index("ix_foi_case_worklist", ["stage", "due_on"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_hash", AutoString(), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officer.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "stored_chunk",
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["stored_bytes.sha256"],
        ),
        sa.PrimaryKeyConstraint("sha256", "position"),
    )
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("data", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["foi_case.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("recipient_name", AutoString(), nullable=False),
        sa.Column("recipient_address", AutoString(), nullable=False),
        sa.Column("recipient_key", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("in_reply_to", AutoString(), nullable=False),
        sa.Column("references", sa.Text(), server_default="", nullable=False),
        sa.Column("automatic", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.Column("phase", AutoString(), nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("bounced_at", UTCDateTime(), nullable=True),
        sa.Column("dealt_with_at", UTCDateTime(), nullable=True),
        sa.Column("copied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["foi_case.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_bounced_at"), ["bounced_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_letter_kind", ["kind", "created_at"], unique=False)
        batch_op.create_index("ix_letter_queue", ["state", "next_try_at"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["foi_case.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "due_on", "name"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("content_key", AutoString(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("action", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("sender_name", AutoString(), nullable=False),
        sa.Column("sender_address", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("duplicate_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTCDateTime(), nullable=True),
        sa.Column("place", AutoString(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["foi_case.id"],
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of"],
            ["post.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["stored_bytes.sha256"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "folder", "uidvalidity", "uid"),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_content_key"), ["content_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_post_state", ["state", "next_try_at"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("direction", AutoString(), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("sender_name", AutoString(), nullable=False),
        sa.Column("sender_address", AutoString(), nullable=False),
        sa.Column("recipients", sa.Text(), server_default="", nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("reply_address", AutoString(), nullable=False),
        sa.Column("automatic", sa.Text(), server_default="", nullable=False),
        sa.Column("concerns", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["foi_case.id"],
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_post_id"), ["post_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("content_type", AutoString(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["stored_bytes.sha256"],
        ),
        sa.PrimaryKeyConstraint("message_id", "position"),
    )
    op.create_table(
        "message_body",
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("html", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id"),
    )


def downgrade() -> None:
    op.drop_table("message_body")
    op.drop_table("attachment")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_post_id"))
        batch_op.drop_index(batch_op.f("ix_message_message_id"))
        batch_op.drop_index(batch_op.f("ix_message_case_id"))

    op.drop_table("message")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_state")
        batch_op.drop_index(batch_op.f("ix_post_message_id"))
        batch_op.drop_index(batch_op.f("ix_post_content_key"))
        batch_op.drop_index(batch_op.f("ix_post_case_id"))

    op.drop_table("post")
    op.drop_table("milestone")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_queue")
        batch_op.drop_index("ix_letter_kind")
        batch_op.drop_index(batch_op.f("ix_letter_case_id"))
        batch_op.drop_index(batch_op.f("ix_letter_bounced_at"))

    op.drop_table("letter")
    op.drop_table("case_event")
    op.drop_table("stored_chunk")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_officer_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("foi_case", schema=None) as batch_op:
        batch_op.drop_index("ix_foi_case_worklist")
        batch_op.drop_index(batch_op.f("ix_foi_case_requester_key"))
        batch_op.drop_index(batch_op.f("ix_foi_case_received_on"))
        batch_op.drop_index("ix_foi_case_owner")
        batch_op.drop_index(batch_op.f("ix_foi_case_number"))
        batch_op.drop_index(batch_op.f("ix_foi_case_answered_on"))

    op.drop_table("foi_case")
    op.drop_table("stored_bytes")
    op.drop_table("officer")
    op.drop_table("numbering")
    op.drop_table("mailbox")
    op.drop_table("job_run")

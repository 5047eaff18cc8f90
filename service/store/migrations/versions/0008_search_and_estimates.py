"""What is searched, kept by the database itself as rows come and change; and the estimates of what requests cost."""

import re

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 500  # cases

# What can be found of a case, whose words stand in four places. An acknowledgement says the same of every case, and a
# reminder is for the team. Of a response only the newest version counts.
SOURCE = """
    CREATE VIEW search_source AS
    SELECT id AS case_id, 'case' AS source, id AS source_id,
        reference || ' ' || subject || ' ' || requester_name || ' ' || requester_address AS head, '' AS words
    FROM foi_case
    UNION ALL
    SELECT m.case_id, 'mail', m.id, m.subject || ' ' || m.sender_name || ' ' || m.sender_address, b.text
    FROM message m JOIN message_body b ON b.message_id = m.id WHERE m.case_id IS NOT NULL
    UNION ALL
    SELECT case_id, 'letter', id, subject || ' ' || recipient_name || ' ' || recipient_address, body
    FROM letter WHERE case_id IS NOT NULL AND kind NOT IN ('acknowledgement', 'review-acknowledgement', 'due')
    UNION ALL
    SELECT d.case_id, 'draft', d.id, d.subject, d.body
    FROM draft d WHERE d.version = (SELECT max(n.version) FROM draft n WHERE n.case_id = d.case_id)"""
# Table, what happens to it, of which source that is, and which of its columns holds the source's key.
LINKS = (
    ("foi_case", "INSERT", "case", "id"),
    ("foi_case", "UPDATE OF reference, subject, requester_name, requester_address", "case", "id"),
    ("message_body", "INSERT", "mail", "message_id"),
    ("message_body", "UPDATE OF text", "mail", "message_id"),
    ("message", "UPDATE OF case_id, subject, sender_name, sender_address", "mail", "id"),
    ("letter", "INSERT", "letter", "id"),
    ("letter", "UPDATE OF case_id, kind, subject, body, recipient_name, recipient_address", "letter", "id"),
    ("draft", "INSERT", "draft", "id"),
    ("draft", "UPDATE OF subject, body", "draft", "id"),
)
DELETIONS = (("foi_case", "case"), ("message", "mail"), ("letter", "letter"), ("draft", "draft"))

FORGET = "DELETE FROM search_entry WHERE source = '{source}' AND source_id = {row}.{key}"
# The twenty low bits of an entry's number count within its case, so that FTS5 alone can tell which cases match; those
# of the case's own particulars are 0.
SQLITE_ENTRIES = """
    CREATE TABLE search_entry (
        id INTEGER PRIMARY KEY, case_id BIGINT NOT NULL, source VARCHAR NOT NULL, source_id BIGINT NOT NULL,
        head TEXT NOT NULL, words TEXT NOT NULL, UNIQUE (source, source_id))"""
SQLITE_INDEX = """
    CREATE VIRTUAL TABLE search_index USING fts5(head, words, content='search_entry', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')"""
SQLITE_LEAVE = (
    "INSERT INTO search_index (search_index, rowid, head, words) VALUES ('delete', old.id, old.head, old.words)"
)
SQLITE_ENTER = "INSERT INTO search_index (rowid, head, words) VALUES (new.id, new.head, new.words)"
SQLITE_OF_CASE = "id BETWEEN {case} << 20 AND ({case} << 20) + 1048575"
SQLITE_FORGET_DRAFTS = "DELETE FROM search_entry WHERE source = 'draft' AND {of_case}"
SQLITE_PUT = """
    INSERT INTO search_entry
    SELECT CASE WHEN s.source = 'case' THEN s.case_id << 20
            ELSE coalesce((SELECT max(id) FROM search_entry WHERE {of_case}), s.case_id << 20) + 1 END,
        s.case_id, s.source, s.source_id, s.head, s.words
    FROM search_source s WHERE s.source = '{source}' AND s.source_id = new.{key}"""
SQLITE_FILL = """
    INSERT INTO search_entry
    SELECT (case_id << 20) + row_number() OVER (PARTITION BY case_id ORDER BY source <> 'case', source_id) - 1,
        case_id, source, source_id, head, words
    FROM search_source WHERE case_id BETWEEN {first} AND {last}"""

# A tsvector holds a mebibyte at most: of text in the most unfavourable letters that is 200,000 of them.
POSTGRES_WORDS = r"""
    CREATE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(regexp_replace(CASE WHEN getdatabaseencoding() = 'UTF8'
        THEN regexp_replace(normalize(left($1, 200000), NFKD), '[\u0300-\u036f]+', '', 'g')
        ELSE left($1, 200000) END, $q$[{marks}]$q$, ' ', 'g'), 200000) $$"""
POSTGRES_DICTIONARY = "CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = english)"
POSTGRES_CONFIGURATION = "CREATE TEXT SEARCH CONFIGURATION search_english (COPY = simple)"
POSTGRES_MAPPING = """
    ALTER TEXT SEARCH CONFIGURATION search_english ALTER MAPPING FOR asciiword, word, numword WITH search_stem"""
# Texts and vectors out of line: a frequent word leads to most of the rows, of which no more than the case is wanted.
POSTGRES_ENTRIES = """
    CREATE TABLE search_entry (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id BIGINT NOT NULL, source VARCHAR NOT NULL,
        source_id BIGINT NOT NULL, head TEXT NOT NULL, words TEXT NOT NULL,
        vector tsvector NOT NULL GENERATED ALWAYS AS
            (to_tsvector('search_english', search_words(left(head, 2000) || ' ' || words))) STORED,
        UNIQUE (source, source_id)) WITH (toast_tuple_target = 128)"""
POSTGRES_INDEX = "CREATE INDEX search_index ON search_entry USING gin (vector)"
POSTGRES_OF_CASE = "CREATE INDEX search_of_case ON search_entry (case_id)"
POSTGRES_LINK = """
    CREATE FUNCTION search_link() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE key bigint;
    BEGIN
        IF tg_argv[1] = 'id' THEN key := new.id; ELSE key := new.message_id; END IF;
        IF tg_op = 'UPDATE' THEN DELETE FROM search_entry WHERE source = tg_argv[0] AND source_id = key; END IF;
        IF tg_argv[0] = 'draft' THEN
            DELETE FROM search_entry WHERE source = 'draft' AND case_id = new.case_id;
        END IF;
        INSERT INTO search_entry (case_id, source, source_id, head, words)
            SELECT case_id, source, source_id, head, words FROM search_source
            WHERE source = tg_argv[0] AND source_id = key;
        RETURN NULL;
    END $$"""
POSTGRES_UNLINK = """
    CREATE FUNCTION search_unlink() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM search_entry WHERE source = tg_argv[0] AND source_id = old.id;
        RETURN NULL;
    END $$"""
POSTGRES_FILL = """
    INSERT INTO search_entry (case_id, source, source_id, head, words)
    SELECT case_id, source, source_id, head, words FROM search_source WHERE case_id BETWEEN {first} AND {last}"""
# PostgreSQL's parser would make one word each of addresses, paths and numbers with signs.
MARKS = (
    "".join(map(chr, (*range(33, 48), *range(58, 65), *range(91, 97), *range(123, 127))))
    + "£§«»·‐‑‒–—―‘’“”„•…\u00a0\u200b"
)


def upgrade() -> None:
    _estimates()
    op.execute(SOURCE)
    sqlite = op.get_bind().dialect.name == "sqlite"
    (_sqlite if sqlite else _postgres)()
    last = op.get_bind().execute(sa.text("SELECT coalesce(max(id), 0) FROM foi_case")).scalar_one()
    for first in range(1, last + 1, BATCH):
        fill = SQLITE_FILL if sqlite else POSTGRES_FILL
        op.execute(fill.format(first=first, last=first + BATCH - 1))


def _estimates() -> None:
    op.create_table(
        "cost_estimate",
        sa.Column("case_id", KEY, sa.ForeignKey("foi_case.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("regime", AutoString(), nullable=False),
        sa.Column("cost_limit", sa.Integer(), nullable=False),
        sa.Column("hourly", AutoString(), nullable=False),
        sa.Column("tasks", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version"),
    )


def _sqlite() -> None:
    op.execute(SQLITE_ENTRIES)
    op.execute(SQLITE_INDEX)
    _trigger("search_entered", "INSERT ON search_entry", SQLITE_ENTER)
    _trigger("search_left", "DELETE ON search_entry", SQLITE_LEAVE)
    for table, happens, source, key in LINKS:
        forget = FORGET.format(source=source, row="new", key=key)
        if source == "draft":
            forget = SQLITE_FORGET_DRAFTS.format(of_case=SQLITE_OF_CASE.format(case="new.case_id"))
        put = SQLITE_PUT.format(source=source, key=key, of_case=SQLITE_OF_CASE.format(case="s.case_id"))
        _trigger(f"search_{table}_{happens[:6].lower()}", f"{happens} ON {table}", f"{forget}; {put}")
    for table, source in DELETIONS:
        _trigger(f"search_{table}_delete", f"DELETE ON {table}", FORGET.format(source=source, row="old", key="id"))


def _trigger(name: str, happens: str, act: str) -> None:
    op.execute(f"CREATE TRIGGER {name} AFTER {happens} BEGIN {act}; END")


def _postgres() -> None:
    marks = POSTGRES_WORDS.replace("{marks}", re.escape(MARKS))
    made = (marks, POSTGRES_DICTIONARY, POSTGRES_CONFIGURATION, POSTGRES_MAPPING, POSTGRES_ENTRIES, POSTGRES_INDEX)
    for statement in (*made, POSTGRES_OF_CASE, POSTGRES_LINK, POSTGRES_UNLINK):
        op.execute(statement)
    for table, happens, source, key in LINKS:
        _calls(f"search_{happens[:6].lower()}", f"{happens} ON {table}", f"search_link('{source}', '{key}')")
    for table, source in DELETIONS:
        _calls("search_delete", f"DELETE ON {table}", f"search_unlink('{source}')")


def _calls(name: str, happens: str, function: str) -> None:
    op.execute(f"CREATE TRIGGER {name} AFTER {happens} FOR EACH ROW EXECUTE FUNCTION {function}")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = {(table, happens[:6].lower()) for table, happens, *_ in LINKS}
    for table, verb in sorted(triggers | {(table, "delete") for table, _ in DELETIONS}):
        op.execute(f"DROP TRIGGER search_{table}_{verb}" if sqlite else f"DROP TRIGGER search_{verb} ON {table}")
    if sqlite:
        op.execute("DROP TABLE search_index")
    op.execute("DROP TABLE search_entry")
    op.execute("DROP VIEW search_source")
    if not sqlite:
        for what in ("FUNCTION search_link()", "FUNCTION search_unlink()", "FUNCTION search_words(text)"):
            op.execute(f"DROP {what}")
        op.execute("DROP TEXT SEARCH CONFIGURATION search_english")
        op.execute("DROP TEXT SEARCH DICTIONARY search_stem")
    op.drop_table("cost_estimate")

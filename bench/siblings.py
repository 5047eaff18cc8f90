"""A million cases out of fifty thousand: each made-up case stands for several, alike but for who asked, under keys that
keep all of them in the order they came in."""

from collections.abc import Iterator

from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from service.store.rows import table_of
from service.store.tables import Case, Event, GroundRow, Letter, Message, MessageBody, Post, QuestionRow

BATCH = 2000  # of the cases made up, in one transaction
POSTS, LETTERS = 4, 2  # room for so many a case
NUMBER = "(id + n)"
REFERENCE = (
    "'01.' || kind || '.' || substr(CAST(year AS text), 3, 2) || '.' || "
    f"CASE WHEN {NUMBER} < 1000000 THEN substr(CAST(1000000 + {NUMBER} AS text), 2) ELSE CAST({NUMBER} AS text) END"
)


def _who(column: str) -> str:
    return f"CASE WHEN n = 0 THEN {column} ELSE CAST(n AS text) || {column} END"


NAME = "requester_name || CASE WHEN n = 0 THEN '' ELSE ' ' || substr('QWRTZPSDFGHJKLYXCVBNM', n % 21 + 1, 1) END"
CHANGED: dict[type[SQLModel], dict[str, str]] = {
    Case: {
        "id": NUMBER,
        "number": NUMBER,
        "reference": REFERENCE,
        "requester_name": NAME,
        "requester_address": _who("requester_address"),
        "requester_key": _who("requester_key"),
        "original_id": "original_id + n",
    },
    Event: {"case_id": "case_id + n"},
    QuestionRow: {"case_id": "case_id + n"},
    GroundRow: {"case_id": "case_id + n"},
    Post: {
        "id": f"id + {POSTS} * n",
        "uid": f"uid + {POSTS} * n",
        "content_key": f"content_key || CAST(id + {POSTS} * n AS text)",
        "message_id": f"'<p' || CAST(id + {POSTS} * n AS text) || '@example.com>'",
        "sender_address": _who("sender_address"),
        "case_id": "case_id + n",
        "duplicate_of": f"duplicate_of + {POSTS} * n",
    },
    Message: {
        "id": NUMBER,
        "case_id": "case_id + n",
        "post_id": f"post_id + {POSTS} * n",
        "message_id": f"'<' || CAST({NUMBER} AS text) || '@example.com>'",
        "sender_address": _who("sender_address"),
        "reply_address": _who("reply_address"),
    },
    MessageBody: {"message_id": "message_id + n"},
    Letter: {
        "id": f"id + {LETTERS} * n",
        "case_id": "case_id + n",
        "recipient_address": _who("recipient_address"),
        "recipient_key": _who("recipient_key"),
        "message_id": f"'<l' || CAST(id + {LETTERS} * n AS text) || '@anytown.example>'",
    },
}
OF_A_CASE: dict[type[SQLModel], str] = {
    Case: "id",
    Message: "id",
    MessageBody: "message_id",
    Post: f"(id + {POSTS - 1}) / {POSTS}",
}


def aside(kind: type[SQLModel]) -> str:
    """The table in which rows wait to be multiplied."""
    return f"made_up_{table_of(kind).name}"


def make_room(engine: Engine) -> None:
    """Empty copies of the tables, without a key or an index."""
    with engine.begin() as connection:
        for kind in CHANGED:
            connection.execute(text(f"CREATE TABLE {aside(kind)} AS SELECT * FROM {table_of(kind).name} WHERE 1 = 0"))


def multiply(engine: Engine, cases: int, many: int) -> Iterator[int]:
    """Write so many siblings of each of the cases made up, whose keys lie so far apart; gives how many cases are in."""
    for first in range(0, cases, BATCH):
        last = min(first + BATCH, cases)
        with engine.begin() as connection:
            for kind in CHANGED:
                within = {"first": first * many + 1, "last": last * many, "most": many - 1}
                connection.execute(text(_sibling_rows(kind)), within)
        yield last * many
    with engine.begin() as connection:
        for kind in CHANGED:
            connection.execute(text(f"DROP TABLE {aside(kind)}"))


def _sibling_rows(kind: type[SQLModel]) -> str:
    table, of_a_case = table_of(kind), OF_A_CASE.get(kind, "case_id")
    names = [column.name for column in table.c]
    columns = ", ".join(f'"{name}"' for name in names)
    told = ", ".join(CHANGED[kind].get(name, f'"{name}"') for name in names)
    order = ", ".join(str(names.index(column.name) + 1) for column in table.primary_key)
    return f"""
        WITH RECURSIVE sibling (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM sibling WHERE n < :most)
        INSERT INTO {table.name} ({columns}) SELECT {told} FROM {aside(kind)} CROSS JOIN sibling
        WHERE {of_a_case} BETWEEN :first AND :last ORDER BY {order}"""

"""The index can be made anew from the rows it indexes, and says when something is missing from it."""

from alembic import command
from sqlalchemy import text

from service.desk import Desk
from service.domain.search_words import read_terms
from service.store import schema
from service.store.database import reading, transaction
from service.store.search import Wanted, search
from service.store.search_index import count_entries, reindex
from tests.builders import a_message, arrive, open_a_case


def found(desk: Desk, typed: str) -> list[int]:
    with reading(desk.engine) as session:
        return [row.case.number for row in search(session, Wanted(read_terms(typed))).rows]


def fill(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for word in ("walrus", "narwhal", "ocelot"):
            case = open_a_case(session, desk, a_message(subject=f"About a {word}", text=f"Where is the {word}?"))
        arrive(session, desk, a_message(subject=f"Re: {case.reference}", text="A pangolin, I mean."))


def test_the_index_made_anew_finds_what_it_found_before(desk: Desk) -> None:
    fill(desk)
    with transaction(desk.engine) as session:
        session.execute(text("DELETE FROM search_entry WHERE case_id > 1"))
        entries, missing = count_entries(session)
    assert (entries, missing) == (2, 5)
    assert found(desk, "pangolin") == []
    assert sum(reindex(desk.engine)) == 3
    assert [found(desk, word) for word in ("walrus", "narwhal", "ocelot", "pangolin")] == [[1], [2], [3], [3]]
    with transaction(desk.engine) as session:
        assert count_entries(session) == (7, 0)
        open_a_case(session, desk, a_message(text="An axolotl"))
    assert found(desk, "axolotl") == [4]


def test_what_no_row_says_any_more_is_forgotten(desk: Desk) -> None:
    fill(desk)
    with transaction(desk.engine) as session:
        session.execute(text("UPDATE search_entry SET words = 'a phantom' WHERE source = 'mail' AND case_id = 1"))
    list(reindex(desk.engine))
    assert found(desk, "phantom") == []
    assert found(desk, "walrus") == [1]


def test_the_migration_takes_in_what_is_there_already(desk: Desk) -> None:
    fill(desk)
    command.downgrade(schema.config(desk.engine), "0007")
    command.upgrade(schema.config(desk.engine), "head")
    with reading(desk.engine) as session:
        assert count_entries(session) == (7, 0)
    assert [found(desk, word) for word in ("walrus", "pangolin")] == [[1], [3]]


def test_a_paper_that_is_deleted_is_found_no_more(desk: Desk) -> None:
    fill(desk)
    with transaction(desk.engine) as session:
        mail = text("SELECT id FROM message WHERE subject = 'About a narwhal'")
        key = {"key": session.execute(mail).scalar_one()}
        session.execute(text("DELETE FROM message_body WHERE message_id = :key"), key)
        session.execute(text("DELETE FROM message WHERE id = :key"), key)
    with reading(desk.engine) as session:
        assert count_entries(session) == (6, 0)
        (row,) = search(session, Wanted(read_terms("narwhal"))).rows
    assert row.source == "case"


def test_an_empty_index_is_whole(desk: Desk) -> None:
    assert list(reindex(desk.engine)) == []
    with reading(desk.engine) as session:
        assert count_entries(session) == (0, 0)

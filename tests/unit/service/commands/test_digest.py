"""`foidesk digest`, as it is typed."""

from datetime import date

import pytest
from sqlmodel import select

from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.store.database import reading, transaction
from service.store.digests import want_digest
from service.store.tables import Letter
from tests.builders import an_officer
from tests.many import open_rows
from tests.unit.service.commands.conftest import Foidesk


@pytest.fixture
def team(desk: Desk) -> Desk:
    with transaction(desk.engine) as session:
        sam, morgan = an_officer(session), an_officer(session, "Morgan Reid", "supervisor")
        open_rows(session, 1, due_on=date(2024, 6, 3), owner_id=sam.id, subject="Potholes \x1b[2J in Mill Lane")
        want_digest(session, morgan.id, DigestKind.WEEKLY, wanted=False)
    return desk


def sent(desk: Desk) -> list[tuple[str, str]]:
    with reading(desk.engine) as session:
        return [(letter.kind, letter.recipient_name) for letter in session.exec(select(Letter))]


def test_each_digest_is_printed_and_nothing_is_sent(team: Desk, foidesk: Foidesk) -> None:
    for words, says in (
        ((), "Subject: FOI desk: 1 overdue"),
        (("--weekly",), "Subject: FOI desk, the week to"),
        (("--officer", "sam@anytown.example"), "Subject: Your FOI cases: 1 overdue"),
    ):
        told = foidesk("digest", *words)
        assert told.exit_code == 0, told.output
        assert told.output.startswith(says)
        assert "\x1b" not in told.output
    assert sent(team) == []


def test_it_is_sent_to_those_who_have_not_switched_it_off(team: Desk, foidesk: Foidesk) -> None:
    assert "In the outbox for Morgan Reid." in foidesk("digest", "--send").output
    assert "In the outbox for Sam Okoro." in foidesk("digest", "--officer", "sam@anytown.example", "--send").output
    assert "Everyone who may have it has switched it off." in foidesk("digest", "--weekly", "--send").output
    assert sent(team) == [("digest", "Morgan Reid"), ("digest-own", "Sam Okoro")]


def test_what_cannot_be_written_is_said(desk: Desk, foidesk: Foidesk) -> None:
    assert "Nobody may have this digest" in foidesk("digest").output
    assert "no active officer with that address" in foidesk("digest", "--officer", "x@y.example").output
    with transaction(desk.engine) as session:
        an_officer(session)
    assert "nothing to say" in foidesk("digest", "--officer", "sam@anytown.example").output
    assert foidesk("digest", "--weekly", "--officer", "sam@anytown.example").exit_code == 2

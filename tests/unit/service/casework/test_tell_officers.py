"""What the owner of a case hears of the mail that comes on it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.own_digest import own_words
from service.casework.receive import receive
from service.casework.sort_post import file_post
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Unreadable
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from service.store.officers import officer_by_id
from service.store.tables import Case, Letter
from tests.builders import a_message, an_officer, arrive, open_a_case, stored_post
from tests.conftest import Time
from tests.unit.service.casework.verbs import answer, given_to, say, verbal

SAM = "officer:1"


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with transaction(desk.engine) as session:
        an_officer(session)
        yield session


@pytest.fixture
def case(session: Session, desk: Desk) -> Case:
    """A case of Sam's."""
    case = open_a_case(session, desk)
    assign(session, desk, case, 1, at=desk.now(), by=SAM)
    return case


def told(session: Session, case: Case) -> list[Letter]:
    return [letter for letter in letters_of_case(session, case.id) if letter.kind == "written"]


def write(session: Session, desk: Desk, case: Case, **changes: object) -> None:
    acknowledgement = letters_of_case(session, case.id)[0]
    arrive(session, desk, a_message(in_reply_to=(acknowledgement.message_id,), **changes))


def test_the_owner_is_told_of_a_mail_on_their_case_and_not_of_the_next_within_the_hour(
    session: Session, desk: Desk, case: Case, time: Time
) -> None:
    write(session, desk, case, text="When shall I hear from you?")
    [letter] = told(session, case)
    assert letter.recipient_address == "sam@anytown.example"
    assert "When shall I hear" not in letter.body
    assert "runs anew" not in letter.body
    time.pass_by(minutes=30)
    write(session, desk, case)
    assert len(told(session, case)) == 1
    time.pass_by(minutes=31)
    write(session, desk, case)
    assert len(told(session, case)) == 2


def test_a_mail_that_starts_the_clock_anew_is_always_told(session: Session, desk: Desk, case: Case, time: Time) -> None:
    write(session, desk, case)
    establish(session, desk, case, ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today()), at=desk.now(), by=SAM)
    time.pass_by(minutes=5)
    write(session, desk, case)
    assert ["runs anew" in letter.body for letter in told(session, case)] == [False, True]
    assert "Monday 1 July 2024" in told(session, case)[-1].body


def test_what_is_filed_by_hand_is_told_unless_the_owner_filed_it(session: Session, desk: Desk, case: Case) -> None:
    for number, by in enumerate((SAM, "officer:2")):
        post = arrive(session, desk, Unreadable(f"It is encrypted ({number})."))
        file_post(session, desk, post, case, at=desk.now(), by=by)
        assert len(told(session, case)) == number


def test_nobody_is_told_of_what_a_machine_wrote_of_an_import_or_of_what_nobody_owns(
    session: Session, desk: Desk, case: Case
) -> None:
    write(session, desk, case, automatic=("X-Autoreply",))
    [acknowledgement, *_] = letters_of_case(session, case.id)
    post = stored_post(session, received_at=desk.now(), acknowledge=False)
    receive(session, desk, post, a_message(in_reply_to=(acknowledgement.message_id,)), "k", at=desk.now())
    assert post.case_id == case.id
    nobodys = open_a_case(session, desk)
    write(session, desk, nobodys)
    quiet = desk.settings.instructions.model_copy(update={"tell_owner": False})
    served = replace(desk, settings=desk.settings.model_copy(update={"instructions": quiet}))
    write(session, served, case)
    assert told(session, case) == told(session, nobodys) == []


def test_the_morning_list_tells_of_mail_since_the_last_one(
    session: Session, desk: Desk, case: Case, time: Time
) -> None:
    def listed() -> list[str]:
        sam = officer_by_id(session, 1)
        assert sam is not None
        words = own_words(session, desk, sam, at=desk.now())
        sections = words["sections"] if words else []
        return [line.note for s in sections if s.name == "mail" for line in s.lines]  # type: ignore[attr-defined]

    assert listed() == []  # the request itself is no news
    write(session, desk, case)
    write(session, desk, case, automatic=("X-Autoreply",))
    assert listed() == ["It came at 09:30 on Monday 3 June 2024"]
    time.pass_by(days=1)
    assert len(listed()) == 1
    time.pass_by(days=1)
    assert listed() == []


def test_what_the_owner_tells_the_desk_by_mail_is_no_news_to_them(session: Session, desk: Desk, tmp_path: Path) -> None:
    served, officer = verbal(desk, tmp_path), officer_by_id(session, 1)
    assert officer is not None
    case, mail = given_to(session, served, officer)
    _, noted = say(session, served, answer(mail, "note: rang the roads team", officer))
    assert noted is not None
    assert noted.state == "done"
    assert told(session, case) == []
    words = own_words(session, served, officer, at=served.now())
    assert words is not None
    assert [section.name for section in words["sections"]] == ["given"]  # type: ignore[attr-defined]

"""Every email we send: complete, rendered with a real case's words, nothing left open."""

import re
from datetime import date
from pathlib import Path

import pytest

from service.bootstrap import WORDING
from service.casework.reply import TEMPLATES, draft_reply
from service.casework.specimen import specimen
from service.commands.doctor import EMAILS
from service.desk import Desk
from service.domain.regime import Regime
from service.letters import LetterFault, Stationery
from service.store.correspondence import letters_of_case
from service.store.database import transaction
from tests.builders import a_message, open_a_case

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{%|\bXX+\b|\[[A-Z ]{3,}\]|\bNone\b|\bUndefined\b")


def test_every_folder_of_an_email_has_a_subject_and_a_body() -> None:
    for folder in (WORDING / "emails").iterdir():
        assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt"}, folder.name


def test_the_doctor_checks_every_email_there_is() -> None:
    assert sorted(EMAILS) == Stationery(WORDING).names()


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("name", EMAILS)
def test_a_specimen_of_each_email_has_no_hole_in_it(sqlite_desk: Desk, name: str, regime: Regime) -> None:
    words = specimen(sqlite_desk, name, sqlite_desk.today(), regime)
    assert not PLACEHOLDER.search(words.subject + words.body)


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_draft_of_each_template_has_no_hole_in_it(sqlite_desk: Desk, template: str) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
        words = draft_reply(session, sqlite_desk, case, template, "Sam Okoro", today=sqlite_desk.today())
    assert not PLACEHOLDER.search(words.subject + words.body)
    assert "01.FOI.24.000001" in words.subject


def test_the_acknowledgement_says_what_a_requester_must_know(sqlite_desk: Desk) -> None:
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk)
        body = letters_of_case(session, case.id)[0].body
    assert not PLACEHOLDER.search(body)
    for needed in (
        "01.FOI.24.000001",
        "Freedom of Information Act 2000",
        "Monday 3 June 2024",
        "no later than Monday 1 July 2024",
        "internal review",
        "Information Commissioner's Office",
        "Anytown Borough Council",
        "foi@anytown.example",
    ):
        assert needed in body


def test_words_of_a_request_stay_words(sqlite_desk: Desk) -> None:
    hostile = "{{ 7*7 }} {% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}"
    with transaction(sqlite_desk.engine) as session:
        case = open_a_case(session, sqlite_desk, a_message(subject=hostile))
        letter = letters_of_case(session, case.id)[0]
    assert hostile in letter.subject
    assert "49" not in letter.subject


def test_a_template_of_the_authoritys_own_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "emails" / "holding"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text("Our own subject")
    (own / "body.txt").write_text("Due {{ on | in_words }}")
    words = Stationery(WORDING, tmp_path).write("holding", {"on": date(2024, 4, 4)})
    assert (words.subject, words.body) == ("Our own subject", "Due Thursday 4 April 2024\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ nobody_gave_this }}", "nobody_gave_this"),
        ("{% if %}", "Expected an expression"),
        ("{{ case.__class__.__mro__ }}", ""),
        ("Dear\n{{ 1 + name }}", "TypeError in line 2"),
        ("{{ 1 // 0 }}", "ZeroDivisionError in line 1"),
        ("{{ name.nothing }}", "no attribute 'nothing' in line 1"),
        ("{{ name | in_words }}", "ValueError"),
        ("{% include 'emails/reply/subject.txt' %}", "RecursionError"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "emails" / "reply"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text(text)
    with pytest.raises(LetterFault, match=re.escape("emails/reply/subject.txt")) as fault:
        Stationery(WORDING, tmp_path).write("reply", {"case": object(), "name": "Ms Wells"})
    assert says in str(fault.value)
    assert "Wells" not in str(fault.value)

"""No page asks the database more often because it shows more rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from service.casework.assign import assign
from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.note import add_note
from service.desk import Desk
from service.domain.kind import Kind
from service.domain.message import Unreadable
from service.domain.outcome import Outcome
from service.store.cases import case_by_reference
from service.store.database import transaction
from service.store.officers import officer_by_email
from service.store.saved_lists import keep_list
from service.store.tables import SavedList
from tests.builders import a_message, arrive, open_a_case
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS, Seeded

VIEWS = ("mine", "unassigned", "to-clear", "due-soon", "overdue", "stopped", "open", "closed", "every")
PAGES = (
    *(f"/list/{view}" for view in VIEWS),
    "/list/open?q=numbered&regime=FOIA&sort=-subject&tick=all",
    "/dashboard",
    "/saved",
    "/post",
    "/post/automatic",
    "/post/forwarded",
    "/post/letters",
    "/consultations",
    "/search?q=numbered",
    "/cases/{}",
    "/news?list=/list/open&have=1.1&case={}&seq=1",
)


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(desk.engine, "before_cursor_execute", note)
    yield sent
    event.remove(desk.engine, "before_cursor_execute", note)


def grow(desk: Desk, seeded: Seeded, number: int) -> None:
    """That many more of all that a list shows: cases of every standing, mails, saved lists, events of one case."""
    with transaction(desk.engine) as session:
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
        by, now = f"officer:{sam.id}", desk.now()
        for n in range(number):
            ages = (1, 33, 26, 20, 40)
            cases = [
                open_a_case(session, desk, a_message(subject=f"Numbered {n}"), received_at=now - timedelta(days=age))
                for age in ages
            ]
            for case in cases[1:]:
                assign(session, desk, case, sam.id, at=now, by=by)
            establish(session, desk, cases[3], ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today()), at=now, by=by)
            answered_on = (now - timedelta(days=30)).date()
            close(session, desk, cases[4], Outcome.GRANTED, answered_on=answered_on, at=now, by=by)
            arrive(session, desk, Unreadable(f"its structure is broken {number} {n}"))
            arrive(session, desk, a_message(subject="Away", automatic=("Auto-Submitted: auto-replied",)))
            row = SavedList(officer_id=sam.id, name=f"List {number} {n}", view="open", made_at=now)
            row.query = f"q=numbered+{n}"
            keep_list(session, row)
            add_note(session, desk, case_by_reference(session, seeded.overdue), "A note.", at=now, by=by)


@pytest.fixture
def grown(desk: Desk, seeded: Seeded, officer: Browser) -> dict[str, tuple[int, int]]:
    """For each page, how many statements it takes before and after its rows have become many."""
    paths = [path.format(seeded.overdue) for path in PAGES]

    def numbers() -> list[int]:
        found = []
        for path in paths:
            officer.get(path)  # what is read once a process is read now
            with counted(desk) as sent:
                assert officer.get(path).status_code == 200, path
            found.append(len(sent))
        return found

    grow(desk, seeded, 2)
    few = numbers()
    grow(desk, seeded, 50)
    return dict(zip(paths, zip(few, numbers(), strict=True), strict=True))


def test_the_statements_of_a_page_do_not_grow_with_its_rows(grown: dict[str, tuple[int, int]]) -> None:
    assert {path: numbers for path, numbers in grown.items() if numbers[1] > numbers[0]} == {}
    assert max(numbers[1] for path, numbers in grown.items() if path.startswith("/list")) <= 30

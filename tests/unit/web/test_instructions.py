"""The record of instructions by email, and the page on which an officer confirms one."""

from pathlib import Path

import pytest
from sqlmodel import Session

from service.desk import Desk
from service.domain.outcome import Outcome
from service.domain.stage import Stage
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.officers import officer_by_email
from service.store.tables import InstructionRow
from tests.unit.service.casework.verbs import FAIL, answer, given_to, say, verbal
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import EMAILS


def said(session: Session, served: Desk, text: str, **changes: object) -> tuple[str, InstructionRow]:
    """What the officer of the seeded desk says about a new case; its reference, and the record."""
    officer = officer_by_email(session, EMAILS["officer"])
    assert officer is not None
    case, given = given_to(session, served, officer)
    _, row = say(session, served, answer(given, text, officer, **changes))
    assert row is not None
    return case.reference, row


@pytest.fixture
def confirming(desk: Desk, tmp_path: Path) -> tuple[str, int]:
    """An instruction that waits for a click."""
    served = verbal(desk, tmp_path)
    with transaction(served.engine) as session:
        reference, row = said(session, served, "close not held", trace=())
        return reference, row.id


def test_its_officer_sees_what_was_said_and_does_it_by_post(
    officer: Browser, desk: Desk, confirming: tuple[str, int]
) -> None:
    reference, number = confirming
    page = officer.get(f"/instructions/{number}").text
    assert "Did you write this?" in page
    assert "information not held" in page
    with reading(desk.engine) as session:
        assert case_by_reference(session, reference).stage == Stage.ALLOCATED  # looking does nothing
    assert officer.post(f"/instructions/{number}").status_code == 302
    with reading(desk.engine) as session:
        case = case_by_reference(session, reference)
        assert (case.stage, case.outcome) == (Stage.CLOSED, Outcome.NOT_HELD)
    assert "Said by email: “close”" in officer.get(f"/cases/{reference}").text
    again = officer.post(f"/instructions/{number}")
    assert (again.status_code, "has been decided already" in again.text) == (409, True)


def test_nobody_else_sees_or_confirms_it(
    supervisor: Browser, stranger: Browser, desk: Desk, confirming: tuple[str, int]
) -> None:
    reference, number = confirming
    assert supervisor.get(f"/instructions/{number}").status_code == 403
    assert supervisor.post(f"/instructions/{number}").status_code == 403
    assert stranger.get(f"/instructions/{number}").status_code == 302
    with reading(desk.engine) as session:
        assert case_by_reference(session, reference).stage == Stage.ALLOCATED


def test_one_that_does_not_exist_is_not_found(officer: Browser) -> None:
    assert officer.get("/instructions/4711").status_code == 404


def test_supervisors_see_all_that_was_said_and_narrow_it(
    supervisor: Browser, officer: Browser, desk: Desk, tmp_path: Path
) -> None:
    assert "Nobody has told the desk anything by email yet" in supervisor.get("/instructions").text
    served = verbal(desk, tmp_path)
    with transaction(served.engine) as session:
        said(session, served, "take")
        reference, _ = said(session, served, "close not held", trace=FAIL)
    page = supervisor.get("/instructions").text
    assert "2 instructions, newest first" in page
    assert "our mail server says that it does not come from the address" in page
    assert "Was told by email: “close”. It was refused" in officer.get(f"/cases/{reference}").text
    assert "1 instruction, newest first" in supervisor.get("/instructions?state=refused").text
    assert "None like that" in supervisor.get("/instructions?verb=approve").text
    assert supervisor.get("/instructions?state=x&officer=y&page=z").status_code == 200
    assert officer.get("/instructions").status_code == 403

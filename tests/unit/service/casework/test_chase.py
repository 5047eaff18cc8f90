"""Chasers: once at each milestone, to the owner and to the team."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.casework.assign import assign
from service.casework.chase import chase_cases, milestone
from service.casework.close import close
from service.desk import Desk
from service.domain.outcome import Outcome
from service.store.database import transaction
from service.store.tables import Case, Letter
from tests.builders import an_officer, open_a_case
from tests.conftest import Time

MON_JUL_1 = date(2024, 7, 1)  # when a request of Monday 3 June 2024 is due


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2024, 6, 21), None),  # Friday: six working days are left
        (date(2024, 6, 24), "due in 5 working days"),  # Monday
        (date(2024, 6, 26), "due in 5 working days"),
        (date(2024, 6, 27), "due in 2 working days"),  # Thursday
        (date(2024, 6, 30), "due in 2 working days"),  # Sunday: Monday is one day of the two
        (date(2024, 7, 1), "due today"),
        (date(2024, 7, 2), "overdue"),
    ],
)
def test_a_deadline_reaches_its_milestones_by_working_days(sqlite_desk: Desk, today: date, name: str | None) -> None:
    assert milestone(MON_JUL_1, today, sqlite_desk.calendars.of("FOIA")) == name


def chasers(session: Session) -> list[tuple[str, str]]:
    letters = session.exec(select(Letter).where(Letter.kind == "due").order_by(Letter.id))  # type: ignore[arg-type]
    return [(letter.recipient_address, letter.subject) for letter in letters]


def run(session: Session, desk: Desk, today: date) -> int:
    return chase_cases(session, desk, today=today, at=desk.now())


def test_the_owner_and_the_team_are_told_once_at_each_milestone(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        case = open_a_case(session, desk)
        assign(session, desk, case, sam.id, at=desk.now(), by="officer:1")
        for day in (24, 24, 25, 26, 27, 28):
            run(session, desk, date(2024, 6, day))
        subjects = [subject for _, subject in chasers(session)]
        assert [to for to, _ in chasers(session)] == [sam.email, "team@anytown.example"] * 2
    assert subjects[0] == "[01.FOI.24.000001] Due in 5 working days: Pothole repairs"
    assert subjects[2] == "[01.FOI.24.000001] Due in 2 working days: Pothole repairs"


def test_a_desk_that_slept_through_milestones_writes_only_of_the_latest(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
        assert run(session, desk, date(2024, 7, 3)) == 1
        assert [subject for _, subject in chasers(session)] == ["[01.FOI.24.000001] Overdue: Pothole repairs"]
        assert run(session, desk, date(2024, 7, 4)) == 0


def test_a_case_that_is_closed_is_not_chased(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        close(session, desk, case, Outcome.GRANTED, answered_on=date(2024, 6, 3), at=desk.now(), by="officer:1")
        assert run(session, desk, date(2024, 7, 3)) == 0


def test_a_chaser_is_automatic_and_links_to_the_case(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
        run(session, desk, date(2024, 7, 1))
        letter = session.exec(select(Letter).where(Letter.kind == "due")).one()
        reference = session.exec(select(Case.reference)).one()
    assert letter.automatic == "auto-generated"
    assert f"http://127.0.0.1:8000/cases/{reference}" in letter.body

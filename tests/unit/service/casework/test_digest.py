"""What supervisors read each morning."""

from datetime import date, timedelta

from sqlmodel import select

from service.casework.clock_facts import ClockFact, establish
from service.casework.digest import write_digests
from service.desk import Desk
from service.domain.kind import Kind
from service.store.database import reading, transaction
from service.store.tables import Case, Letter
from tests.builders import an_officer, open_a_case
from tests.conftest import Time


def digest(desk: Desk) -> str:
    with transaction(desk.engine) as session:
        write_digests(session, desk, today=desk.today(), at=desk.now())
    with reading(desk.engine) as session:
        query = select(Letter.body).where(Letter.kind == "digest").order_by(Letter.id.desc())  # type: ignore[attr-defined]
        return str(session.exec(query).first())


def a_case_that_waits(desk: Desk, kind: Kind) -> str:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        establish(session, desk, case, ClockFact(kind, desk.today()), at=desk.now(), by="officer:1")
        return case.reference


def test_stopped_clocks_are_told_with_what_they_wait_for_the_longest_first(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session, "Morgan Reid", "supervisor")
    clarification = a_case_that_waits(desk, Kind.CLARIFICATION_SOUGHT)
    time.pass_by(days=1)
    fee = a_case_that_waits(desk, Kind.FEES_NOTICE)
    told = digest(desk).partition("CLOCK STOPPED, THE LONGEST FIRST\n")[2]
    assert told.startswith(f"  {clarification}  waiting for clarification since Monday 3 June 2024  nobody\n")
    assert f"  {fee}  waiting for the fee since Tuesday 4 June 2024  nobody\n" in told
    assert "the fee can be paid until Tuesday 3 September 2024\n" in told


def test_a_fee_that_never_came_is_said_to_have_lapsed(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session, "Morgan Reid", "supervisor")
    a_case_that_waits(desk, Kind.FEES_NOTICE)
    lapses_on = date(2024, 9, 2)
    time.pass_by(days=(lapses_on - desk.today()).days)
    assert "has lapsed" not in digest(desk)
    time.pass_by(days=1)
    assert "can be paid until Monday 2 September 2024: the request has lapsed and can be closed\n" in digest(desk)


def test_a_clock_that_runs_again_is_no_longer_told(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session, "Morgan Reid", "supervisor")
    reference = a_case_that_waits(desk, Kind.CLARIFICATION_SOUGHT)
    time.moment += timedelta(days=2)
    with transaction(desk.engine) as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        establish(session, desk, case, ClockFact(Kind.CLARIFIED, desk.today()), at=desk.now(), by="officer:1")
    assert digest(desk).partition("LONGEST FIRST\n")[2].startswith("  none\n")

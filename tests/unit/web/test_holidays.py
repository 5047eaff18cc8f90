"""The page of bank holidays: everyone reads it, supervisors change it and see first what moves."""

from datetime import date

from sqlmodel import select

from service.casework.change_calendar import change_calendar
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.working_days import Division
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.tables import Case, Letter
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded

ON_JUN_5 = {"on-day": "5", "on-month": "6", "on-year": "2024"}
PROCLAIMED = {"proclaimed_on-day": "3", "proclaimed_on-month": "6", "proclaimed_on-year": "2024"}
WEDDING = ON_JUN_5 | PROCLAIMED | {"division": "ENG", "title": "A royal wedding", "source": "The London Gazette"}


def the_case(desk: Desk, reference: str) -> Case:
    with reading(desk.engine) as session:
        return case_by_reference(session, reference)


def test_everyone_reads_the_holidays_of_a_year(officer: Browser) -> None:
    page = officer.get("/holidays").text
    assert "Bank holidays of 2024" in page
    assert "Good Friday" in page
    assert "Add a holiday" not in page
    assert "Jubilee" in officer.get("/holidays?year=2022").text
    assert "None is known for 1999." in officer.get("/holidays?year=1999").text


def test_a_supervisor_sees_what_moves_before_anything_is_changed(
    supervisor: Browser, desk: Desk, seeded: Seeded
) -> None:
    before = the_case(desk, seeded.soon)
    supervisor.get("/holidays/add")
    page = supervisor.post("/holidays/add", **WEDDING)
    assert "open cases move" in page.text
    assert seeded.soon in page.text
    assert the_case(desk, seeded.soon) == before
    assert "None." in supervisor.get("/holidays").text


def test_adding_a_holiday_moves_the_open_cases_and_tells_their_owners(
    supervisor: Browser, desk: Desk, seeded: Seeded
) -> None:
    before = the_case(desk, seeded.soon)
    supervisor.get("/holidays/add")
    assert supervisor.post("/holidays/add", step="record", **WEDDING).status_code == 302
    after = the_case(desk, seeded.soon)
    assert before.due_on is not None
    assert after.due_on is not None
    assert after.due_on > before.due_on
    assert after.prudent_due_on == before.due_on
    assert after.calendar_version.endswith("+1")
    page = supervisor.get("/holidays").text
    assert "A royal wedding" in page
    assert "Priya Nair" in page
    with reading(desk.engine) as session:
        moved = session.exec(select(Letter).where(Letter.kind == "moved")).all()
    assert any(seeded.soon in letter.body for letter in moved)
    assert "Moved the deadline from" in supervisor.get(f"/cases/{seeded.soon}").text


def test_withdrawing_it_moves_them_back(supervisor: Browser, desk: Desk, seeded: Seeded) -> None:
    before = the_case(desk, seeded.soon).due_on
    supervisor.get("/holidays/add")
    supervisor.post("/holidays/add", step="record", **WEDDING)
    page = supervisor.get("/holidays/withdraw?division=ENG&on-day=5&on-month=6&on-year=2024")
    assert 'value="5"' in page.text
    withdrawn = ON_JUN_5 | {"division": "ENG", "source": "The London Gazette"}
    assert "cases move" in supervisor.post("/holidays/withdraw", **withdrawn).text
    supervisor.post("/holidays/withdraw", step="record", **withdrawn)
    assert the_case(desk, seeded.soon).due_on == before


def test_what_changes_nothing_is_refused(supervisor: Browser) -> None:
    supervisor.get("/holidays/add")
    for words, said in (
        (WEDDING | {"on-day": "8"}, "is no working day anyway"),
        (WEDDING | {"on-day": "27", "on-month": "5"}, "is a holiday in England and Wales already"),
        (WEDDING | {"division": "FRA"}, "Choose where it is a holiday"),
        (WEDDING | {"title": ""}, "Enter what the holiday is called"),
        (WEDDING | {"proclaimed_on-year": "2025"}, "which is still to come"),
    ):
        page = supervisor.post("/holidays/add", **words)
        assert page.status_code == 422
        assert said in page.text


def test_an_officer_cannot_change_the_calendar(officer: Browser) -> None:
    officer.get("/holidays")
    assert officer.post("/holidays/add", step="record", **WEDDING).status_code == 403


def test_a_calendar_changed_elsewhere_holds_on_the_next_page(stranger: Browser, desk: Desk) -> None:
    assert "Monday 1 July 2024" in stranger.get("/deadline?received=2024-06-03&regime=FOIA").text
    change = CalendarChange(ChangeKind.ADDED, date(2024, 6, 5), desk.today(), Division.ENG, "A wedding", "a test")
    calendars = desk.calendars
    with transaction(desk.engine) as session:
        change_calendar(session, desk, [change], at=desk.now(), by="console")
    assert desk.calendars is calendars  # nobody told this process
    assert "Tuesday 2 July 2024" in stranger.get("/deadline?received=2024-06-03&regime=FOIA").text


def test_a_holiday_of_the_whole_kingdom_is_entered_once(supervisor: Browser, desk: Desk) -> None:
    supervisor.get("/holidays/add")
    everywhere = WEDDING | {"division": "UK"}
    assert "the whole United Kingdom, A royal wedding" in supervisor.post("/holidays/add", **everywhere).text
    assert supervisor.post("/holidays/add", step="record", **everywhere).status_code == 302
    with reading(desk.engine) as session:
        calendars = desk.almanac.refresh(session)
    kept = {row.division for row in calendars.uk.holidays if row.title == "A royal wedding"}
    assert kept == {Division.ENG, Division.SCT, Division.NIR}
    supervisor.post("/holidays/withdraw", step="record", **everywhere)
    with reading(desk.engine) as session:
        assert "A royal wedding" not in {row.title for row in desk.almanac.refresh(session).uk.holidays}


def test_the_summary_names_the_field_of_each_day(supervisor: Browser) -> None:
    supervisor.get("/holidays/add")
    page = supervisor.post("/holidays/add", division="", title="", source="")
    assert page.status_code == 422
    summary = page.text.partition("There is a problem")[2].partition("</ul>")[0]
    for said in ("The day of the holiday must", "The day on which it was proclaimed must", "Choose where it is"):
        assert said in summary

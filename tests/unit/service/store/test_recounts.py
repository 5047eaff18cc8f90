"""Cases to count anew: handed out to one transaction at a time."""

from datetime import date
from threading import Thread

from service.casework.change_calendar import change_calendar
from service.casework.recount import recount_some
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.kind import Kind
from service.domain.working_days import Division
from service.store.cases import history
from service.store.database import reading, transaction
from tests.builders import open_a_case

MON_JUN_3, MON_JUN_10 = date(2024, 6, 3), date(2024, 6, 10)


def test_two_recounts_at_once_move_a_case_once(desk: Desk) -> None:
    added = CalendarChange(ChangeKind.ADDED, MON_JUN_10, MON_JUN_3, Division.ENG, "A royal wedding")
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        change_calendar(session, desk, [added], at=desk.now(), by="console")

    def the_timetable() -> None:
        with transaction(desk.engine) as another:
            recount_some(another, desk, at=desk.now())

    thread = Thread(target=the_timetable)
    with transaction(desk.engine) as session:
        assert recount_some(session, desk, at=desk.now()).done == 1
        thread.start()
        thread.join(timeout=1)  # on SQLite it waits for us
    thread.join()
    with reading(desk.engine) as session:
        kinds = [event.kind for event in history(session, case.id)]
    assert kinds.count(Kind.RECOUNTED) == 1

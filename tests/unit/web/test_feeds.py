"""Deadlines as calendar programs read them, checked by a parser of others."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event
from sqlmodel import select
from werkzeug.test import TestResponse

from service.casework.clock_facts import ClockFact, establish
from service.casework.close import close
from service.casework.grant import make_feed
from service.desk import Desk
from service.domain.icalendar import Day, write_calendar
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.store.cases import case_by_reference
from service.store.database import transaction
from service.store.feeds import end_feeds_of
from service.store.officers import officer_by_email
from service.store.tables import CalendarFeed
from tests.conftest import Time
from tests.unit.web.conftest import Browser, with_settings
from tests.unit.web.seed import EMAILS, Seeded
from web.app import create_app

JUN_3 = datetime(2024, 6, 3, 8, 30, tzinfo=UTC)


def a_feed(desk: Desk, role: str = "officer", *, whole_team: bool = False) -> str:
    with transaction(desk.engine) as session:
        owner = officer_by_email(session, EMAILS[role])
        assert owner is not None
        return make_feed(session, owner.id, whole_team=whole_team, at=desk.now())


def entries(answer: TestResponse) -> dict[str, Any]:
    """The events by their UID."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_a_feed_tells_each_open_case_of_its_officer_on_its_day(desk: Desk, seeded: Seeded, stranger: Browser) -> None:
    found = entries(stranger.get(f"/calendar/{a_feed(desk)}.ics"))
    assert list(found) == [f"{r}@127.0.0.1" for r in (seeded.overdue, seeded.due_today, seeded.soon)]
    event = found[f"{seeded.due_today}@127.0.0.1"]
    assert event.decoded("DTSTART") == date(2024, 6, 3)  # a day and no hour
    assert event.decoded("DTEND") == date(2024, 6, 4)
    assert event["SUMMARY"] == f"{seeded.due_today}: answer due (due soon)"
    assert event["URL"] == f"http://127.0.0.1:8000/cases/{seeded.due_today}"
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == JUN_3


def test_the_teams_feed_has_everyones_cases_and_tells_nothing_of_requests(
    desk: Desk, seeded: Seeded, stranger: Browser
) -> None:
    answer = stranger.get(f"/calendar/{a_feed(desk, whole_team=True)}.ics")
    assert {f"{r}@127.0.0.1" for r in (seeded.unassigned, seeded.of_colleague)} < set(entries(answer))
    for told in ("Harriet", "Bell", "Trees", "Parking", "Okoro"):
        assert told not in answer.text


def test_the_subject_is_told_where_the_settings_say_so(desk: Desk, seeded: Seeded, tmp_path: Path) -> None:
    open_minded = create_app(with_settings(desk, tmp_path, web={"calendar_subjects": True}))
    answer = open_minded.test_client().get(f"/calendar/{a_feed(desk)}.ics")
    event = entries(answer)[f"{seeded.overdue}@127.0.0.1"]
    assert event["SUMMARY"] == f"{seeded.overdue}: answer due (overdue): Trees felled in 2023"


def test_a_deadline_that_moves_moves_its_entry_and_counts_up(
    desk: Desk, seeded: Seeded, stranger: Browser, time: Time
) -> None:
    token, uid = a_feed(desk), f"{seeded.soon}@127.0.0.1"
    before = entries(stranger.get(f"/calendar/{token}.ics"))[uid]
    time.pass_by(hours=1)
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.soon)
        told = {"until": "2024-06-28", "reason": "the public interest test"}
        establish(session, desk, case, ClockFact(Kind.EXTENDED, desk.today(), told), at=desk.now(), by="officer:1")
    after = entries(stranger.get(f"/calendar/{token}.ics"))[uid]
    assert after.decoded("DTSTART") == date(2024, 6, 28) != before.decoded("DTSTART")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") == JUN_3 + timedelta(hours=1)


def test_an_answered_case_leaves_the_feed_and_is_cancelled_by_itself(
    desk: Desk, seeded: Seeded, stranger: Browser, officer: Browser
) -> None:
    token, uid = a_feed(desk), f"{seeded.soon}@127.0.0.1"
    first = entries(officer.get(f"/cases/{seeded.soon}/deadline.ics"))[uid]
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.soon)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
    assert uid not in entries(stranger.get(f"/calendar/{token}.ics"))
    last = entries(officer.get(f"/cases/{seeded.soon}/deadline.ics"))[uid]
    assert (first["STATUS"], last["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert last["SEQUENCE"] > first["SEQUENCE"]


def test_a_program_that_has_the_newest_is_told_so(desk: Desk, seeded: Seeded, stranger: Browser, time: Time) -> None:
    address = f"/calendar/{a_feed(desk)}.ics"
    first = stranger.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    time.pass_by(hours=2)
    again = stranger.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    time.pass_by(days=1)  # what was due today is overdue
    assert stranger.client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert seeded


def test_only_the_hash_of_an_address_is_kept(desk: Desk) -> None:
    token = a_feed(desk)
    with transaction(desk.engine) as session:
        row = session.exec(select(CalendarFeed)).one()
    assert len(token) == 43
    assert token not in repr(row)


def test_a_leavers_feed_ends(desk: Desk, stranger: Browser) -> None:
    token, other = a_feed(desk), a_feed(desk, "supervisor")
    with transaction(desk.engine) as session:
        sam = officer_by_email(session, EMAILS["officer"])
        assert sam is not None
        sam.active = False
        session.add(sam)
    assert stranger.get(f"/calendar/{token}.ics").status_code == 404
    with transaction(desk.engine) as session:
        end_feeds_of(session, sam.id)
        sam = session.merge(sam)
        sam.active = True  # come back, they make a new one
        session.add(sam)
    assert stranger.get(f"/calendar/{token}.ics").status_code == 404
    assert stranger.get(f"/calendar/{other}.ics").status_code == 200


def test_a_feed_asks_as_much_of_the_database_for_many_cases_as_for_few(desk: Desk, stranger: Browser) -> None:
    mine, team = a_feed(desk), a_feed(desk, whole_team=True)
    assert counted(desk, lambda: stranger.get(f"/calendar/{mine}.ics")) == counted(
        desk, lambda: stranger.get(f"/calendar/{team}.ics")
    )


def counted(desk: Desk, act: Callable[[], object]) -> int:
    said: list[str] = []

    def listen(_c: object, _k: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(desk.engine, "before_cursor_execute", listen)
    act()
    event.remove(desk.engine, "before_cursor_execute", listen)
    return len(said)


AWKWARD = "Répàirs; a,b \\ “quoted”\nand " + "ü" * 120 + "\x00\x07 BEGIN:VEVENT"


def test_no_text_can_break_out_of_its_line() -> None:
    day = Day("x@y", date(2024, 6, 3), AWKWARD, AWKWARD, "https://foi.example/a,b;c", 3, JUN_3)
    content = write_calendar(AWKWARD, [day])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == AWKWARD.replace("\x00\x07", "")
    assert event["URL"] == "https://foi.example/a,b;c"


def test_a_calendar_without_deadlines_is_still_one() -> None:
    found = Calendar.from_ical(write_calendar("Nothing", []))
    assert list(found.walk("VEVENT")) == []
    assert [part.name for part in found.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_an_address_is_made_shown_once_and_revoked(browser: Callable[[str], Browser], role: str) -> None:
    window = browser(role)
    made = window.post("/calendar-and-api/feeds", whose="team")
    shown = window.get(made.headers["Location"])
    address = shown.text.split('tabindex="0">')[1].split("</code>")[0]
    assert address.startswith("http://127.0.0.1:8000/calendar/")
    path = address.removeprefix("http://127.0.0.1:8000")
    assert window.get(path).status_code == 200
    page = window.get(made.headers["Location"]).text  # loaded again
    assert address not in page
    assert "FOI deadlines of the team" in page
    assert window.post("/calendar-and-api/feeds/1/revoke").status_code == 302
    assert window.get(path).status_code == 404


def test_nobody_revokes_a_colleagues_address(desk: Desk, officer: Browser) -> None:
    a_feed(desk, "supervisor")
    assert officer.post("/calendar-and-api/feeds/1/revoke").status_code == 404


def test_a_stopped_clock_has_no_day_for_a_calendar(desk: Desk, seeded: Seeded, officer: Browser) -> None:
    with transaction(desk.engine) as session:
        case = case_by_reference(session, seeded.soon)
        fact = ClockFact(Kind.CLARIFICATION_SOUGHT, desk.today(), {"reason": "unclear"})
        establish(session, desk, case, fact, at=desk.now(), by="officer:1")
    assert officer.get(f"/cases/{seeded.soon}/deadline.ics").status_code == 409
    assert "deadline.ics" not in officer.get(f"/cases/{seeded.soon}").text

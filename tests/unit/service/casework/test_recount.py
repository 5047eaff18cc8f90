"""A changed calendar moves the open cases, once, and says so on each; closed ones keep what they were answered by."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from sqlmodel import Session, select

from service.casework import recount
from service.casework.assign import assign
from service.casework.change_calendar import change_calendar
from service.casework.clock_facts import ClockFact, establish, strike_out
from service.casework.close import close
from service.casework.explain_case import explain_case
from service.casework.open_case import Request, open_case
from service.casework.record import caches
from service.casework.recount import BATCH, Move, moves_under, recount_some, to_recount
from service.casework.tell_moves import tell_moves
from service.desk import Desk
from service.domain.calendars import CalendarChange, CalendarChangeRefused, Calendars, ChangeKind, load_calendars
from service.domain.clock import Matter
from service.domain.history import CaseEvent, replay
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.regime import Regime
from service.domain.working_days import Division
from service.errors import ClockError
from service.store.almanac import Almanac
from service.store.cases import history
from service.store.database import reading, transaction
from service.store.officers import officers
from service.store.tables import Case, Letter
from tests.builders import an_officer, open_a_case
from tests.conftest import Time, council_settings

MON_JUN_3, MON_JUN_10, MON_JUL_1, TUE_JUL_2 = date(2024, 6, 3), date(2024, 6, 10), date(2024, 7, 1), date(2024, 7, 2)
WEDDING = CalendarChange(
    ChangeKind.ADDED, MON_JUN_10, MON_JUN_3, Division.ENG, "A royal wedding", "The Gazette", MON_JUN_3
)
CALLED_OFF = CalendarChange(ChangeKind.WITHDRAWN, MON_JUN_10, MON_JUN_3, Division.ENG)


def change(desk: Desk, *changes: CalendarChange) -> None:
    with transaction(desk.engine) as session:
        change_calendar(session, desk, changes, at=desk.now(), by="console")


def recount_all(desk: Desk, most: int = BATCH) -> list[Move]:
    moves: list[Move] = []
    done = 1
    while done:
        with transaction(desk.engine) as session:
            counted = recount_some(session, desk, at=desk.now(), most=most)
        done = counted.done
        moves += counted.moves
    with transaction(desk.engine) as session:
        tell_moves(session, desk, at=desk.now())
    return moves


def told_of(desk: Desk, case: Case) -> list[CaseEvent]:
    with reading(desk.engine) as session:
        return history(session, case.id)


def the_case(desk: Desk, case: Case) -> Case:
    with reading(desk.engine) as session:
        return session.get_one(Case, case.id)


def a_case(desk: Desk, owner_id: int | None = None) -> Case:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        if owner_id is not None:
            assign(session, desk, case, owner_id, at=desk.now(), by="officer:1")
        return case


def letters(desk: Desk) -> list[Letter]:
    with reading(desk.engine) as session:
        return list(session.exec(select(Letter).where(Letter.kind == "moved")))


def test_an_added_holiday_moves_the_deadline_keeps_the_prudent_one_and_is_on_the_record(desk: Desk) -> None:
    case = a_case(desk)
    change(desk, WEDDING)
    assert the_case(desk, case).due_on == MON_JUL_1
    [move] = recount_all(desk)
    assert (move.reference, move.from_on, move.to_on) == (case.reference, MON_JUL_1, TUE_JUL_2)
    after = the_case(desk, case)
    # The request came on the day of the proclamation, so nobody can say that it was not known on day 0.
    assert (after.due_on, after.prudent_due_on) == (TUE_JUL_2, TUE_JUL_2)
    assert after.calendar_version == desk.calendars.version
    event = told_of(desk, case)[-1]
    assert (event.kind, event.actor) == (Kind.RECOUNTED, "desk")
    assert event.data == {
        "from": "2024-07-01",
        "to": "2024-07-02",
        "because": "Monday 10 June 2024 is now a bank holiday in England and Wales: A royal wedding.",
        "due_on": "2024-07-02",
        "calendar": desk.calendars.version,
    }


def test_a_request_older_than_the_proclamation_keeps_its_prudent_date(desk: Desk, time: Time) -> None:
    case = a_case(desk)
    time.pass_by(days=2)
    change(desk, replace(WEDDING, proclaimed_on=MON_JUN_3 + timedelta(days=2), made_on=desk.today()))
    recount_all(desk)
    after = the_case(desk, case)
    assert (after.due_on, after.prudent_due_on) == (TUE_JUL_2, MON_JUL_1)


def test_what_was_called_off_moves_back(desk: Desk) -> None:
    case = a_case(desk)
    change(desk, WEDDING)
    recount_all(desk)
    change(desk, CALLED_OFF)
    [move] = recount_all(desk)
    assert (move.from_on, move.to_on) == (TUE_JUL_2, MON_JUL_1)
    assert the_case(desk, case).due_on == MON_JUL_1
    assert [event.kind for event in told_of(desk, case)][-2:] == [Kind.RECOUNTED, Kind.RECOUNTED]


def test_a_closed_case_keeps_the_calendar_it_was_answered_by(desk: Desk) -> None:
    case = a_case(desk)
    with transaction(desk.engine) as session:
        found = session.get_one(Case, case.id)
        close(session, desk, found, Outcome.GRANTED, answered_on=MON_JUN_3, at=desk.now(), by="officer:1")
    before = the_case(desk, case)
    change(desk, WEDDING)
    assert recount_all(desk) == []
    assert the_case(desk, case) == before


def test_a_case_that_does_not_move_changes_its_version_and_nothing_else(desk: Desk) -> None:
    case = a_case(desk)
    told = told_of(desk, case)
    change(desk, replace(WEDDING, on=date(2024, 8, 12)))
    assert recount_all(desk) == []
    assert the_case(desk, case).calendar_version == desk.calendars.version
    assert told_of(desk, case) == told
    assert letters(desk) == []


def test_each_owner_reads_of_their_own_cases_and_the_team_of_the_rest(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam, nia = an_officer(session).id, an_officer(session, "Nia Howells").id
    mine, hers, gone = a_case(desk, sam), a_case(desk, nia), a_case(desk)
    with transaction(desk.engine) as session:
        leaver = next(officer for officer in officers(session) if officer.id == nia)
        leaver.active = False
        session.add(leaver)
    change(desk, WEDDING)
    recount_all(desk)
    by_address = {letter.recipient_address: letter.body for letter in letters(desk)}
    assert sorted(by_address) == ["sam@anytown.example", "team@anytown.example"]
    assert mine.reference in by_address["sam@anytown.example"]
    assert hers.reference not in by_address["sam@anytown.example"]
    assert {hers.reference, gone.reference} <= set(by_address["team@anytown.example"].split()) | {
        word.strip(":") for word in by_address["team@anytown.example"].split()
    }
    assert "was due Monday 1 July 2024" in by_address["sam@anytown.example"]
    assert "now due Tuesday 2 July 2024" in by_address["sam@anytown.example"]


def test_without_a_team_address_an_unowned_case_still_has_it_on_record(sqlite_desk: Desk, tmp_path: Path) -> None:
    desk = replace(sqlite_desk, settings=council_settings(tmp_path, team={"address": None}))
    case = a_case(desk)
    change(desk, WEDDING)
    recount_all(desk)
    assert letters(desk) == []
    assert told_of(desk, case)[-1].kind is Kind.RECOUNTED


def a_case_that_no_longer_fits(desk: Desk, time: Time) -> Case:
    """Its extension was told on the last day, which a holiday called off since has taken away."""
    case = a_case(desk)
    time.moment = datetime(2024, 7, 2, 9, tzinfo=UTC)
    change(desk, WEDDING)
    recount_all(desk)
    extended = ClockFact(Kind.EXTENDED, TUE_JUL_2, {"until": "2024-07-30", "reason": "Complex"})
    with transaction(desk.engine) as session:
        establish(session, desk, session.get_one(Case, case.id), extended, at=desk.now(), by="officer:1")
    change(desk, CALLED_OFF)
    return case


def test_a_history_that_the_new_calendar_cannot_hold_keeps_its_dates_and_is_said_so_once(
    desk: Desk, time: Time
) -> None:
    case = a_case_that_no_longer_fits(desk, time)
    [move] = recount_all(desk)
    assert move.trouble == (
        "Notice of an extension must go by Monday 1 July 2024, within the time limit itself (s.10(3) and s.17(2))."
    )
    after = the_case(desk, case)
    assert (after.due_on, after.calendar_version) == (date(2024, 7, 30), "2026.1+1")
    assert recount_all(desk) == []
    with reading(desk.engine) as session:
        assert to_recount(session, desk) == 0
    assert "stays due Tuesday 30 July 2024. Please look: Its history does not fit" in letters(desk)[-1].body


def test_such_a_case_can_be_read_before_the_recount_has_come_by(desk: Desk, time: Time) -> None:
    a_case_that_no_longer_fits(desk, time)
    with reading(desk.engine) as session:
        desk.almanac.refresh(session)
        clock = explain_case(session, desk, session.exec(select(Case)).one()).clock
    assert (clock.due_on, clock.calendar_version) == (date(2024, 7, 30), "2026.1+1")


def test_what_is_recorded_on_such_a_case_later_is_counted_by_its_own_calendar(desk: Desk, time: Time) -> None:
    a_case_that_no_longer_fits(desk, time)
    recount_all(desk)
    with transaction(desk.engine) as session:
        case = session.exec(select(Case)).one()
        sought = ClockFact(Kind.CLARIFICATION_SOUGHT, TUE_JUL_2)
        establish(session, desk, case, sought, at=desk.now(), by="officer:1")
        assert case.clock_state == "waiting for clarification"


def test_an_officers_fact_on_such_a_case_need_not_wait_for_the_recount(desk: Desk, time: Time) -> None:
    case = a_case_that_no_longer_fits(desk, time)
    sought = ClockFact(Kind.CLARIFICATION_SOUGHT, TUE_JUL_2)
    with transaction(desk.engine) as session:
        establish(session, desk, session.get_one(Case, case.id), sought, at=desk.now(), by="officer:1")
    after = the_case(desk, case)
    assert (after.clock_state, after.calendar_version) == ("waiting for clarification", "2026.1+1")


def test_once_a_person_has_struck_out_what_does_not_fit_it_is_counted_by_the_new_calendar(
    desk: Desk, time: Time
) -> None:
    case = a_case_that_no_longer_fits(desk, time)
    recount_all(desk)
    [extended] = [event.seq for event in told_of(desk, case) if event.kind is Kind.EXTENDED]
    with transaction(desk.engine) as session:
        found = session.get_one(Case, case.id)
        strike_out(session, desk, found, extended, "It was a day late", at=desk.now(), by="officer:1")
    after = the_case(desk, case)
    assert (after.due_on, after.calendar_version) == (MON_JUL_1, "2026.1+2")


def test_what_the_newest_calendar_refuses_is_refused_before_the_recount_too(desk: Desk, time: Time) -> None:
    case = a_case(desk)
    change(desk, WEDDING)
    recount_all(desk)
    time.moment = datetime(2024, 7, 2, 9, tzinfo=UTC)
    change(desk, CALLED_OFF)
    late = ClockFact(Kind.EXTENDED, TUE_JUL_2, {"until": "2024-07-30", "reason": "Complex"})
    with (
        pytest.raises(ClockError, match="Notice of an extension must go by Monday 1 July 2024"),
        transaction(desk.engine) as session,
    ):
        establish(session, desk, session.get_one(Case, case.id), late, at=desk.now(), by="officer:1")


def test_a_holiday_after_the_deadline_still_concerns_what_happened_after_it(desk: Desk, time: Time) -> None:
    """The fee, asked for after the deadline, was paid on the last of its sixty working days (reg 8(5))."""
    with transaction(desk.engine) as session:
        request = Request("Harriet Bell", "h.bell@example.com", "Drains", desk.now(), "foi", "EIR", "EIR")
        case = open_case(session, desk, request, at=desk.now())
        time.moment = datetime(2024, 10, 3, 9, tzinfo=UTC)
        for fact in (ClockFact(Kind.FEES_NOTICE, date(2024, 7, 8)), ClockFact(Kind.FEE_PAID, date(2024, 10, 3))):
            establish(session, desk, case, fact, at=desk.now(), by="officer:1")
        assert case.due_on == MON_JUL_1
    aug_26 = replace(CALLED_OFF, on=date(2024, 8, 26))
    change(desk, aug_26, replace(aug_26, division=Division.NIR))
    [move] = recount_all(desk)
    assert "The fee had to be paid by Wednesday 2 October 2024" in move.trouble
    assert the_case(desk, case).due_on == MON_JUL_1


def test_a_moved_horizon_makes_a_provisional_date_certain_without_a_word(desk: Desk, time: Time) -> None:
    time.moment = datetime(2028, 12, 11, 9, tzinfo=UTC)
    case = a_case(desk)
    assert (case.due_on, case.provisional) == (date(2029, 1, 10), True)
    change(desk, CalendarChange(ChangeKind.HORIZON, date(2029, 12, 31), desk.today()))
    assert recount_all(desk) == []
    assert not the_case(desk, case).provisional
    assert Kind.RECOUNTED not in [event.kind for event in told_of(desk, case)]


def test_a_recount_that_broke_off_goes_on_where_it_was(desk: Desk) -> None:
    cases = [a_case(desk) for _ in range(5)]
    change(desk, WEDDING)
    with transaction(desk.engine) as session:
        assert recount_some(session, desk, at=desk.now(), most=2).done == 2
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        recount_some(session, desk, at=desk.now(), most=2)
        raise RuntimeError("killed")
    with reading(desk.engine) as session:
        assert to_recount(session, desk) == 3
    recount_all(desk, most=2)
    for case in cases:
        assert the_case(desk, case).due_on == TUE_JUL_2
        assert [event.kind for event in told_of(desk, case)].count(Kind.RECOUNTED) == 1


def test_an_owner_is_written_to_once_however_many_batches_it_took(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session).id
    cases = [a_case(desk, sam) for _ in range(5)]
    change(desk, WEDDING)
    for _ in range(3):
        with transaction(desk.engine) as session:
            recount_some(session, desk, at=desk.now(), most=2)
    assert letters(desk) == []
    recount_all(desk)
    recount_all(desk)
    [letter] = letters(desk)
    assert letter.subject == "5 of your cases: the calendar has changed"
    assert all(case.reference in letter.body for case in cases)


def test_a_letter_lists_the_first_and_counts_the_rest(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.casework.tell_moves.LISTED", 2)
    first, _, last = (a_case(sqlite_desk) for _ in range(3))
    change(sqlite_desk, WEDDING)
    recount_all(sqlite_desk)
    [letter] = letters(sqlite_desk)
    assert letter.subject == "3 of your cases: the calendar has changed"
    assert first.reference in letter.body
    assert last.reference not in letter.body
    assert "And 1 more: each case's timeline says what moved." in letter.body


def test_a_crash_while_owners_are_told_tells_nobody_twice(desk: Desk) -> None:
    a_case(desk)
    change(desk, WEDDING)
    with transaction(desk.engine) as session:
        recount_some(session, desk, at=desk.now())
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        tell_moves(session, desk, at=desk.now())
        raise RuntimeError("killed")
    assert letters(desk) == []
    recount_all(desk)
    assert len(letters(desk)) == 1


def a_life(session: Session, desk: Desk, chance: Random) -> None:
    """A case of any law, to which a few things have happened."""
    regime, kind = chance.choice(list(Regime)).value, chance.choice(("FOI", "FOI", "FOI", "IR"))
    request = Request("Harriet Bell", "h.bell@example.com", "Potholes", desk.now(), "foi", kind, regime)
    case = open_case(session, desk, request, at=desk.now())
    until = desk.today() + timedelta(days=chance.randrange(35, 58))
    for fact in (Kind.CLARIFICATION_SOUGHT, Kind.CLARIFIED, Kind.EXTENDED, Kind.FEES_NOTICE, Kind.FEE_PAID):
        if chance.random() < 0.5:
            particulars = {"until": until.isoformat(), "reason": "By chance"} if fact is Kind.EXTENDED else {}
            with suppress(ClockError):
                tell = ClockFact(fact, desk.today(), particulars)
                establish(session, desk, case, tell, at=desk.now(), by="officer:1")
    if chance.random() < 0.15:
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")


def some_changes(calendars: Calendars, today: date, chance: Random) -> list[CalendarChange]:
    made: list[CalendarChange] = []
    while len(made) < 4:
        on, division = MON_JUN_3 + timedelta(days=chance.randrange(60)), chance.choice((Division.ENG, Division.SCT))
        kind = chance.choice((ChangeKind.ADDED, ChangeKind.WITHDRAWN))
        proclaimed_on = chance.choice((None, MON_JUN_10))
        change = CalendarChange(kind, on, today, division, "A feast", "a test", proclaimed_on)
        with suppress(CalendarChangeRefused):
            calendars = calendars.with_changes([change])
            made.append(change)
    return made


@pytest.mark.parametrize("seed", range(4))
def test_a_dry_run_says_what_the_recount_then_does_and_that_is_what_a_replay_gives(
    desk: Desk, time: Time, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recount, "BATCH", 7)
    chance = Random(seed)
    for _ in range(24):
        time.pass_by(days=chance.randrange(3))
        with transaction(desk.engine) as session:
            a_life(session, desk, chance)
    with reading(desk.engine) as session:
        changes = some_changes(desk.almanac.refresh(session), desk.today(), chance)
        foretold = list(moves_under(session, desk.calendars.with_changes(changes), desk.today()))
        assert to_recount(session, desk) == 0
        closed = session.exec(select(Case).where(Case.stage == "closed")).all()
    change(desk, *changes)
    assert recount_all(desk, most=5) == foretold != []
    with reading(desk.engine) as session:
        for case in session.exec(select(Case)):
            by = desk.calendars.at(case.calendar_version) if case.uncountable_by else desk.calendars
            if case.stage == "closed":
                assert case in closed
            else:
                state = caches(replay(history(session, case.id), by))
                assert {name: getattr(case, name) for name in state} == state


def meanwhile(act: Callable[[], object]) -> Thread:
    """Begin something in another thread: on PostgreSQL it is done, on SQLite it waits until we have committed."""
    thread = Thread(target=act)
    thread.start()
    thread.join(timeout=0.6)
    return thread


def the_holiday_comes(desk: Desk) -> None:
    """Another process adds a holiday and recounts every case it can see."""
    other = replace(desk, almanac=Almanac(load_calendars()))
    change(other, WEDDING)
    recount_all(other)


def test_a_case_opened_while_a_holiday_is_added_is_counted_by_it_in_the_end(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        thread = meanwhile(lambda: the_holiday_comes(desk))
    thread.join()
    recount_all(desk)
    after = the_case(desk, case)
    assert (after.due_on, after.calendar_version) == (TUE_JUL_2, "2026.1+1")
    assert [event.kind for event in told_of(desk, case)].count(Kind.RECOUNTED) == 1


def test_a_fact_recorded_while_a_holiday_is_added_is_kept_and_counted_by_it_in_the_end(desk: Desk) -> None:
    case = a_case(desk)
    extended = ClockFact(Kind.EXTENDED, MON_JUN_3, {"until": "2024-07-16", "reason": "Complex"})
    with transaction(desk.engine) as session:
        establish(session, desk, session.get_one(Case, case.id), extended, at=desk.now(), by="officer:1")
        thread = meanwhile(lambda: the_holiday_comes(desk))
    thread.join()
    recount_all(desk)
    after = the_case(desk, case)
    assert (after.due_on, after.calendar_version) == (date(2024, 7, 16), "2026.1+1")


def test_a_fees_notice_that_a_new_holiday_puts_in_time_stops_the_clock(desk: Desk, time: Time) -> None:
    case = a_case(desk)
    time.moment = datetime(2024, 7, 2, 9, tzinfo=UTC)
    with transaction(desk.engine) as session:
        late = ClockFact(Kind.FEES_NOTICE, TUE_JUL_2)
        establish(session, desk, session.get_one(Case, case.id), late, at=desk.now(), by="officer:1")
    assert the_case(desk, case).due_on == MON_JUL_1
    change(desk, WEDDING)
    [move] = recount_all(desk)
    assert (move.from_on, move.to_on, the_case(desk, case).due_on) == (MON_JUL_1, None, None)
    assert told_of(desk, case)[-1].data["to"] == ""
    [letter] = letters(desk)
    assert "was due Monday 1 July 2024\n  now due on no date" in letter.body


def test_a_schools_new_holidays_move_its_open_cases(sqlite_desk: Desk, tmp_path: Path) -> None:
    def school(*closed: str) -> Desk:
        settings = council_settings(tmp_path, school={"closed": closed})
        return replace(
            sqlite_desk, settings=settings, almanac=Almanac(load_calendars(closures=settings.school.closures))
        )

    desk = school("2024-07-22..2024-08-30")
    case = a_case(desk)
    assert (case.matter, case.due_on) == (Matter.SCHOOL, MON_JUL_1)
    desk = school("2024-06-10..2024-06-14", "2024-07-22..2024-08-30")
    with reading(desk.engine) as session:
        assert to_recount(session, desk) == 1
    recount_all(desk)
    assert the_case(desk, case).due_on == date(2024, 7, 8)

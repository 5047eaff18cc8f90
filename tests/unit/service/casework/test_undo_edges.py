"""Undoing and giving where others have acted meanwhile, somebody has left, or one act fails."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from service.bootstrap import open_desk
from service.casework.assign import assign
from service.casework.bulk import begin_giving, begin_undoing, go_on
from service.casework.change_calendar import change_calendar
from service.casework.close import close
from service.casework.consult import Asked, ask
from service.casework.digest import compose_digest
from service.casework.recount import recount_some
from service.casework.take_back import ChangedSince, OwnerLeft
from service.casework.tell_moves import tell_moves
from service.casework.undo import NothingToUndo, undo, undoable_on
from service.desk import Desk
from service.domain.calendars import CalendarChange, ChangeKind
from service.domain.digest_kind import DigestKind
from service.domain.kind import Kind
from service.domain.outcome import Outcome
from service.domain.working_days import Division
from service.jobs import finish_bulk
from service.letters import LetterFault
from service.store.bulk_acts import tally
from service.store.cases import case_by_id, history
from service.store.database import reading, transaction
from service.store.rows import change_row
from service.store.saved_lists import SavedListNameTaken, keep_list
from service.store.tables import Letter, SavedList
from tests.builders import an_officer, open_a_case
from tests.conftest import Time, council_settings


def test_nothing_goes_back_to_somebody_who_has_left(sqlite_desk: Desk) -> None:
    at = sqlite_desk.now()
    with transaction(sqlite_desk.engine) as session:
        sam, pat = an_officer(session), an_officer(session, "Pat Lee")
        priya = an_officer(session, "Priya Nair", "supervisor")
        case = open_a_case(session, sqlite_desk)
        assign(session, sqlite_desk, case, sam.id, at=at, by=f"officer:{priya.id}")
        with undoable_on(session, priya, case, at=at) as kept:
            assign(session, sqlite_desk, case, pat.id, at=at, by=f"officer:{priya.id}")
        assert kept.key is not None
        sam.active = False
        session.add(sam)
        with pytest.raises(OwnerLeft, match="does not work here any more"):
            undo(session, sqlite_desk, priya, kept.key, at=at)
        assert case.owner_id == pat.id


def test_many_are_given_back_within_a_day_or_not_at_all(sqlite_desk: Desk, time: Time) -> None:
    with transaction(sqlite_desk.engine) as session:
        priya, sam = an_officer(session, "Priya Nair", "supervisor"), an_officer(session)
        case = open_a_case(session, sqlite_desk)
        act = begin_giving(session, priya, sam.id, [(case.id, None)], at=sqlite_desk.now())
        go_on(session, sqlite_desk, act.id, at=sqlite_desk.now())
        time.pass_by(days=2)
        with pytest.raises(NothingToUndo):
            begin_undoing(session, priya, act, at=sqlite_desk.now())
        assert case.owner_id == sam.id


@pytest.mark.parametrize("many", [1, 20])
def test_whoever_loses_what_was_given_by_mistake_is_told_in_one_mail(sqlite_desk: Desk, many: int) -> None:
    at = sqlite_desk.now()
    with transaction(sqlite_desk.engine) as session:
        priya, sam = an_officer(session, "Priya Nair", "supervisor"), an_officer(session)
        cases = [open_a_case(session, sqlite_desk) for _ in range(many)]
        act = begin_giving(session, priya, sam.id, [(case.id, None) for case in cases], at=at)
        go_on(session, sqlite_desk, act.id, at=at)
        go_on(session, sqlite_desk, begin_undoing(session, priya, act, at=at).id, at=at)
        [told] = session.exec(select(Letter).where(col(Letter.kind) == "taken-back")).all()
    assert (told.recipient_address, told.automatic) == (sam.email, "auto-generated")
    assert told.subject == (f"{cases[0].reference} is yours no more" if many == 1 else "20 cases are yours no more")
    assert told.body.count("\n- ") == min(many, 15)
    assert ("And 5 more." in told.body) == (many == 20)


def test_a_single_undo_tells_whoever_loses_the_case_but_nobody_of_their_own_act(sqlite_desk: Desk) -> None:
    at = sqlite_desk.now()
    with transaction(sqlite_desk.engine) as session:
        priya, sam = an_officer(session, "Priya Nair", "supervisor"), an_officer(session)
        case = open_a_case(session, sqlite_desk)
        for taker in (priya.id, sam.id):
            with undoable_on(session, priya, case, at=at) as kept:
                assign(session, sqlite_desk, case, taker, at=at, by=f"officer:{priya.id}")
            assert kept.key is not None
            undo(session, sqlite_desk, priya, kept.key, at=at)
        told = session.exec(select(Letter).where(col(Letter.kind) == "taken-back")).all()
        assert [letter.recipient_address for letter in told] == [sam.email]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)  # SQLite has one writer at a time
def test_an_undo_takes_back_nothing_of_a_colleagues(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        ann, bea = (an_officer(session, name, "supervisor") for name in ("Ann Ash", "Bea Birch"))
        sam, key = an_officer(session), open_a_case(session, desk).id
    with transaction(desk.engine) as mine:
        case = case_by_id(mine, key)
        with undoable_on(mine, ann, case, at=desk.now()) as kept:
            with transaction(desk.engine) as hers:
                assign(hers, desk, case_by_id(hers, key), bea.id, at=desk.now(), by=f"officer:{bea.id}")
            assign(mine, desk, case, sam.id, at=desk.now(), by=f"officer:{ann.id}")
    assert kept.key is not None
    with pytest.raises(ChangedSince), transaction(desk.engine) as session:
        undo(session, desk, ann, kept.key, at=desk.now())
    with reading(desk.engine) as session:
        assert case_by_id(session, key).owner_id == sam.id


def test_a_giving_that_cannot_be_told_holds_up_no_other(sqlite_url: str, tmp_path: Path, time: Time) -> None:
    body = tmp_path / "words" / "emails" / "assigned-many" / "body.txt"
    body.parent.mkdir(parents=True)
    body.write_text("Dear {{ nobody_knows }}")
    settings = council_settings(tmp_path).model_copy(update={"templates": tmp_path / "words"})
    desk = open_desk(settings, time.now)
    assert desk.engine.url.render_as_string() == sqlite_url
    with transaction(desk.engine) as session:
        priya, sam = an_officer(session, "Priya Nair", "supervisor"), an_officer(session)
        keys = [open_a_case(session, desk).id for _ in range(4)]
        begin_giving(session, priya, sam.id, [(key, None) for key in keys[:3]], at=desk.now())
        second = begin_giving(session, priya, priya.id, [(keys[3], None)], at=desk.now())
    with pytest.raises(LetterFault):
        finish_bulk(desk, None)  # type: ignore[arg-type]
    with reading(desk.engine) as session:
        assert tally(session, second.id).done == 1
    desk.engine.dispose()


def test_an_act_between_a_holiday_and_its_recount_hides_no_moved_date(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam, case = an_officer(session), open_a_case(session, desk)
        assign(session, desk, case, sam.id, at=desk.now(), by="officer:9")
        before, key, reference = case.due_on, case.id, case.reference
        wedding = CalendarChange(ChangeKind.ADDED, date(2024, 6, 10), desk.today(), Division.ENG, "A wedding")
        change_calendar(session, desk, [wedding], at=desk.now(), by="console")
    with transaction(desk.engine) as session:
        assign(session, desk, case_by_id(session, key), sam.id, at=desk.now(), by="officer:9")
    with transaction(desk.engine) as session:
        recount_some(session, desk, at=desk.now())
    with transaction(desk.engine) as session:
        tell_moves(session, desk, at=desk.now())
    with reading(desk.engine) as session:
        assert case_by_id(session, key).due_on != before
        assert Kind.RECOUNTED in {event.kind for event in history(session, key)}
        moved = session.exec(select(Letter.body).where(col(Letter.kind) == "moved")).all()
        assert any(reference in body for body in moved)


def test_an_answer_about_a_closed_case_is_in_no_list_of_the_day(sqlite_desk: Desk, time: Time) -> None:
    desk, roads = sqlite_desk, Asked("Bob", "Roads", "bob@roads.example", "How many?", date(2024, 6, 10))
    with transaction(desk.engine) as session:
        sam, case = an_officer(session), open_a_case(session, desk)
        by = f"officer:{sam.id}"
        assign(session, desk, case, sam.id, at=desk.now(), by=by)
        asked = ask(session, desk, case, roads, signatory="Sam", at=desk.now(), by=by)
        change_row(session, asked, answered_at=desk.now())
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by=by)
    time.pass_by(days=200)
    with reading(desk.engine) as session:
        assert compose_digest(session, desk, DigestKind.OWN, sam, at=desk.now()) is None


@pytest.mark.parametrize("name", ["Écoles", "écoles", "ÉCOLES"])
def test_a_saved_lists_name_is_taken_however_it_is_written(desk: Desk, name: str) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        kept = SavedList(officer_id=sam.id, name="Écoles", view="open", query="", made_at=desk.now())
        keep_list(session, kept)
        with pytest.raises(SavedListNameTaken):
            keep_list(session, replace_name(kept, name))


def replace_name(kept: SavedList, name: str) -> SavedList:
    return SavedList(officer_id=kept.officer_id, name=name, view="open", query="", made_at=kept.made_at)

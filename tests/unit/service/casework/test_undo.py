"""Undo: exactly what was, or nothing and the reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from service.casework.accept import accept, hand_back
from service.casework.assign import assign
from service.casework.note import add_note
from service.casework.open_case import Request
from service.casework.record import officer_actor
from service.casework.sort_post import SortedSince, dismiss, make_case
from service.casework.take_back import ChangedSince
from service.casework.triage import triage
from service.casework.undo import ListChanged, NothingToUndo, What, undo, undoable, undoable_on
from service.desk import Desk
from service.domain.message import Unreadable
from service.domain.progress import Triage
from service.domain.regime import Regime
from service.store.cases import case_by_id
from service.store.correspondence import post_by_id
from service.store.database import transaction
from service.store.officers import officer_by_id
from service.store.saved_lists import SavedListNameTaken, delete_list, forget_deleted_lists, keep_list, saved_list
from service.store.tables import Case, Officer, SavedList
from tests.builders import an_officer, arrive, open_a_case
from tests.conftest import Time

Act = Callable[[Session, Desk, Case], None]


def _stands(desk: Desk, case_id: int) -> tuple[str, int | None]:
    with transaction(desk.engine) as session:
        case = case_by_id(session, case_id)
        return case.stage, case.owner_id


def _undo(desk: Desk, officer: Officer, key: int | None) -> None:
    assert key is not None
    with transaction(desk.engine) as session:
        undo(session, desk, officer, key, at=desk.now())


class Scene:
    """Sam has a case that Sam has not accepted yet."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with transaction(desk.engine) as session:
            self.sam, self.nia = an_officer(session), an_officer(session, "Nia Howells")
            case = open_a_case(session, desk)
            assign(session, desk, case, self.sam.id, at=desk.now(), by=officer_actor(self.nia.id))
            self.id = case.id
        self.by = officer_actor(self.sam.id)

    def do(self, act: Callable[[Session, Case], object]) -> int:
        """Do something as Sam; the key by which it is undone."""
        with transaction(self.desk.engine) as session:
            case = case_by_id(session, self.id)
            with undoable_on(session, self.sam, case, at=self.desk.now()) as kept:
                act(session, case)
        assert kept.key is not None
        return kept.key

    def give_to_nia(self) -> int:
        return self.do(
            lambda session, case: assign(session, self.desk, case, self.nia.id, at=self.desk.now(), by=self.by)
        )


def test_giving_accepting_and_handing_back_are_undone_to_the_very_stage_and_owner(desk: Desk) -> None:
    scene = Scene(desk)
    before = _stands(desk, scene.id)
    accepting = scene.do(lambda session, case: accept(session, desk, case, at=desk.now(), by=scene.by))
    assert _stands(desk, scene.id) == ("drafting", scene.sam.id)
    _undo(desk, scene.sam, accepting)
    assert _stands(desk, scene.id) == before
    back = scene.do(lambda session, case: hand_back(session, desk, case, "on leave", at=desk.now(), by=scene.by))
    assert _stands(desk, scene.id) == ("new", None)
    _undo(desk, scene.sam, back)
    assert _stands(desk, scene.id) == before
    given = scene.give_to_nia()
    _undo(desk, scene.sam, given)
    assert _stands(desk, scene.id) == before


def test_a_triage_of_before_is_not_lost_by_undoing_what_came_after(desk: Desk) -> None:
    scene = Scene(desk)
    with transaction(desk.engine) as session:
        case, words = case_by_id(session, scene.id), {"regime": Regime.FOIA, "reason": "no name"}
        triage(session, desk, case, Triage.INVALID, **words, at=desk.now(), by=scene.by)  # type: ignore[arg-type]
    before = _stands(desk, scene.id)
    _undo(desk, scene.sam, scene.give_to_nia())
    assert _stands(desk, scene.id) == before == ("waiting to be a valid request", scene.sam.id)


def test_what_a_colleague_has_acted_on_is_not_undone(desk: Desk) -> None:
    scene = Scene(desk)
    key = scene.give_to_nia()
    with transaction(desk.engine) as session:
        case = case_by_id(session, scene.id)
        add_note(session, desk, case, "Mine now.", at=desk.now(), by=officer_actor(scene.nia.id))
    with pytest.raises(ChangedSince, match="nothing was undone"):
        _undo(desk, scene.sam, key)
    assert _stands(desk, scene.id) == ("allocated", scene.nia.id)


def test_ones_own_note_since_does_not_stand_in_the_way(desk: Desk) -> None:
    scene = Scene(desk)
    key = scene.give_to_nia()
    with transaction(desk.engine) as session:
        add_note(session, desk, case_by_id(session, scene.id), "To Nia.", at=desk.now(), by=scene.by)
    _undo(desk, scene.sam, key)
    assert _stands(desk, scene.id) == ("allocated", scene.sam.id)


def test_nobody_undoes_another_persons_act_nor_twice_nor_after_a_day(desk: Desk, time: Time) -> None:
    scene = Scene(desk)
    key = scene.give_to_nia()
    with pytest.raises(NothingToUndo):
        _undo(desk, scene.nia, key)
    _undo(desk, scene.sam, key)
    with pytest.raises(NothingToUndo):
        _undo(desk, scene.sam, key)
    late = scene.give_to_nia()
    time.pass_by(days=1, seconds=1)
    with pytest.raises(NothingToUndo):
        _undo(desk, scene.sam, late)
    with pytest.raises(NothingToUndo):
        _undo(desk, scene.sam, 4711)


def test_a_mail_set_aside_comes_back_with_its_reason_and_where_it_may_belong(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        post = arrive(session, desk, Unreadable("its structure is broken"))
        before = (post.state, post.reason, post.case_id, post.settled_at, post.settled_by)
        kept = dismiss(session, post, "Spam", at=desk.now(), by=officer_actor(sam.id))
        key = undoable(session, sam, What.POST, kept, at=desk.now())
        assert post.state == "dismissed"
    _undo(desk, sam, key)
    with transaction(desk.engine) as session:
        post = post_by_id(session, post.id)
        assert (post.state, post.reason, post.case_id, post.settled_at, post.settled_by) == before


def test_a_mail_of_which_somebody_made_a_case_since_stays_there(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        post = arrive(session, desk, Unreadable("its structure is broken"))
        kept = dismiss(session, post, "Spam", at=desk.now(), by=officer_actor(sam.id))
        key = undoable(session, sam, What.POST, kept, at=desk.now())
        time.pass_by(minutes=1)
        request = Request("Harriet Bell", "", "Trees", post.received_at, post.account)
        make_case(session, desk, post, request, "How many trees?", at=desk.now(), by="officer:9")
    with pytest.raises(SortedSince):
        _undo(desk, sam, key)


def _deleted_list(desk: Desk) -> tuple[Officer, SavedList, int]:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        row = keep_list(session, SavedList(officer_id=sam.id, name="Late", view="overdue", made_at=desk.now()))
        delete_list(session, row, desk.now())
        return sam, row, undoable(session, sam, What.LIST, {"list": row.id, "name": row.name}, at=desk.now())


def test_a_deleted_list_comes_back(desk: Desk) -> None:
    sam, row, key = _deleted_list(desk)
    _undo(desk, sam, key)
    with transaction(desk.engine) as session:
        assert saved_list(session, row.id).name == "Late"
        assert officer_by_id(session, sam.id) is not None


def test_a_list_whose_name_was_used_again_or_that_is_forgotten_does_not(desk: Desk) -> None:
    sam, _, key = _deleted_list(desk)
    with transaction(desk.engine) as session:
        other = keep_list(session, SavedList(officer_id=sam.id, name="LATE", view="open", made_at=desk.now()))
    with pytest.raises(SavedListNameTaken):
        _undo(desk, sam, key)
    with transaction(desk.engine) as session:
        delete_list(session, saved_list(session, other.id), desk.now())
        forget_deleted_lists(session, desk.now() + timedelta(seconds=1))
    with pytest.raises(ListChanged):
        _undo(desk, sam, key)

"""Saved lists: whose they are, and their counts, which are those of the lists themselves."""

import pytest

from service.casework.assign import assign
from service.desk import Desk
from service.store.database import reading, transaction
from service.store.saved_lists import (
    NoSuchSavedList,
    SavedListNameTaken,
    delete_list,
    keep_list,
    saved_list,
    saved_lists,
)
from service.store.tables import Officer, SavedList
from service.store.worklist import (
    Narrowing,
    Selection,
    View,
    count_by_owner,
    count_each,
    every_case,
    list_cases,
)
from tests.builders import a_message, an_officer, open_a_case
from web.standings import not_soon


def _kept(desk: Desk, officer: Officer, name: str, *, shared: bool = False) -> SavedList:
    with transaction(desk.engine) as session:
        row = SavedList(officer_id=officer.id, name=name, view="open", shared=shared, made_at=desk.now())
        return keep_list(session, row)


def test_one_sees_ones_own_lists_and_those_shared_by_name_and_no_others(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam, priya = an_officer(session), an_officer(session, "Priya Nair", "supervisor")
    for officer, name, shared in ((sam, "trees", False), (priya, "Roads", True), (priya, "Hers", False)):
        _kept(desk, officer, name, shared=shared)
    with reading(desk.engine) as session:
        assert [row.name for row in saved_lists(session, sam.id)] == ["Roads", "trees"]
        assert [row.name for row in saved_lists(session, priya.id)] == ["Hers", "Roads"]


def test_a_name_is_taken_once_by_each_officer_whatever_its_case(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam, priya = an_officer(session), an_officer(session, "Priya Nair", "supervisor")
    first = _kept(desk, sam, "Trees")
    with pytest.raises(SavedListNameTaken):
        _kept(desk, sam, "trees")
    _kept(desk, priya, "Trees")
    with transaction(desk.engine) as session:
        again = saved_list(session, first.id)
        keep_list(session, again)  # keeping it under its own name is no clash
        delete_list(session, again, desk.now())
        with pytest.raises(NoSuchSavedList):
            saved_list(session, first.id)
    _kept(desk, sam, "Trees")


def test_a_renamed_list_may_not_take_the_name_of_another(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
    _kept(desk, sam, "Trees")
    roads = _kept(desk, sam, "Roads")
    roads.name = "Trees"
    with pytest.raises(SavedListNameTaken), transaction(desk.engine) as session:
        keep_list(session, roads)


def test_counts_in_one_statement_are_those_of_the_lists(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam, nia = an_officer(session), an_officer(session, "Nia Howells")
        cases = [open_a_case(session, desk, a_message(subject=f"Trees {'abc'[n % 3] * 4}")) for n in range(7)]
        for case, owner in zip(cases, (sam, sam, nia), strict=False):
            assign(session, desk, case, owner.id, at=desk.now(), by="officer:1")

    def selection(view: View, words: str = "", owner: int | None = None) -> Selection:
        return Selection(view, desk.today(), not_soon(desk), sam.id, Narrowing(owner_id=owner), words)

    selections = [
        selection(View.MINE),
        selection(View.UNASSIGNED),
        selection(View.OPEN, "trees bbbb"),
        selection(View.OPEN, owner=nia.id),
        selection(View.EVERY),
        selection(View.OVERDUE),
    ]
    with reading(desk.engine) as session:
        assert count_each(session, selections) == [2, 4, 2, 1, 7, 0]
        assert count_each(session, []) == []
        for one in selections:
            found = list_cases(session, one)
            everything = every_case(session, one)
            assert {case.id: case.owner_id for case, _ in found.rows} == dict(everything)
            assert sum(number for _, number in count_by_owner(session, one)) == found.total == len(everything)
        assert count_by_owner(session, selection(View.OPEN)) == [(None, 4), ("Sam Okoro", 2), ("Nia Howells", 1)]

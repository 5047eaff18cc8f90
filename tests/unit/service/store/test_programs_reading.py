"""What calendar programs and the API read, on both databases."""

from datetime import timedelta

from sqlmodel import select

from service.casework.grant import make_feed
from service.desk import Desk
from service.domain.token import digest
from service.store.case_listing import cases_after, deadlines_after
from service.store.database import snapshot, transaction
from service.store.feeds import cases_of_feed, feed_by_hash, note_feed_used
from service.store.tables import Case
from service.store.worklist import Selection, View
from tests.builders import an_officer, open_a_case


def everything(desk: Desk) -> Selection:
    return Selection(View.EVERY, desk.today(), {}, 0)


def test_cases_and_deadlines_come_by_pages_that_meet(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        for days in (3, 9, 3, 0, 40):
            open_a_case(session, desk, received_at=desk.now() - timedelta(days=days))
    with snapshot(desk.engine) as session:
        keys = [case.id for case, _ in cases_after(session, everything(desk), 0, 10)]
        assert keys == sorted(keys)
        assert [case.id for case, _ in cases_after(session, everything(desk), keys[1], 2)] == keys[2:4]
        due = [(case.due_on, case.id) for case, _ in deadlines_after(session, everything(desk), None, 10)]
        assert len(due) == 5
        assert due == sorted(due)
        day, key = due[2]
        assert day is not None
        rest = deadlines_after(session, everything(desk), (day, key), 10)
        assert [(case.due_on, case.id) for case, _ in rest] == due[3:]


def test_a_snapshot_sees_nothing_that_is_written_after_its_first_look(desk: Desk) -> None:
    with snapshot(desk.engine) as session:
        assert session.exec(select(Case.id)).all() == []
        with transaction(desk.engine) as other:
            open_a_case(other, desk)
        assert session.exec(select(Case.id)).all() == []
    with snapshot(desk.engine) as session:
        assert len(session.exec(select(Case.id)).all()) == 1


def test_a_feed_finds_its_officers_cases_with_their_last_revision(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        sam = an_officer(session)
        case = open_a_case(session, desk)
        token = make_feed(session, sam.id, whole_team=False, at=desk.now())
        team = make_feed(session, sam.id, whole_team=True, at=desk.now())
        assert cases_of_feed(session, feed_by_hash(session, digest(token))) == []
        (found,) = cases_of_feed(session, feed_by_hash(session, digest(team)))
        assert (found.case.reference, found.seq, found.at) == (case.reference, 1, desk.now())
        note_feed_used(session, feed_by_hash(session, digest(team)).id, desk.now())
        assert feed_by_hash(session, digest(team)).used_at == desk.now()

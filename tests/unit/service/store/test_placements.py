"""What is remembered of where mail lies, told apart by mailbox and asked for by what has happened."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session

from service.casework.note import add_note
from service.desk import Desk
from service.domain.whereabouts import Held, Place, State
from service.store.cases import case_by_id
from service.store.database import reading, transaction
from service.store.placements import note_judged, placements, remember, to_judge, unsettled
from tests.builders import open_a_case, stored_post
from tests.conftest import MON_JUN_3_2024


def lying(session: Session, account: str, state: State = State.HERE, **changes: Any) -> int:
    """A mail that lies in a folder, judged to be right there."""
    post = stored_post(session, received_at=MON_JUN_3_2024, account=account, **changes)
    remember(session, account, [Held(post.id, Place("Open", 1, post.id), state=state)])
    note_judged(session, placements(session, [post.id]).values(), {post.id})
    return post.id


def test_what_is_under_way_in_one_mailbox_is_nothing_to_another(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        own = [lying(session, "foi", state) for state in (State.MOVING, State.MISSING)]
        others = [lying(session, "other", state) for state in (State.MOVING, State.MISSING, State.HERE)]
    with reading(desk.engine) as session:
        assert sorted(row.post_id for row in unsettled(session, "foi")) == own
        assert sorted(row.post_id for row in unsettled(session, "other")) == others[:2]


def test_judged_anew_is_what_something_happened_to(desk: Desk) -> None:
    since = desk.now() + timedelta(hours=1)
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        of_case = lying(session, "foi", case_id=case.id)
        settled = lying(session, "foi", settled_at=since)
        lying(session, "foi")
        elsewhere = lying(session, "other", settled_at=since)
        assert [post.id for _, post in to_judge(session, "foi", since)] == [settled]
        assert [post.id for _, post in to_judge(session, "other", since)] == [elsewhere]
        add_note(session, desk, case_by_id(session, case.id), "no change", at=since, by="officer:1")
        assert [post.id for _, post in to_judge(session, "foi", since)] == [settled]
        assert {post.id for _, post in to_judge(session, "foi", desk.now())} >= {of_case, settled}

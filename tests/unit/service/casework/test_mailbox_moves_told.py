"""What people moved in the shared mailbox is listed for confirmation in the supervisors' next digest."""

from sqlmodel import Session

from service.casework.digest import compose_digest, settle_digest
from service.casework.mailbox_move import Step, heed
from service.desk import Desk
from service.domain.digest_kind import DigestKind
from service.domain.placing import Folder, Layout, Stands
from service.store.correspondence import post_by_id
from service.store.database import transaction
from service.store.placements import moves_since
from tests.builders import an_officer, arrive
from tests.conftest import Time


def _digest(session: Session, desk: Desk) -> str:
    morgan = an_officer(session, "Morgan Reid", "supervisor")
    written = compose_digest(session, desk, DigestKind.SUPERVISORS, morgan, at=desk.now())
    assert written is not None
    return " ".join(written.body.split())


def test_a_move_stands_in_the_next_digest_with_what_the_desk_made_of_it(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session)
        post = arrive(session, desk)
        folders = [
            ("FOI/Mine/Sam", Folder("Mine/Sam", Stands.MINE, "sam")),
            ("FOI/Waiting requester", Folder("Waiting requester", Stands.WAITING)),
        ]
        for name, folder in folders:
            step = Step(post_by_id(session, post.id), folder, "FOI/Open/01.FOI.24.000001", name)
            heed(session, desk, step, Layout.FOLDERS, at=desk.now())
        assert len(moves_since(session, desk.now())) == 2
        time.pass_by(days=1)
        said = _digest(session, desk)
    assert "IS IT RIGHT?: 2" in said
    assert "Case 01.FOI.24.000001 was given to Sam Okoro" in said
    assert "Put back: the clock of 01.FOI.24.000001 runs on" in said


def test_a_move_of_last_week_stands_in_no_digest_any_more(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session)
        post = arrive(session, desk)
        step = Step(post_by_id(session, post.id), Folder("Mine/Sam", Stands.MINE, "sam"), "INBOX", "FOI/Mine/Sam")
        heed(session, desk, step, Layout.FOLDERS, at=desk.now())
        time.pass_by(days=7)
        said = _digest(session, desk)
    assert "MOVING MAIL" not in said


def test_a_move_before_a_day_without_a_digest_stands_in_the_one_after(desk: Desk, time: Time) -> None:
    with transaction(desk.engine) as session:
        an_officer(session)
        morgan = an_officer(session, "Morgan Reid", "supervisor")
        assert not settle_digest(
            session, desk, DigestKind.SUPERVISORS, morgan.id, None, day=desk.today(), at=desk.now()
        )
        post = arrive(session, desk)
        step = Step(post_by_id(session, post.id), Folder("Mine/Sam", Stands.MINE, "sam"), "INBOX", "FOI/Mine/Sam")
        heed(session, desk, step, Layout.FOLDERS, at=desk.now())
        time.pass_by(days=3)  # the desk is down on Tuesday and Wednesday
        written = compose_digest(session, desk, DigestKind.SUPERVISORS, morgan, at=desk.now())
    assert written is not None
    assert "IS IT RIGHT?: 1" in " ".join(written.body.split())

"""What people moved in the shared mailbox is listed for confirmation in the next digest, once."""

from sqlmodel import Session, col, select

from service.casework.digest import write_digests
from service.casework.mailbox_move import Step, heed
from service.desk import Desk
from service.domain.placing import Folder, Layout, Stands
from service.store.correspondence import post_by_id
from service.store.database import transaction
from service.store.placements import moves_since, untold_moves
from service.store.tables import Letter
from tests.builders import an_officer, arrive


def _digests(session: Session, desk: Desk) -> list[str]:
    write_digests(session, desk, today=desk.today(), at=desk.now())
    query = select(Letter).where(col(Letter.kind) == "digest").order_by(col(Letter.id))
    return [letter.body for letter in session.exec(query)]


def test_a_move_stands_in_one_digest_with_what_the_desk_made_of_it(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        an_officer(session)
        an_officer(session, "Morgan Reid", "supervisor")
        post = arrive(session, desk)
        folders = [
            ("FOI/Mine/Sam", Folder("Mine/Sam", Stands.MINE, "sam")),
            ("FOI/Waiting requester", Folder("Waiting requester", Stands.WAITING)),
        ]
        for name, folder in folders:
            step = Step(post_by_id(session, post.id), folder, "FOI/Open/01.FOI.24.000001", name)
            heed(session, desk, step, Layout.FOLDERS, at=desk.now())
        assert len(moves_since(session, desk.now())) == 2
        first, second = _digests(session, desk)[0], _digests(session, desk)[-1]
        assert untold_moves(session) == []
    assert "case 01.FOI.24.000001 was given to Sam Okoro" in first
    assert "put back: the clock of 01.FOI.24.000001 runs on" in " ".join(first.split())
    assert "MOVING MAIL" not in second

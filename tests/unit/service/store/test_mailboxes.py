"""What we know of each mail folder."""

from datetime import timedelta

from sqlmodel import select

from service.desk import Desk
from service.store.correspondence import BEFORE, DISMISSED, DUPLICATE, FILED, QUARANTINED, STORED
from service.store.database import transaction
from service.store.mailboxes import Look, Tally, begin_mailbox, count_astray, note_looked_for, note_read, tally
from service.store.tables import Post
from tests.builders import open_a_case, stored_post


def test_mail_of_the_very_second_in_which_we_begin_counts(desk: Desk) -> None:
    # The mail server says 8:30:00 of a mail that came at 8:30:00.9.
    with transaction(desk.engine) as session:
        begun = begin_mailbox(session, "foi", "INBOX", desk.now() + timedelta(milliseconds=900))
    assert begun.counts_from == desk.now()


def test_every_mail_of_a_folder_is_counted_once_and_a_request_without_a_case_is_astray(desk: Desk) -> None:
    fates: list[tuple[str, str]] = [
        (FILED, "auto-reply-ignore"),
        (DISMISSED, "new-case"),
        (QUARANTINED, "quarantine"),
        (STORED, ""),
        (BEFORE, ""),
        # What must not be: a request without a case, a copy of nothing, a state that nothing shows.
        (FILED, "new-case"),
        (FILED, "reply"),
        (DUPLICATE, "duplicate-ignore"),
        ("lost", ""),
    ]
    with transaction(desk.engine) as session:
        case = open_a_case(session, desk)
        [first] = session.exec(select(Post)).all()
        at = desk.now()
        stored_post(session, received_at=at, state=FILED, action="bounce", case_id=case.id)
        stored_post(session, received_at=at, state=DUPLICATE, duplicate_of=first.id)
        for state, action in fates:
            stored_post(session, received_at=at, state=state, action=action)
        stored_post(session, received_at=at, folder="Other")
        found = tally(session, "foi", "INBOX")
        assert count_astray(session, "foi", "INBOX") == found.astray
        assert count_astray(session, "foi", "Other") == tally(session, "foi", "Other").astray
    assert found == Tally(cased=2, filed=2, quarantined=1, duplicates=1, waiting=1, before=1, astray=4)
    assert found.seen == 12


def test_mails_that_came_and_left_are_added_up_until_somebody_has_looked_for_them(desk: Desk) -> None:
    with transaction(desk.engine) as session:
        row = begin_mailbox(session, "foi", "INBOX", desk.now())
        for missed in (2, 0, 1):
            note_read(session, row, Look(uidvalidity=1, next_uid=9, listed=5, missed=missed), desk.now())
        assert (row.listed, row.next_uid, row.missed) == (5, 9, 3)
        note_looked_for(session, row)
        assert row.missed == 0

"""Pauses that a wrong clock has made."""

from datetime import timedelta

import pytest
from sqlmodel import select

from service.desk import Desk
from service.store.correspondence import RETRY, SENDING, UNCERTAIN
from service.store.database import reading, transaction
from service.store.mailboxes import begin_mailbox, note_trouble
from service.store.pauses import LONGEST, end_impossible_pauses
from service.store.tables import FilingState, Letter, Mailbox, Post
from tests.builders import open_a_case, stored_post


@pytest.mark.parametrize("state", [RETRY, UNCERTAIN, SENDING])
def test_what_was_put_off_for_years_by_a_wrong_clock_is_tried_now(desk: Desk, state: str) -> None:
    now, then = desk.now(), desk.now() + timedelta(days=2000)
    with transaction(desk.engine) as session:
        open_a_case(session, desk)
        letter = session.exec(select(Letter)).one()
        letter.state, letter.next_try_at = state, then
        stored_post(session, received_at=now, next_try_at=then)
        note_trouble(session, begin_mailbox(session, "foi", "INBOX", now), "its certificate has expired", then, then)
        session.add_all((letter, FilingState(account="foi", next_try_at=then)))
    with transaction(desk.engine) as session:
        end_impossible_pauses(session, now)
    with reading(desk.engine) as session:
        tables = (Mailbox, FilingState, Post)
        assert [session.exec(select(one.next_try_at).where(one.next_try_at != None)).all() for one in tables] == [  # noqa: E711
            [now]
        ] * 3
        assert session.exec(select(Letter.next_try_at)).one() == (now + LONGEST if state == SENDING else now)


def test_a_pause_that_may_be_meant_is_kept(desk: Desk) -> None:
    hour = desk.now() + timedelta(hours=1)
    with transaction(desk.engine) as session:
        note_trouble(session, begin_mailbox(session, "foi", "INBOX", desk.now()), "away", desk.now(), hour)
        end_impossible_pauses(session, desk.now())
    with reading(desk.engine) as session:
        assert session.exec(select(Mailbox.next_try_at)).one() == hour

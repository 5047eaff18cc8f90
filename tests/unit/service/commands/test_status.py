"""What `foidesk status` tells a person."""

from datetime import timedelta

from service.desk import Desk
from service.store.database import transaction
from service.store.mailboxes import Look, begin_mailbox, mailbox, note_read
from tests.unit.service.commands.conftest import Foidesk


def test_each_part_stands_on_a_line_and_what_troubles_the_desk_is_said_below(desk: Desk, foidesk: Foidesk) -> None:
    before = desk.now() - timedelta(hours=2)
    with transaction(desk.engine) as session:
        begin_mailbox(session, "foi", "INBOX", before)
    with transaction(desk.engine) as session:
        row = mailbox(session, "foi", "INBOX")
        assert row is not None
        note_read(session, row, Look(1, 1, listed=0, withheld=1), before)
    told = foidesk("status")
    lines = told.output.splitlines()
    assert told.exit_code == 1
    assert lines[0].startswith("The desk at ")
    assert lines[0].endswith(": fail")
    read = next(line for line in lines if "mailboxes: foi INBOX" in line)
    assert read.startswith("fail")
    assert "last read 07:30 on Mon 3 June 2024" in read
    assert any(line.startswith("ok    database") for line in lines)
    assert not any(sign in told.output for sign in "{}[]")
    assert "The mailbox “foi” has not been read since" in told.output
    assert "There is 1 mail in the mailbox “foi” that the mail server does not hand over" in told.output

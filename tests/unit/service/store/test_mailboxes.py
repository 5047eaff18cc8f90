"""What we know of each mail folder."""

from datetime import timedelta

from service.desk import Desk
from service.store.database import transaction
from service.store.mailboxes import begin_mailbox


def test_mail_of_the_very_second_in_which_we_begin_counts(desk: Desk) -> None:
    # The mail server says 8:30:00 of a mail that came at 8:30:00.9.
    with transaction(desk.engine) as session:
        begun = begin_mailbox(session, "foi", "INBOX", desk.now() + timedelta(milliseconds=900))
    assert begun.counts_from == desk.now()

"""Copies of our letters in the mailbox's Sent folder, for servers that keep none of their own."""

from datetime import timedelta

from mail.apart import Apart
from mail.mailbox import open_mailbox
from mail.sender import Sender, senders
from service.desk import Desk
from service.servers import MailboxSettings
from service.store.database import reading, transaction
from service.store.outbox import letters_to_copy, lock_letter
from service.store.tables import Letter

HOW_FAR_BACK = timedelta(days=7)  # a Sent folder configured late is not filled with years of letters
SEEN = (b"\\Seen",)


def is_in_sent_folder(settings: MailboxSettings, message_id: str) -> bool:
    """Whether the Sent folder holds a letter; False when there is none. Raises a DeskError when it cannot be read."""
    if not settings.sent_folder:
        return False
    with open_mailbox(settings) as mailbox:
        return mailbox.search_message_id(settings.sent_folder, message_id)


def copy_sent(desk: Desk, *, limit: int = 50) -> int:
    """Put letters sent in the last days into the Sent folder, unless they are there; returns how many now are.

    Raises a DeskError when a mailbox cannot be used; its letters stay sent, and the next run goes on.
    """
    done = 0
    apart = Apart()
    for sender in senders(desk.settings):
        with apart.each():
            done += _copy(desk, sender, limit)
    apart.tell()
    return done


def _copy(desk: Desk, sender: Sender, limit: int) -> int:
    folder = sender.box.sent_folder
    if not folder:
        return 0
    with reading(desk.engine) as session:
        letters = letters_to_copy(session, sender.outlet, desk.now() - HOW_FAR_BACK, limit)
    if not letters:
        return 0
    with open_mailbox(sender.box) as mailbox:
        for letter in letters:
            # The server may have filed its own copy (Microsoft 365 and Gmail do), and we may have crashed after ours.
            if not mailbox.search_message_id(folder, letter.message_id):
                mailbox.append(folder, sender.mail(desk, letter), SEEN, letter.sent_at)
            _note_copied(desk, letter)
    return len(letters)


def _note_copied(desk: Desk, letter: Letter) -> None:
    with transaction(desk.engine) as session:
        fresh = lock_letter(session, letter.id)
        fresh.copied = True
        session.add(fresh)

"""Letters whose last attempt nobody saw the end of: what may go once more goes, the rest waits for an officer."""

import logging

from sqlmodel import Session

from mail.sent_copy import is_in_sent_folder
from service.casework.settle_letter import settle_letter
from service.casework.uncertain_letter import AGAIN, resend
from service.desk import Desk
from service.errors import DeskError
from service.store.correspondence import RETRY, SENT, UNCERTAIN
from service.store.database import reading, transaction
from service.store.outbox import CLAIMED, abandoned_letters, letters_to_repeat, lock_letter
from service.store.tables import Letter

log = logging.getLogger(__name__)


def recover_letters(desk: Desk) -> None:
    """Settle letters left behind by a crash, and repeat those uncertain ones that a machine may repeat.

    An automatic letter is better sent twice under one Message-ID than not at all; an officer's letter is the officer's.
    """
    with transaction(desk.engine) as session:
        for letter in abandoned_letters(session, desk.now()):
            _settle_abandoned(session, desk, letter)
    with reading(desk.engine) as session:
        uncertain = letters_to_repeat(session, desk.now())
    for letter in uncertain:
        _repeat(desk, letter)


def _settle_abandoned(session: Session, desk: Desk, letter: Letter) -> None:
    now, again = desk.now(), letter.trouble.startswith(AGAIN)
    if letter.phase == CLAIMED:
        trouble = AGAIN if again else "The desk stopped before any of the letter had gone."
        settle_letter(session, desk, letter, RETRY, at=now, phase=letter.phase, trouble=trouble)
        return
    trouble = "The desk stopped while the letter was being handed over."
    settle_letter(
        session,
        desk,
        letter,
        UNCERTAIN,
        at=now,
        phase=letter.phase,
        trouble=f"{AGAIN} {trouble}" if again else trouble,
        next_try_at=now if letter.automatic and not again else None,
    )


def _repeat(desk: Desk, letter: Letter) -> None:
    try:
        arrived = is_in_sent_folder(desk.settings.mailbox_of(letter.account), letter.message_id)
    except DeskError:
        log.warning("letter %d stays uncertain until the Sent folder can be looked into", letter.id)
        return
    with transaction(desk.engine) as session:
        fresh = lock_letter(session, letter.id)
        if fresh.state != UNCERTAIN:
            return  # an officer has decided in the meantime
        if arrived:
            fresh.copied = True
            settle_letter(session, desk, fresh, SENT, at=desk.now(), phase=fresh.phase)
        else:
            resend(session, desk, fresh, desk.now())

"""The day's work as one message in the folder of open cases, replaced each working day.

Of all mail in the mailbox the desk removes this alone, and only what it has itself written there: the Message-ID, which
nobody else can make, tells. Where somebody has moved it or deleted it, it stays so until the next working day.
"""

from datetime import date

from mail.apart import Apart
from mail.compose import compose, wire_address
from mail.filing_box import FilingBox, open_filing_box
from service.casework.team_digest import PREFIX, compose_team_digest, is_team_digest
from service.desk import Desk
from service.domain.placing import OPEN
from service.servers import MailboxSettings
from service.store.database import reading, transaction
from service.store.jobs import job_run, note_run
from service.store.placements import watched_folders
from service.store.tables import Letter

FLAGS = (b"\\Seen", b"\\Flagged")


def pin_digests(desk: Desk, today: date) -> int:
    """Write the day's message into each mailbox that is filed and has not had it; returns into how many.

    Raises the first trouble, once the others have been done.
    """
    pinned, apart = 0, Apart()
    for box in desk.settings.every_mailbox:
        if box.filing == "off" or not desk.settings.digests.in_mailbox or _has_had_it(desk, box, today):
            continue
        with apart.each():
            pinned += _pin(desk, box, today)
    apart.tell()
    return pinned


def _has_had_it(desk: Desk, settings: MailboxSettings, today: date) -> bool:
    with reading(desk.engine) as session:
        run = job_run(session, _name(settings))
    return run is not None and run.done_for is not None and run.done_for >= today


def _name(settings: MailboxSettings) -> str:
    return f"digest in {settings.account}"


def _pin(desk: Desk, settings: MailboxSettings, today: date) -> bool:
    with reading(desk.engine) as session:
        known = watched_folders(session, settings.account)
        letter = compose_team_digest(session, desk, settings.account, at=desk.now())
    with open_filing_box(settings) as box:
        survey = box.survey(settings.filing_root, settings.folder)
        name = known[OPEN].name if OPEN in known else OPEN
        if name not in survey.folders:
            return False  # the filing makes it, or learns its new name
        if box.can("UIDPLUS"):  # else it could not be removed again without what others have marked as deleted
            _replace(desk, settings, box, survey.folders[name].native, letter)
    with transaction(desk.engine) as session:
        note_run(session, _name(settings), desk.now(), desk.now(), done_for=today)
    return box.can("UIDPLUS")


def _replace(desk: Desk, settings: MailboxSettings, box: FilingBox, native: str, letter: Letter) -> None:
    """The new one first: whatever happens in between, there is one to read."""
    there = {uid: name for uid, name in box.named(native, PREFIX).items() if is_team_digest(desk, name)}
    if letter.message_id not in there.values():  # as it is after a crash
        raw = compose(
            letter,
            sender_name=desk.settings.authority_of(settings.account).name,
            sender_address=wire_address(settings.address),
            secret=desk.secret,
        )
        box.write(native, raw, FLAGS, desk.now())
    box.remove([uid for uid, name in there.items() if name != letter.message_id])

"""A check-up of the way in: can we connect, is the certificate good, may we sign in, read and tidy the mailbox."""

from collections.abc import Iterator

from mail.errors import FolderMissing, MailboxNotReadable, MailboxTrouble, SignInRefused, TokenTrouble
from mail.mailbox import ImapMailbox, open_mailbox
from service.domain.finding import Finding, of_each
from service.errors import DeskError
from service.servers import MailboxSettings
from service.settings import Settings


def check_imap(settings: Settings) -> list[Finding]:
    """Look at every step that reading the mailboxes takes; changes nothing there."""
    pins = settings.digests.in_mailbox
    return of_each({mailbox.account: _check(mailbox, pins) for mailbox in settings.every_mailbox})


def _check(mailbox: MailboxSettings, pins: bool) -> list[Finding]:
    where = f"mailbox server {mailbox.host}:{mailbox.port}"
    try:
        box = open_mailbox(mailbox)
    except (SignInRefused, TokenTrouble) as trouble:
        return [Finding(where, True, _secured(mailbox)), _trouble(f"sign-in to {mailbox.host}", trouble)]
    except DeskError as trouble:
        return [_trouble(where, trouble)]
    with box:
        return [
            Finding(where, True, _secured(mailbox)),
            Finding(f"sign-in to {mailbox.host}", True, _as(mailbox)),
            *_looked_at(box, mailbox),
            *(_pinned(box) if pins and mailbox.filing != "off" else ()),
        ]


def _looked_at(box: ImapMailbox, mailbox: MailboxSettings) -> Iterator[Finding]:
    for look in (_capabilities, _incoming, _filed, _sent):
        try:
            yield from look(box, mailbox)
        except (FolderMissing, MailboxNotReadable) as trouble:
            yield _trouble(f"folder {mailbox.folder}", trouble)
        except MailboxTrouble as trouble:
            yield _trouble("mailbox", trouble)
            return


def _capabilities(box: ImapMailbox, mailbox: MailboxSettings) -> Iterator[Finding]:
    idle = box.can("IDLE") or not mailbox.idle
    yield Finding(
        "new mail at once (IDLE)",
        idle,
        "offered" if box.can("IDLE") else f"not offered: mail is read every {mailbox.poll_seconds} seconds",
        "Say idle = false under [mailbox]; nothing else is lost by it.",
    )
    yield Finding(
        "moving mail (MOVE or UIDPLUS)",
        box.can("MOVE") or box.can("UIDPLUS") or not mailbox.tidies,
        " and ".join(name for name in ("MOVE", "UIDPLUS") if box.can(name)) or "not offered: mail stays where it is",
        f"Say {mailbox.untidied} under [mailbox]: without either, mail cannot be moved without touching a colleague's.",
    )


def _incoming(box: ImapMailbox, mailbox: MailboxSettings) -> Iterator[Finding]:
    box.select(mailbox.folder)
    yield Finding(
        f"folder {mailbox.folder}",
        box.writable or not mailbox.tidies,
        "may be read and tidied" if box.writable else "may only be read",
        f"Give the account the right to change the folder (Full Access), or say {mailbox.untidied} under [mailbox].",
    )


def _filed(box: ImapMailbox, mailbox: MailboxSettings) -> Iterator[Finding]:
    if mailbox.filing != "off":
        there = box.has_folder(mailbox.filing_root)
        yield Finding(f"folder {mailbox.filing_root}", True, "there" if there else "made at the first round of filing")
    elif mailbox.filed_folder:
        there = box.has_folder(mailbox.filed_folder)
        yield Finding(f"folder {mailbox.filed_folder}", True, "there" if there else "will be made when first needed")


def _pinned(box: ImapMailbox) -> Iterator[Finding]:
    can = box.can("UIDPLUS")
    yield Finding(
        "the day's work among the open cases (UIDPLUS)",
        can,
        "written each working day" if can else "not offered: it could not be replaced, and is not written",
        "Say in_mailbox = false under [digests]; nothing else is lost by it.",
    )


def _sent(box: ImapMailbox, mailbox: MailboxSettings) -> Iterator[Finding]:
    if mailbox.sent_folder:
        there = box.has_folder(mailbox.sent_folder)
        advice = "Check [mailbox] sent_folder: it is made when first needed, perhaps not where colleagues look."
        yield Finding(f"folder {mailbox.sent_folder}", there, "there" if there else "not there", advice)


def _as(mailbox: MailboxSettings) -> str:
    return f"as {mailbox.user}, by a token" if mailbox.oauth else f"as {mailbox.user}"


def _secured(mailbox: MailboxSettings) -> str:
    unsafe = mailbox.security == "none"
    return "reached, not encrypted (this very machine)" if unsafe else "reached, encrypted, certificate good"


def _trouble(subject: str, trouble: DeskError) -> Finding:
    found, _, advice = str(trouble).partition(". ")
    return Finding(subject, False, found, " ".join(advice.split()))

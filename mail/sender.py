"""The mailboxes that letters leave from."""

from dataclasses import dataclass

from service.sections import Authority
from service.servers import MailboxSettings, Smtp
from service.settings import Settings
from service.store.outbox import Outlet


@dataclass(frozen=True, slots=True)
class Sender:
    """A mailbox, in whose name and how its letters leave, and which letters of the outbox they are."""

    box: MailboxSettings
    authority: Authority
    smtp: Smtp
    outlet: Outlet


def senders(settings: Settings) -> list[Sender]:
    """One for each mailbox; the first one's are also the letters of mailboxes that are no longer read."""
    others = tuple(box.account for box in settings.mailboxes)
    return [sender_of(settings, "", others), *(sender_of(settings, account) for account in others)]


def sender_of(settings: Settings, account: str, others: tuple[str, ...] = ()) -> Sender:
    """The one for the letters of an account."""
    box, smtp = settings.mailbox_of(account), settings.smtp_of(account)
    return Sender(box, settings.authority_of(account), smtp, Outlet(account, others))

"""The mailboxes that letters leave from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from mail.compose import LetterUnsendable, compose
from mail.enclosures import FileLost, OutgoingFile, outgoing_files
from service.desk import Desk
from service.domain.reply_address import reply_address
from service.sections import Authority
from service.servers import MailboxSettings, Smtp
from service.settings import Settings
from service.store.cases import opened_at
from service.store.database import reading
from service.store.outbox import Outlet
from service.store.tables import Letter


@dataclass(frozen=True, slots=True)
class Sender:
    """A mailbox, in whose name and how its letters leave, and which letters of the outbox they are."""

    box: MailboxSettings
    authority: Authority
    smtp: Smtp
    outlet: Outlet

    def compose(self, letter: Letter, files: Sequence[OutgoingFile], secret: bytes, of_case: str = "") -> bytes:
        """The mail for one of them with its files, answers to which go to its own address for them or else to that of
        its case; raises LetterUnsendable.
        """
        reply_to = letter.answers_to or of_case
        ours = self.box.address
        name = self.authority.name
        return compose(letter, files, sender_name=name, sender_address=ours, secret=secret, reply_to=reply_to)

    def mail(self, desk: Desk, letter: Letter) -> bytes:
        """The mail for one of them, its files read from the desk; raises LetterUnsendable."""
        try:
            with reading(desk.engine) as session:
                files = outgoing_files(session, letter)
                of_case = self._address_of_case(session, desk.secret, letter.case_id)
        except FileLost as fault:
            reason = "one of its files is no longer held as it was enclosed"
            raise LetterUnsendable(letter_id=letter.id, reason=reason) from fault
        return self.compose(letter, files, desk.secret, of_case)

    def _address_of_case(self, session: Session, secret: bytes, case_id: int | None) -> str:
        if case_id is None or not self.box.plus_addresses:
            return ""
        return reply_address(secret, case_id, opened_at(session, case_id), self.box.address)


def senders(settings: Settings) -> list[Sender]:
    """One for each mailbox; the first one's are also the letters of mailboxes that are no longer read."""
    others = tuple(box.account for box in settings.mailboxes)
    return [sender_of(settings, "", others), *(sender_of(settings, account) for account in others)]


def sender_of(settings: Settings, account: str, others: tuple[str, ...] = ()) -> Sender:
    """The one for the letters of an account."""
    box, smtp = settings.mailbox_of(account), settings.smtp_of(account)
    return Sender(box, settings.authority_of(account), smtp, Outlet(account, others))

"""The mail of the demo: anybody may write to the desk's mailbox, and every inbox can be looked into."""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP, SMTPUTF8, default
from email.utils import format_datetime
from secrets import token_hex

from mail.charset import decode
from mail.compose import clean
from mail.headers import split_headers
from mail.sandbox import MailSandbox, SandboxMail
from mail.sandbox_imap import HOST


@dataclass(frozen=True, slots=True)
class DemoLetter:
    """A mail as the demo's page shows it; `sender` is a name and an address on one line, `number` its place."""

    subject: str
    text: str
    sender: str
    at: datetime
    number: int = 0


class DemoMail:
    """The outside world of a demo desk: people who write to its mailbox, and their inboxes."""

    def __init__(self, sandbox: MailSandbox, desk_address: str, sent_folder: str) -> None:
        self._sandbox = sandbox
        self._desk_address = desk_address
        self._sent_folder = sent_folder

    def send(self, sender_name: str, sender_address: str, subject: str, text: str) -> None:
        """Post a plain mail to the desk by SMTP; a name or a subject is cleaned of what could forge a header."""
        mail = EmailMessage(policy=SMTP if sender_address.isascii() else SMTPUTF8)
        mail["From"] = Address(clean(sender_name), addr_spec=clean(sender_address))
        mail["To"] = self._desk_address
        mail["Subject"] = clean(subject)
        mail["Date"] = format_datetime(self._sandbox.now())
        mail["Message-ID"] = f"<{token_hex(12)}@{clean(sender_address).rpartition('@')[2]}>"
        mail.set_content(text)
        self.post(mail.as_bytes(), sender_address)

    def post(self, raw: bytes, sender_address: str) -> None:
        """Hand a mail over by SMTP exactly as it is; an empty sender is that of a delivery report (RFC 3464)."""
        with smtplib.SMTP(HOST, self._sandbox.smtp_port, local_hostname="demo.invalid", timeout=10) as smtp:
            options = ["SMTPUTF8", "BODY=8BITMIME"] if not sender_address.isascii() else []
            smtp.sendmail(sender_address, [self._desk_address], raw, options)

    def send_by_hand(self, raw: bytes, address: str) -> None:
        """Send a mail of a colleague's from the shared mailbox, as Outlook does: to an address, and a copy to Sent."""
        with smtplib.SMTP(HOST, self._sandbox.smtp_port, local_hostname="demo.invalid", timeout=10) as smtp:
            smtp.sendmail(self._desk_address, [address], raw)
        self._sandbox.keep(self._desk_address, self._sent_folder, raw)

    def answer(self, address: str, number: int, text: str) -> bool:
        """Answer a mail of somebody's inbox as their mail program would; False when there is no such mail."""
        mails = self._sandbox.inbox(address)
        if not 0 <= number < len(mails):
            return False
        asked = message_from_bytes(mails[number].raw, policy=default)
        mail = EmailMessage(policy=SMTP if address.isascii() else SMTPUTF8)
        mail["From"], mail["To"] = clean(address), clean(str(asked["Reply-To"] or asked["From"]))
        mail["Subject"], mail["Date"] = clean(f"Re: {asked['Subject']}"), format_datetime(self._sandbox.now())
        mail["Message-ID"] = f"<{token_hex(12)}@{clean(address).rpartition('@')[2]}>"
        mail["In-Reply-To"] = mail["References"] = clean(str(asked["Message-ID"]))
        quoted = "\n".join(f"> {line}" for line in _words(asked).splitlines())
        mail.set_content(f"{text}\n\nOn {asked['Date']}, the desk wrote:\n{quoted}\n")
        with smtplib.SMTP(HOST, self._sandbox.smtp_port, local_hostname="demo.invalid", timeout=10) as smtp:
            smtp.send_message(mail, address)
        return True

    def now(self) -> datetime:
        """The moment it is in the demonstration."""
        return self._sandbox.now()

    def addresses(self) -> list[str]:
        """Everyone outside the desk who has an inbox here."""
        return [address for address in self._sandbox.addresses() if address != self._desk_address.casefold()]

    def inbox(self, address: str) -> list[DemoLetter]:
        """What came for an address, newest first."""
        return [_shown(mail, number) for number, mail in enumerate(self._sandbox.inbox(address))][::-1]

    def newest(self, address: str) -> bytes | None:
        """The bytes of the last mail that came for an address."""
        mails = self._sandbox.inbox(address)
        return mails[-1].raw if mails else None

    def newest_from(self, address: str) -> bytes | None:
        """The bytes of the last mail that the desk had from an address."""
        mails = [mail for mail in self._sandbox.inbox(self._desk_address) if mail.sender == address]
        return mails[-1].raw if mails else None


def _shown(mail: SandboxMail, number: int) -> DemoLetter:
    headers, _ = split_headers(mail.raw, 0, len(mail.raw))
    text = _words(message_from_bytes(mail.raw))
    return DemoLetter(headers.text("subject"), text, headers.text("from"), mail.received_at, number)


def _words(message: Message) -> str:
    """Every plain text of a mail, in order, and the names of the files that came with it."""
    texts, files = [], []
    for part in message.walk():
        if part.get_content_disposition() == "attachment":
            files.append(f"[{part.get_filename() or 'a file'}]")
        elif part.get_content_type() == "text/plain":
            texts.append(_decoded(part))
    return "\n".join(texts + files)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decode(content if isinstance(content, bytes) else b"", str(part.get_content_charset() or ""))

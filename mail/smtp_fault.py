"""What can be wrong with the way to the mail server, each with a sentence that says what to do."""

import re
import smtplib
import ssl
from enum import StrEnum

from service.errors import DeskError

LONGEST_WORDS = 300  # characters of the server's words that are kept
_ADDRESS = re.compile(r"[^\s<>\"(),;:]+@[^\s<>\"(),;:]+")


class Phase(StrEnum):
    """How far a submission got."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


class SmtpFault(DeskError):
    """The mail server cannot be used."""

    def __init__(self, phase: Phase, **particulars: object) -> None:
        super().__init__(**particulars)
        self.phase = phase


class SmtpUnreachable(SmtpFault):
    """The mail server {host}:{port} cannot be reached: {reason}. Check [smtp] host, port and security, and the network.
    Letters wait in the outbox and are tried again."""


class SmtpBusy(SmtpFault):
    """The mail server {host} asks us to come back later: {trouble}. Nothing to do: letters wait and are tried again."""


class SmtpCertificateRefused(SmtpFault):
    """The certificate of the mail server {host} is not to be trusted: {reason}. No password was sent.
    Renew it there, set [smtp] host to the name it was made out to, or [smtp] ca_file to your own authority's."""


class SmtpNotEncrypted(SmtpFault):
    """The mail server {host}:{port} does not offer encryption (STARTTLS). No password was sent.
    Use the submission port 587, or port 465 with [smtp] security = "tls"."""


class SmtpSignInRefused(SmtpFault):
    """The mail server {host} refuses our sign-in: {trouble}. Check [smtp] user and password. On Microsoft 365:
    5.7.139 or 5.7.57 says that authenticated SMTP is switched off for the mailbox or the tenant (Set-CASMailbox
    -SmtpClientAuthenticationDisabled $false); 5.7.3 or 5.7.8 says that the password or the user name is wrong."""


class SmtpTokenNotTaken(SmtpSignInRefused):
    """The mail server {host} refuses the token we sign in with: {trouble}. {advice} Letters wait in the outbox and
    are tried again."""

    def __init__(self, phase: Phase, *, kept: bool, **particulars: object) -> None:
        super().__init__(phase, **particulars)
        self.kept = kept  # a new token may yet be taken


class SmtpTokenRefused(SmtpSignInRefused):
    """{words} Letters wait in the outbox and are tried again."""


class SmtpTokenAway(SmtpUnreachable):
    """{words}"""


class SendingRefused(SmtpFault):
    """The mail server {host} refuses to send for us: {trouble}. The outbox waits. The usual causes:
    5.7.60 - the account of [smtp] user (with [oauth], the service principal) may not send as the shared mailbox:
    give it Send As permission;
    5.7.139 - authenticated SMTP is switched off for the mailbox or the tenant;
    5.7.57, 530 - the server wants a sign-in: set [smtp] user and password;
    550, 553 at the sender - [mailbox] address is not one this server sends for."""


def masked(words: str, address: str = "") -> str:
    """The server's words on one line, without any address and without the local part of this one."""
    line = _ADDRESS.sub("(address)", " ".join(words.split()))
    local = address.rpartition("@")[0]
    if len(local) > 2:
        line = re.sub(re.escape(local), "(address)", line, flags=re.IGNORECASE)
    return line[:LONGEST_WORDS]


def reason_of(error: Exception) -> str:
    """A lost connection in our words: smtplib's text may quote the dialogue."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS there; look at port and security"
    return (error.strerror if isinstance(error, OSError) else None) or "the connection was lost"

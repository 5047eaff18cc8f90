"""What can be wrong with the mailbox, each with a sentence that says what to do and a time after which to try again."""

from datetime import timedelta

from service.errors import DeskError


class MailboxTrouble(DeskError):
    """The mailbox cannot be read."""

    shortest = timedelta(seconds=5)
    longest = timedelta(minutes=10)
    growth = 1

    def retry_after(self, troubled_for: timedelta) -> timedelta:
        """How long to leave the server alone, given how long it has been like this: each pause doubles that time, or
        makes more of it where `growth` is greater."""
        return min(max(self.growth * troubled_for, self.shortest), self.longest)


class MailServerUnreachable(MailboxTrouble):
    """The mail server {host}:{port} cannot be reached: {reason}. Check [mailbox] host, port and security, and
    the network. Nothing is lost: mail waits there and is read when the server answers again."""


class SignInRefused(MailboxTrouble):
    """The mail server {host} refuses our sign-in: {reason}. Check [mailbox] user and password (or password_file).
    On Microsoft 365 a password alone is no longer accepted. We try again only every quarter of an hour, so that the
    account is not locked; `foidesk poll --once` tries at once."""

    shortest = longest = timedelta(minutes=15)


class SignInBrokenOff(MailboxTrouble):
    """The mail server {host} broke off while we signed in: {reason}. A server that is being restarted does that, and
    it passes by itself. If it stays so, check [mailbox] user and what we sign in with (password or [oauth]): some
    servers hang up on what is wrong. Nothing is lost: mail waits there."""

    # Four tries in ten minutes: a password may be wrong after all, and the account must not be locked.
    shortest = timedelta(seconds=30)
    longest = timedelta(minutes=15)
    growth = 3


class TokenNotTaken(SignInRefused):
    """The mail server {host} refuses the token we sign in with: {reason}. {advice} We try again only every quarter of
    an hour; `foidesk poll --once` tries at once."""

    def __init__(self, *, kept: bool, **particulars: object) -> None:
        super().__init__(**particulars)
        self.kept = kept  # a new token may yet be taken


class TokenTrouble(MailboxTrouble):
    """{words}"""


class TokenRefused(TokenTrouble):
    """{words} We try again only every quarter of an hour; `foidesk poll --once` tries at once."""

    shortest = longest = timedelta(minutes=15)


class CertificateRefused(MailboxTrouble):
    """The certificate of the mail server {host} is not to be trusted: {reason}. No password was sent.
    Renew it there, set [mailbox] host to the name it was made out to, or [mailbox] ca_file to the certificate of the
    authority that signed it."""

    shortest = timedelta(minutes=1)


class FolderMissing(MailboxTrouble):
    """The mail server {host} does not open the folder {folder}: {reason}. Check [mailbox] folder against the folders
    that the account sees, and that it may open this one."""

    shortest = timedelta(minutes=1)


class MailboxNotReadable(MailboxTrouble):
    """The mail server {host} took our sign-in but opens no mailbox: {reason}. The usual causes on Microsoft 365 are,
    in this order: the account (with [oauth], the service principal) has no Full Access permission on the shared
    mailbox; the service principal was registered in Exchange with the object ID of the app registration in place of
    the enterprise application's; [mailbox] user names another mailbox than the shared one; or the server holds us back
    because of too many connections, which passes by itself."""

    shortest = longest = timedelta(minutes=15)


class ProtocolTrouble(MailboxTrouble):
    """The mail server {host} answered something we cannot work with: {reason}. We sign in afresh and try again;
    if it stays so, `foidesk doctor` shows what the server can do."""


class ServerWontTell(ProtocolTrouble):
    """The mail server {host} does not say which generation of the folder {folder} this is (UIDVALIDITY, RFC 3501,
    2.3.1.1), without which mail cannot be told apart safely. Use another server or another folder."""

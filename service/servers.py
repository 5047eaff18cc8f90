"""The tables of the settings file that say which mail servers there are, and how to sign in to them."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, PrivateAttr, SecretStr, model_validator

from service.errors import DeskError
from service.sections import Authority, EmailAddress, RegimeName, Section
from service.sign_in import OAuth

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SecretUnreadable(DeskError):
    """The secret file {path} cannot be read: {reason}. Write the secret into it; let only the desk's user read it."""


def is_there(path: Path) -> bool:
    """Whether there is a secret file; raises SecretUnreadable where its folder does not let us look."""
    try:
        return path.exists()
    except OSError as error:
        raise SecretUnreadable(path=path, reason=error.strerror) from error


def read_secret(path: Path) -> str:
    """A secret from its file, without the newline an editor adds."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretUnreadable(path=path, reason=error.strerror) from error
    except UnicodeDecodeError:
        raise SecretUnreadable(path=path, reason="it is not UTF-8 text") from None  # its text would show the secret


class Server(Section):
    """A mail server and how to sign in to it."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None  # a private certificate authority
    sign_in: Literal["password", "oauth"] = "password"
    user: str = ""  # with "oauth": the mailbox's own address, a shared one's too
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    timeout: float = Field(default=60, gt=0)
    _oauth: OAuth | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.sign_in == "oauth" and not self.user:
            raise ValueError('sign_in = "oauth" needs user: the address of the mailbox')
        return self

    @property
    def oauth(self) -> OAuth | None:
        """Where the token to sign in with comes from; None when it is a password."""
        return self._oauth

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError('security = "none" is for a server on this very machine only; use "tls" or "starttls"')
        return self

    def secret(self) -> str:
        """The password, read afresh at each use so that a changed file needs no restart."""
        if self.password_file is None:
            return self.password.get_secret_value()
        secret = read_secret(self.password_file)
        if not secret:  # the guide has it made empty first; to sign in without a password could lock the account
            raise SecretUnreadable(path=self.password_file, reason="nothing stands in it")
        return secret


class Smtp(Server):
    """How letters leave."""

    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    pace_seconds: float = Field(default=3, ge=0, le=60)  # Microsoft 365 allows 30 messages a minute
    largest_megabytes: int = Field(default=25, ge=1, le=150)  # of a mail as it leaves

    @property
    def largest_mail(self) -> int:
        """How many bytes the server takes at once."""
        return self.largest_megabytes * 1_000_000


class MailboxSettings(Server):
    """A folder of a shared mailbox that requests arrive in."""

    account: str = Field(default="foi", pattern="^[a-z0-9_-]{1,30}$")  # our own short name for it
    address: EmailAddress
    aliases: tuple[EmailAddress, ...] = ()
    port: int = Field(default=993, ge=1, le=65535)
    folder: str = "INBOX"
    filed_folder: str = "FOI/Filed"  # where mail goes once it is on a case; empty leaves it where it is
    filing: Literal["off", "flat", "folders"] = "off"  # whether mail lies in folders by case, and moves are heeded
    filing_root: str = Field(default="FOI", pattern=r"^[^/\\*%\x00-\x1f]{1,60}$")  # the folder that holds those
    sent_folder: str = ""  # where copies of our letters go; empty when the server keeps its own
    watch_sent: bool = True  # what the team sends from the mailbox by hand is filed on its case
    poll_seconds: int = Field(default=30, ge=1, le=3600)
    idle: bool = True
    largest: int = Field(default=150_000_000, ge=1_000_000)  # bytes; above, a person fetches it
    plus_addresses: bool = False  # foi+anything@ arrives here too: answers are then told by the address they go to
    authserv_id: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,253}$")  # our server's name for RFC 8601
    kind: str = Field(default="FOI", pattern="^[A-Z]{1,8}$")  # of the cases that its mail opens
    regime: RegimeName | None = None  # the law its mail is first taken to ask under; None for the desk's own
    authority: Authority | None = None  # where it is another body's than the desk's
    smtp: Smtp | None = None  # where its letters leave another way than the desk's

    @model_validator(mode="after")
    def _two_folders(self) -> Self:
        if self.filed_folder == self.folder:
            raise ValueError('filed_folder must be another folder than folder; "" leaves mail where it is')
        return self

    @property
    def tidies(self) -> bool:
        """Whether mail that was dealt with is moved out of the folder."""
        return self.filing != "off" or self.filed_folder != ""

    @property
    def untidied(self) -> str:
        """The setting that leaves mail where it is."""
        return 'filing = "off"' if self.filing != "off" else 'filed_folder = ""'

    @property
    def own(self) -> frozenset[str]:
        """Every address that is ours, case-folded."""
        return frozenset(a.casefold() for a in (self.address, *self.aliases))


class SentFolder(Server):
    """The Sent folder of somebody who answers requests from a mailbox of their own."""

    account: str = Field(pattern="^[a-z0-9_-]{1,30}$")  # our own short name for it
    folder: str = ""  # empty: the one that the server names as Sent
    port: int = Field(default=993, ge=1, le=65535)

"""Particulars of the authority and of its servers, from one TOML file and the environment; every fault at once."""

import os
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from service.domain.reference import DEFAULT_PATTERN, ReferencePattern
from service.domain.timeline import Period
from service.errors import DeskError
from service.sign_in import OAuth

CONFIG_VARIABLE = "FOIDESK_CONFIG"
DEFAULT_CONFIG = Path("foidesk.toml")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingsFault(DeskError):
    """The settings cannot be used: {faults} They come from {source} and from FOIDESK_ environment variables;
    `foidesk init` writes a commented example."""


def _address(value: str) -> str:
    _, address = parseaddr(value)
    if address != value or value.count("@") != 1 or value.startswith("@") or value.endswith("@"):
        raise ValueError("must be a bare email address such as foi@council.example")
    return value


EmailAddress = Annotated[str, AfterValidator(_address)]


class Section(BaseModel):
    """A table of the file; a name it does not know is a fault, so that a misspelling is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Authority(Section):
    """Who we are, as our letters say it."""

    name: str = Field(min_length=1)
    body: int = Field(default=1, ge=0, le=99)
    address: str = ""
    telephone: str = ""
    website: str = ""
    complaints: str = ""  # how to ask for an internal review; empty means: by writing to the FOI address
    privacy_url: str = ""
    colour: str = "#1d70b8"

    @field_validator("colour")
    @classmethod
    def _hex(cls, value: str) -> str:
        if len(value) != 7 or value[0] != "#" or not all(c in "0123456789abcdefABCDEF" for c in value[1:]):
            raise ValueError("must be a colour like #1d70b8")
        return value


class Database(Section):
    url: str = "sqlite:///var/foidesk.db"

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value


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
        return read_secret(self.password_file)


class MailboxSettings(Server):
    """The shared mailbox that requests arrive in."""

    account: str = "foi"  # our own short name for it
    address: EmailAddress
    aliases: tuple[EmailAddress, ...] = ()
    port: int = Field(default=993, ge=1, le=65535)
    folder: str = "INBOX"
    filed_folder: str = "FOI/Filed"  # where mail goes once it is on a case; empty leaves it where it is
    sent_folder: str = ""  # where copies of our letters go; empty when the server keeps its own
    poll_seconds: int = Field(default=30, ge=1, le=3600)
    idle: bool = True
    largest: int = Field(default=150_000_000, ge=1_000_000)  # bytes; above, a person fetches it

    @model_validator(mode="after")
    def _two_folders(self) -> Self:
        if self.filed_folder == self.folder:
            raise ValueError('filed_folder must be another folder than folder; "" leaves mail where it is')
        return self

    @property
    def own(self) -> frozenset[str]:
        """Every address that is ours, case-folded."""
        return frozenset(a.casefold() for a in (self.address, *self.aliases))


class Smtp(Server):
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    pace_seconds: float = Field(default=3, ge=0, le=60)  # Microsoft 365 allows 30 messages a minute


class Numbers(Section):
    """How references are written and counted."""

    pattern: str = DEFAULT_PATTERN
    scope: Literal["never", "yearly"] = "never"
    start: int = Field(default=1, ge=1)

    @field_validator("pattern")
    @classmethod
    def _writable(cls, value: str) -> str:
        try:
            ReferencePattern(value)
        except DeskError as fault:
            raise ValueError(str(fault)) from fault
        return value


class Web(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    url: str = "http://127.0.0.1:8000"  # as officers reach it; links in our mails begin with it
    secure_cookies: bool = True  # False only where the desk is reached over plain http
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    sign_in_limit: str = "10 per minute"


class Limits(Section):
    """Brakes on our own automatic letters, against loops that no header gives away."""

    acknowledgements_per_address_a_day: int = Field(default=5, ge=1)
    acknowledgements_an_hour: int = Field(default=50, ge=1)


class Team(Section):
    """Where the desk writes to the team, and how soon a case counts as due soon."""

    address: EmailAddress | None = None
    due_soon: int = Field(default=5, ge=1, le=20)  # working days


class School(Section):
    """A school's calendar: on days without a session the twenty days do not run (SI 2004/3364 reg 3)."""

    closed: tuple[str, ...] = ()  # periods such as "2026-07-18..2026-09-01", first and last day of each

    @field_validator("closed")
    @classmethod
    def _periods(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            read_period(text)
        return value

    @property
    def closures(self) -> tuple[Period, ...]:
        """The periods in which it holds no session, oldest first."""
        return tuple(sorted((read_period(text) for text in self.closed), key=lambda period: period.first))


def read_period(text: str) -> Period:
    """A period written FIRST..LAST, or one day; raises ValueError."""
    first, _, last = text.partition("..")
    try:
        period = Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip() or first.strip()))
    except ValueError:
        raise ValueError(f"{text!r} must be a period such as 2026-07-18..2026-09-01") from None
    if period.last is None or period.last < period.first:
        raise ValueError(f"{text!r} ends before it begins")
    return period


class Settings(BaseSettings):
    """All settings; an environment variable such as FOIDESK_MAILBOX__HOST overrides the file."""

    model_config = SettingsConfigDict(env_prefix="FOIDESK_", env_nested_delimiter="__", extra="forbid", frozen=True)

    authority: Authority
    mailbox: MailboxSettings
    smtp: Smtp
    oauth: OAuth = OAuth()
    secret_file: Path = Path("var/secret")
    regime: Literal["FOIA", "FOISA"] = "FOIA"
    database: Database = Database()
    reference: Numbers = Numbers()
    web: Web = Web()
    team: Team = Team()
    school: School = School()
    limits: Limits = Limits()
    templates: Path | None = None  # a folder whose files replace our wording

    @field_validator("templates")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        # Else our own wording would go out in the authority's name, and nobody would notice.
        if value is not None and not (value.is_dir() and os.access(value, os.R_OK | os.X_OK)):
            raise ValueError("must be a folder that is there and that the desk's user may read")
        return value

    @model_validator(mode="after")
    def _signed_in(self) -> Self:
        """Hand [oauth] to the servers that sign in by it."""
        by_token = [server for server in (self.mailbox, self.smtp) if server.sign_in == "oauth"]
        if by_token and self.oauth.provider is None:
            raise ValueError('sign_in = "oauth" needs a table [oauth] with a provider: "microsoft" or "google"')
        if self.oauth.provider is not None and not by_token:
            raise ValueError('[oauth] is used by nothing: say sign_in = "oauth" under [mailbox] and [smtp]')
        for server in by_token:
            server._oauth = self.oauth  # not to be written under each server as well
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Words given in code first, then the environment, then the file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))


def config_path(chosen: Path | None = None) -> Path:
    """The file to read: the one chosen, else FOIDESK_CONFIG, else ./foidesk.toml."""
    return chosen or Path(os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)


def read_settings(chosen: Path | None = None) -> Settings:
    """Read and check everything; raises SettingsFault naming every fault, a setting a line."""
    path = config_path(chosen)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return FromFile.model_validate({})
    except ValidationError as error:
        raise SettingsFault(faults=_faults(error), source=_source(path)) from None  # its text would show the values
    except (OSError, ValueError) as error:
        raise SettingsFault(faults=f"  {path}: {error}", source=_source(path)) from None


def _faults(error: ValidationError) -> str:
    return "\n" + "".join(
        f"  {'.'.join(map(str, e['loc'])) or 'sign_in'}: {e['msg'].removeprefix('Value error, ')}\n"
        for e in error.errors()
    )


def _source(path: Path) -> str:
    return str(path) if path.is_file() else f"{path} (no such file)"


class SecretUnreadable(DeskError):
    """The secret file {path} cannot be read: {reason}. Write the secret into it; let only the desk's user read it."""


def read_secret(path: Path) -> str:
    """A secret from its file, without the newline an editor adds."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretUnreadable(path=path, reason=error.strerror) from error

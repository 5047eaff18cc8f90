"""Particulars of the authority and of its servers, from one TOML file and the environment; every fault at once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from service.errors import DeskError
from service.further_mailboxes import complete
from service.sections import (
    Authority,
    Database,
    Digests,
    Instructions,
    Limits,
    Numbers,
    RegimeName,
    School,
    Team,
    Web,
    Webhooks,
)
from service.sent_places import SentPlace, sent_places
from service.servers import MailboxSettings, SentFolder, Smtp
from service.setting_sources import Environment, SourceFault, check_file, unknown_variables
from service.sign_in import OAuth

CONFIG_VARIABLE = "FOIDESK_CONFIG"
DEFAULT_CONFIG = Path("foidesk.toml")
ARCHIVE = "archive"  # the account name of mail that came from files


class SettingsFault(DeskError):
    """The settings cannot be used: {faults} They come from {source} and from FOIDESK_ environment variables;
    `foidesk init` writes a commented example."""


class Settings(BaseSettings):
    """All settings; an environment variable such as FOIDESK_MAILBOX__HOST overrides the file."""

    model_config = SettingsConfigDict(env_prefix="FOIDESK_", env_nested_delimiter="__", extra="forbid", frozen=True)

    authority: Authority
    mailbox: MailboxSettings
    mailboxes: tuple[MailboxSettings, ...] = ()  # further ones
    sent: tuple[SentFolder, ...] = ()  # further Sent folders, of officers who answer from mailboxes of their own
    smtp: Smtp
    oauth: OAuth = OAuth()
    secret_file: Path = Path("var/secret")
    regime: Literal["FOIA", "FOISA"] = "FOIA"
    database: Database = Database()
    reference: Numbers = Numbers()
    web: Web = Web()
    team: Team = Team()
    digests: Digests = Digests()
    instructions: Instructions = Instructions()
    school: School = School()
    limits: Limits = Limits()
    webhooks: Webhooks = Webhooks()
    templates: Path | None = None  # a folder whose files replace our wording

    @field_validator("templates")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        # Else our own wording would go out in the authority's name, and nobody would notice. Only a folder is reached
        # by a name that ends in a slash; Path.is_dir() raises where it may not look.
        if value is not None and not os.access(f"{value}/", os.R_OK | os.X_OK):
            raise ValueError("must be a folder that is there and that the desk's user may read")
        return value

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, words: Any) -> Any:
        return complete(words) if isinstance(words, Mapping) else words

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        """No two mailboxes of one name, and no folder that is read twice or that filed mail would come back from."""
        every = self.every_mailbox
        if len({box.account for box in every}) < len(every) or ARCHIVE in {box.account for box in every}:
            raise ValueError(f'each of [[mailboxes]] needs an account name of its own, and "{ARCHIVE}" is taken')
        read = [(box.host, box.user, box.folder) for box in every]
        if len(set(read)) < len(read):
            first, second = _twice(read)
            raise ValueError(
                f'the mailboxes "{every[first].account}" and "{every[second].account}" read the same folder of the '
                "same user: give one of them another folder, or a user of its own"
            )
        filing = [(box.host, box.user, box.filing_root.casefold()) for box in every if box.filing != "off"]
        if len(set(filing)) < len(filing):
            raise ValueError("two mailboxes of the same user that file mail each need a filing_root of their own")
        if any((box.host, box.user, box.filed_folder) in read for box in every):
            raise ValueError("filed_folder must not be a folder that is read: filed mail would come in again")
        names = [*(box.account for box in every), *(one.account for one in self.sent), ARCHIVE]
        if len(set(names)) < len(names):
            raise ValueError("each of [[sent]] needs an account name of its own, which no mailbox has")
        if any((place.server.host, place.server.user, place.folder) in read for place in self.sent_places):
            raise ValueError("a folder cannot be read as the mail that comes and as the mail that was sent")
        return self

    @model_validator(mode="after")
    def _team_apart(self) -> Self:
        if self.team.address is not None and self.team.address.casefold() in self.own:
            raise ValueError(
                "team.address must not be an address of a mailbox that the desk reads: what it sends there would come "
                "back as mail; name one of the team's own, or leave it out"
            )
        return self

    @model_validator(mode="after")
    def _signed_in(self) -> Self:
        """Hand [oauth] to the servers that sign in by it."""
        smtp = (self.smtp, *(box.smtp for box in self.every_mailbox if box.smtp))
        servers = (*self.every_mailbox, *self.sent, *smtp)
        by_token = [server for server in servers if server.sign_in == "oauth"]
        if by_token and self.oauth.provider is None:
            raise ValueError('sign_in = "oauth" needs a table [oauth] with a provider: "microsoft" or "google"')
        if self.oauth.provider is not None and not by_token:
            raise ValueError('[oauth] is used by nothing: say sign_in = "oauth" under [mailbox] and [smtp]')
        for server in by_token:
            server._oauth = self.oauth  # not to be written under each server as well
        return self

    @property
    def every_mailbox(self) -> tuple[MailboxSettings, ...]:
        """All that is read, the first one first."""
        return (self.mailbox, *self.mailboxes)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The authorities that the desk answers for, its own first, each once."""
        found: dict[str, Authority] = {}
        for one in (self.authority, *(box.authority for box in self.every_mailbox if box.authority is not None)):
            found.setdefault(one.name, one)
        return tuple(found.values())

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """What is read, by account and folder."""
        return tuple((box.account, box.folder) for box in self.every_mailbox)

    @property
    def sent_places(self) -> tuple[SentPlace, ...]:
        """The Sent folders that are watched, the mailboxes' own first, each once."""
        return sent_places(self.every_mailbox, self.sent)

    @property
    def own(self) -> frozenset[str]:
        """Every address that is ours, case-folded."""
        return frozenset[str]().union(*(box.own for box in self.every_mailbox))

    def mailbox_of(self, account: str) -> MailboxSettings:
        """The mailbox of an account; the first one for what came by none of them, or by one that is no longer read."""
        return next((box for box in self.mailboxes if box.account == account), self.mailbox)

    def authority_of(self, account: str) -> Authority:
        """In whose name letters about what came by an account are written."""
        return self.mailbox_of(account).authority or self.authority

    def smtp_of(self, account: str) -> Smtp:
        """How such letters leave."""
        return self.mailbox_of(account).smtp or self.smtp

    def regime_of(self, account: str) -> RegimeName:
        """The law that what came by an account is first taken to ask under."""
        return self.mailbox_of(account).regime or self.regime

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Words given in code first, then the environment, then the file."""
        return (init_settings, Environment(settings_cls), TomlConfigSettingsSource(settings_cls))


def config_path(chosen: Path | None = None) -> Path:
    """The file to read: the one chosen, else FOIDESK_CONFIG, else ./foidesk.toml."""
    return chosen or Path(os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)


def read_settings(chosen: Path | None = None) -> Settings:
    """Read and check everything; raises SettingsFault naming every fault, a setting a line."""
    path = config_path(chosen)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    unknown = [f"  {fault}\n" for fault in unknown_variables(os.environ, Settings.model_fields)]
    try:
        check_file(path)
        settings = FromFile.model_validate({})
    except ValidationError as error:
        faults = [*unknown, *_faults(error)]
    except (SourceFault, OSError) as error:
        faults = [*unknown, f"  {error}\n"]
    else:
        if not unknown:
            return settings
        faults = unknown
    # Outside of the handlers: the text of a ValidationError would show the values.
    raise SettingsFault(faults="\n" + "".join(faults), source=_source(path))


def _faults(error: ValidationError) -> list[str]:
    """A line each; what concerns several tables names them in its own words."""
    return [
        f"  {'.'.join(map(str, e['loc']))}{': ' if e['loc'] else ''}{e['msg'].removeprefix('Value error, ')}\n"
        for e in error.errors()
    ]


def _twice(places: list[tuple[str, str, str]]) -> tuple[int, int]:
    """The positions of the first two that are the same."""
    second = next(at for at, place in enumerate(places) if place in places[:at])
    return places.index(places[second]), second


def may_be_there(path: Path) -> bool:
    """Whether there is a settings file, as far as we may look for it."""
    try:
        return path.is_file()
    except OSError:
        return True


def _source(path: Path) -> str:
    return str(path) if may_be_there(path) else f"{path} (no such file)"

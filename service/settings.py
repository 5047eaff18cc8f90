"""Particulars of the authority and of its servers, from one TOML file and the environment; every fault at once."""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from service.errors import DeskError
from service.sections import Authority, Database, Limits, Numbers, School, Team, Web
from service.servers import MailboxSettings, Smtp
from service.sign_in import OAuth

CONFIG_VARIABLE = "FOIDESK_CONFIG"
DEFAULT_CONFIG = Path("foidesk.toml")


class SettingsFault(DeskError):
    """The settings cannot be used: {faults} They come from {source} and from FOIDESK_ environment variables;
    `foidesk init` writes a commented example."""


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

"""Where settings come from, the file and the environment, and what of them cannot be read at all."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from service.errors import DeskError

PREFIX, PART = "FOIDESK_", "__"
# Ours, but no settings: the file's own place, the tests' wishes, and the password in docker/compose.postgres.yml.
NO_SETTINGS = re.compile(r"FOIDESK_(CONFIG|POSTGRES_PASSWORD|TEST_\w*)", re.IGNORECASE)
# Kubernetes writes these of every service of a namespace, and one may be called foidesk, or foidesk-web:
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
OF_KUBERNETES = re.compile(
    r"FOIDESK_(\w+_)?(SERVICE_(HOST|PORT)(_\w+)?=.*|PORT(_\d+_[A-Z]+(_\w+)?)?=(tcp|udp|sctp):.*)"
)
OF_ITS_PORTS = re.compile(r"FOIDESK_(\w+_)?PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)=.*")


class SourceFault(DeskError):
    """{fault}"""


class Environment(EnvSettingsSource):
    """The environment's settings; raises SourceFault for what must be JSON and is not."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """As pydantic-settings does, but saying which variable it was, and never what stood in it."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            name = next((name for name, held in self.env_vars.items() if held is value), field_name).upper()
            raise SourceFault(
                fault=f'{name} must be written in JSON: a list as ["one", "two"], a table as {{"name": "value"}}.'
            ) from None


def check_file(path: Path) -> None:
    """Raise SourceFault, with the line, for a file that is no TOML; one that is not there is no fault."""
    try:
        content = path.read_bytes() if path.is_file() else b""
        tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise SourceFault(fault=f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceFault(fault=f"{path}, line {line}: this is not UTF-8. Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SourceFault(
            fault=f'{path}: {error}. Each line is a [table] or name = value; words stand in quotes: regime = "FOIA".'
        ) from None


def unknown_variables(environment: Mapping[str, str], known: Iterable[str]) -> list[str]:
    """A sentence for each variable that begins as ours do and sets nothing: a misspelling must not go unnoticed."""
    return [
        f"{name}: there is no setting or table {_first(name)!r}. Two underscores join a table and its setting, as in "
        "FOIDESK_MAILBOX__HOST."
        for name, value in sorted(environment.items())
        if name.upper().startswith(PREFIX) and _first(name) not in known and not _of_others(name, value)
    ]


def _first(name: str) -> str:
    return name[len(PREFIX) :].split(PART, maxsplit=1)[0].lower()


def _of_others(name: str, value: str) -> bool:
    written = f"{name}={value}"
    return bool(NO_SETTINGS.fullmatch(name) or OF_KUBERNETES.fullmatch(written) or OF_ITS_PORTS.fullmatch(written))

"""A settings file on a test's database, and the commands as they are typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.__main__ import main

SETTINGS = """
secret_file = "{folder}/secret"
[authority]
name = "Anytown Borough Council"
[database]
url = "{url}"
[mailbox]
address = "foi@anytown.example"
host = "127.0.0.1"
security = "none"
user = "foi"
password = "x"
[smtp]
host = "127.0.0.1"
security = "none"
[team]
address = "team@anytown.example"
"""

Foidesk = Callable[..., Result]


def write_settings(folder: Path, url: str) -> Path:
    path = folder / "foidesk.toml"
    path.write_text(SETTINGS.format(folder=folder, url=url), encoding="utf-8")
    return path


def _typed(config: Path) -> Foidesk:
    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["--config", str(config), *words], input=typed)

    return run


@pytest.fixture
def foidesk(tmp_path: Path, database_url: str) -> Foidesk:
    """The commands on each kind of database, the one that `desk` has."""
    return _typed(write_settings(tmp_path, database_url))


@pytest.fixture
def sqlite_foidesk(tmp_path: Path, sqlite_url: str) -> Foidesk:
    """The commands on SQLite only, the database that `sqlite_desk` has."""
    return _typed(write_settings(tmp_path, sqlite_url))

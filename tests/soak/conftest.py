"""The long trials use the same real servers as the integration tests, and the real command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.certificates import Authority
from tests.integration.conftest import dovecot, reader
from tests.integration.dovecot import Dovecot
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.system.installation import FOIDESK, Installation, clean_environment, edit

__all__ = ["dovecot", "reader"]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[Script, Path]]:
    authority = Authority(tmp_path)
    with faulty_smtp(Script(starttls=authority.server())) as script:
        yield script, authority.file


@pytest.fixture
def installation(tmp_path: Path, dovecot: Dovecot, sink: tuple[Script, Path]) -> Installation:
    """An installation on SQLite, not started yet."""
    assert FOIDESK.exists()
    for name in ("desk", "temporary", "compiled"):
        (tmp_path / name).mkdir()
    environment = clean_environment(tmp_path / "temporary")
    installed = Installation(tmp_path / "desk", tmp_path / "temporary", environment)
    assert installed.run("init").returncode == 0
    edit(installed, dovecot, *sink)
    installed.change("limits", acknowledgements_an_hour=1_000_000)
    assert installed.run("migrate").returncode == 0
    return installed

"""Real servers for the integration tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mail.reader import Reader
from tests.integration.dovecot import BINARY, FOI, Dovecot, running_dovecot
from tests.servers import need


def need_dovecot() -> None:
    """Skip the test, or fail where it is required, when there is no Dovecot."""
    need("dovecot", BINARY)


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A fresh Dovecot with one empty mailbox."""
    need("dovecot", BINARY)
    with running_dovecot() as server:
        yield server


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Reader(tmp_path / "spool", frozenset({FOI})) as reader:
        yield reader

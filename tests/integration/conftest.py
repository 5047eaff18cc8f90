"""Real servers for the integration tests."""

from collections.abc import Iterator

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


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One for all: its child takes half a second to start."""
    with Reader(tmp_path_factory.mktemp("spool"), frozenset({FOI})) as reader:
        yield reader

"""The real product, started as the README says, against real servers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.certificates import Authority
from tests.integration.dovecot import BINARY, Dovecot, running_dovecot
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.servers import need
from tests.system.installation import FOIDESK, Installation, clean_environment, edit


@dataclass(frozen=True)
class Sink:
    """An SMTP server that keeps what it is given, and the file of the authority that vouches for it."""

    script: Script
    authority: Path

    def acknowledgements(self) -> list[bytes]:
        """The acknowledgements that came, and not the morning's letters to the team."""
        return [mail for mail in self.script.taken if b"\r\nAuto-Submitted: auto-replied\r\n" in mail]

    def message_ids(self) -> list[str]:
        """Those of the acknowledgements."""
        return Script(taken=self.acknowledgements()).message_ids()


@pytest.fixture
def bare(tmp_path: Path) -> Installation:
    """An empty folder in which `foidesk` can be run."""
    need("foidesk", FOIDESK.exists())
    folder, temporary = tmp_path / "desk", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    return Installation(folder, temporary, clean_environment(temporary))


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A fresh Dovecot with one empty mailbox."""
    need("dovecot", BINARY)
    with running_dovecot() as server:
        yield server


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    """Takes every letter, over STARTTLS."""
    authority = Authority(tmp_path)
    with faulty_smtp(Script(starttls=authority.server())) as script:
        yield Sink(script, authority.file)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `foidesk init` writes."""
    need("foidesk", FOIDESK.exists())
    folder, temporary = tmp_path_factory.mktemp("new"), tmp_path_factory.mktemp("temporary")
    new = Installation(folder, temporary, clean_environment(temporary))
    made = new.run("init")
    assert made.returncode == 0, made.stderr
    return new.settings_file.read_text()


@pytest.fixture
def desk(bare: Installation, example: str, dovecot: Dovecot, sink: Sink) -> Installation:
    """An installation whose settings fit the servers; it has not been started yet."""
    bare.settings_file.write_text(example)
    edit(bare, dovecot, sink.script, sink.authority)
    return bare

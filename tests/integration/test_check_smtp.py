"""What `foidesk doctor` says of the mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mail.check_smtp import check_smtp
from service.settings import Settings
from tests.conftest import council_settings
from tests.integration.smtp_faults import Script, faulty_smtp
from tests.servers import free_port


@pytest.fixture
def smtp() -> Iterator[Script]:
    with faulty_smtp() as script:
        yield script


@pytest.fixture
def settings(tmp_path: Path, smtp: Script) -> Settings:
    return council_settings(tmp_path, smtp={"port": smtp.port, "timeout": 0.5, "user": "foi", "password": "x"})


def test_a_good_server_passes_and_nothing_is_sent(settings: Settings, smtp: Script) -> None:
    found = check_smtp(settings)
    assert [f.ok for f in found] == [True, True, True, True]
    assert smtp.taken == [] and not any(c.startswith(("RCPT", "DATA")) for c in smtp.commands)


@pytest.mark.parametrize(
    ("phase", "words", "subject"),
    [
        ("connect", "554 5.7.1 go away", "mail server"),
        ("auth", "535 5.7.3 no", "sign-in"),
        ("mail", "550 5.7.60 not you", "sending as"),
    ],
)
def test_a_fault_is_found_at_its_step(settings: Settings, smtp: Script, phase: str, words: str, subject: str) -> None:
    smtp.faults[phase] = words
    wrong = [f for f in check_smtp(settings) if not f.ok]
    assert [f.subject.startswith(subject) for f in wrong] == [True]
    assert words.split()[1] in wrong[0].found + wrong[0].advice and wrong[0].advice


def test_a_dead_server_is_one_finding(tmp_path: Path) -> None:
    found = check_smtp(council_settings(tmp_path, smtp={"port": free_port()}))
    assert [f.ok for f in found] == [False]

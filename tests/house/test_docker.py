"""What the containers run exists: entry point, environment names, health address, files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from service.__main__ import main
from service.settings import Settings
from tests.house.source import ROOT

DOCKER = ROOT / "docker"
COMPOSE = sorted(DOCKER.glob("compose*.yml"))
OTHERS = {"PATH", "PYTHONUNBUFFERED", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "FOIDESK_CONFIG"}


def _settings() -> set[str]:
    names = set()
    for name, field in Settings.model_fields.items():
        names.add(f"FOIDESK_{name.upper()}")
        for inner in getattr(field.annotation, "model_fields", {}):
            names.add(f"FOIDESK_{name.upper()}__{inner.upper()}")
    return names


def _dockerfile() -> str:
    return (DOCKER / "Dockerfile").read_text()


def test_the_image_runs_a_command_that_exists_as_nobody_special() -> None:
    text = _dockerfile()
    command = json.loads(re.search(r"^CMD (\[.*\])$", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    found = main.get_command(Context(main), command[0])
    assert found is not None
    options = {option for parameter in found.params for option in parameter.opts}
    assert set(command[1::2]) <= options
    assert re.search(r'^ENTRYPOINT \["foidesk"\]$', text, re.MULTILINE)
    assert "USER foidesk" in text


def test_what_the_image_copies_is_there() -> None:
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", _dockerfile(), re.MULTILINE):
        assert all((ROOT / source).exists() for source in sources.split())


def test_the_image_sets_only_settings_that_exist() -> None:
    assert set(re.findall(r"\b(FOIDESK_[A-Z_]+)=", _dockerfile())) <= _settings() | OTHERS


def test_the_health_check_asks_an_address_the_desk_answers() -> None:
    assert "/health" in _dockerfile()


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_is_sound(path: Path) -> None:
    compose: dict[str, Any] = yaml.safe_load(path.read_text())
    for service in compose["services"].values():
        assert set(service.get("environment", {})) <= _settings() | OTHERS
        build = service.get("build")
        if isinstance(build, dict):
            assert (DOCKER / build["context"] / build["dockerfile"]).is_file()
        elif build:
            assert (DOCKER / build / "Dockerfile").is_file()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("..") or source in compose.get("volumes", {})


def test_the_mail_servers_files_are_there() -> None:
    text = (DOCKER / "mail" / "Dockerfile").read_text()
    assert all((DOCKER / "mail" / source).is_file() for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE))

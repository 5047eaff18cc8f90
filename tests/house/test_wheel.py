"""The wheel: each package is imported from it, and what they read at run time is inside."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.source import ROOT

PACKAGES = ("service", "mail", "web", "templates")
DATA = (
    "service/domain/calendar_data/bank_holidays.toml",
    "service/store/migrations/env.py",
    "web/static",
    "templates/emails/acknowledgement/body.txt",
    "templates/web/layout.html",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel's content, as an installation lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = (folder / "dist").glob("foidesk-*.whl")
    with ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def _python(unpacked: Path, program: str, folder: Path) -> str:
    """What a program prints that finds the wheel's content before anything else, away from our source."""
    # -I leaves out the working folder and the environment, so that only the wheel can answer.
    start = f"import sys; sys.path.insert(0, {str(unpacked)!r}); sys.path = [p for p in sys.path if p != {str(ROOT)!r}]"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{start}\n{program}"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_package_comes_from_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    program = f"import {', '.join(PACKAGES)}\nfor m in ({', '.join(PACKAGES)}): print(m.__file__)"
    found = _python(unpacked, program, tmp_path).split()
    assert found == [str(unpacked / name / "__init__.py") for name in PACKAGES]


def test_the_wheel_holds_every_file_of_the_packages(unpacked: Path) -> None:
    for package in PACKAGES:
        ours = {
            path.relative_to(ROOT)
            for path in (ROOT / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        packed = {path.relative_to(unpacked) for path in (unpacked / package).rglob("*") if path.is_file()}
        assert ours - packed == set()
    assert [data for data in DATA if not (unpacked / data).exists()] == []


def test_the_wheel_installs_one_command_and_leaves_the_tests_at_home(unpacked: Path) -> None:
    (metadata,) = unpacked.glob("foidesk-*.dist-info")
    assert (metadata / "entry_points.txt").read_text().split() == [
        "[console_scripts]", "foidesk", "=", "service.__main__:main",
    ]  # fmt: skip
    assert sorted(path.name for path in unpacked.iterdir() if path != metadata) == sorted(PACKAGES)


def test_the_wheel_makes_a_desk_with_a_database_and_pages(unpacked: Path, tmp_path: Path) -> None:
    program = """
from pathlib import Path
from service.bootstrap import open_desk
from service.settings import Settings
from service.store.schema import migrate
from web.app import create_app
server = {"host": "127.0.0.1", "security": "none"}
desk = open_desk(Settings.model_validate({
    "authority": {"name": "Anytown"}, "mailbox": server | {"address": "foi@anytown.example"}, "smtp": server,
    "web": {"secure_cookies": False},
}))
migrate(desk.engine)
assert len(desk.stationery.names()) >= 6, desk.stationery.names()
client = create_app(desk).test_client()
assert client.get("/sign-in").status_code == 200
page = client.get("/sign-in").text
print(desk.calendars.version, page.count("/static/"))
"""
    version, static = _python(unpacked, program, tmp_path).split()
    assert version
    assert int(static) > 0

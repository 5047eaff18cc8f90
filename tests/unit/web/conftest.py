"""The desk's pages as a browser meets them, without a socket."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.bootstrap import open_desk
from service.desk import Desk
from service.store.schema import migrate
from tests.conftest import Time, council_settings
from tests.unit.web.seed import EMAILS, PASSWORD, Seeded, seed
from web.app import create_app
from web.current import KEPT
from web.kept import Kept


@dataclass(frozen=True)
class DemoLetter:
    subject: str
    text: str
    sender: str
    at: datetime
    number: int = 0


@dataclass
class DemoPostOffice:
    """The demonstration's mail as the pages use it, in memory."""

    at: datetime
    sent: list[tuple[str, str, str, str]] = field(default_factory=list)

    def send(self, sender_name: str, sender_address: str, subject: str, text: str) -> None:
        self.sent.append((sender_name, sender_address, subject, text))

    def answer(self, address: str, number: int, text: str) -> bool:
        self.sent.append((address, str(number), "answer", text))
        return number == 0

    def addresses(self) -> list[str]:
        return ["margaret.okafor@example.org"]

    def inbox(self, address: str) -> list[DemoLetter]:
        return [DemoLetter("[01.FOI.24.000001] Acknowledgement", "Dear Margaret", "foi@anytown.example", self.at)]


class Browser:
    """A client that sends the CSRF token of the last page it saw, as a browser's forms do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str) -> TestResponse:
        return self._seen(self.client.get(path, buffered=True))

    def post(self, path: str, **values: str | list[str]) -> TestResponse:
        return self._seen(self.client.post(path, data={"csrf_token": self._token, **values}, buffered=True))

    def sign_in(self, role: str) -> "Browser":
        self.get("/sign-in")
        assert self.post("/sign-in", email=EMAILS[role], password=PASSWORD).status_code == 302
        self.get("/list/mine")
        return self

    def _seen(self, response: TestResponse) -> TestResponse:
        found = (
            re.search(r'name="csrf_token" value="([^"]+)"', response.text) if response.mimetype == "text/html" else None
        )
        self._token = found[1] if found else self._token
        return response


@dataclass(frozen=True)
class Mould:
    """A folder with a seeded desk's database and secret, to be copied for each test."""

    folder: Path
    seeded: Seeded


@pytest.fixture(scope="session")
def mould(tmp_path_factory: pytest.TempPathFactory) -> Mould:
    folder = tmp_path_factory.mktemp("mould")
    desk = open_desk(council_settings(folder), Time().now)
    migrate(desk.engine)
    seeded = seed(desk)
    desk.engine.dispose()
    return Mould(folder, seeded)


@pytest.fixture
def desk(mould: Mould, tmp_path: Path, time: Time) -> Iterator[Desk]:
    """A seeded desk on SQLite: the pages see no difference between the databases."""
    for name in ("foidesk.db", "secret"):
        shutil.copy(mould.folder / name, tmp_path / name)
    desk = open_desk(council_settings(tmp_path, web={"sign_in_limit": "1000 per minute"}), time.now)
    yield desk
    desk.engine.dispose()


@pytest.fixture
def seeded(mould: Mould) -> Seeded:
    return mould.seeded


@pytest.fixture
def post_office(time: Time) -> DemoPostOffice:
    return DemoPostOffice(time.moment)


@pytest.fixture
def app(desk: Desk, post_office: DemoPostOffice) -> Flask:
    app = create_app(desk, post_office)
    app.extensions[KEPT] = Kept(slow=timedelta(minutes=5))  # however busy the machine, each page counts for itself
    app.testing = True
    return app


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def browser(app: Flask, seeded: Seeded) -> Callable[[str], Browser]:
    """A browser of someone of a role."""
    assert seeded
    return lambda role: Browser(app.test_client()).sign_in(role)


@pytest.fixture
def officer(browser: Callable[[str], Browser]) -> Browser:
    return browser("officer")


@pytest.fixture
def supervisor(browser: Callable[[str], Browser]) -> Browser:
    return browser("supervisor")


def with_settings(desk: Desk, folder: Path, **sections: object) -> Desk:
    """The same desk under other settings."""
    return replace(desk, settings=council_settings(folder, **sections))  # type: ignore[arg-type]

import logging
from dataclasses import replace

import pytest
from flask import Flask

from service.desk import Desk
from service.errors import DeskError
from service.store.database import open_engine
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded
from web.app import create_app
from web.errors import SAID, STATUSES


def test_every_status_of_the_table_has_a_page_that_advises() -> None:
    assert set(STATUSES.values()) <= set(SAID)
    assert all(said.title and said.advice for said in SAID.values())


def test_the_table_names_children_of_desk_error_only() -> None:
    assert all(issubclass(kind, DeskError) for kind in STATUSES)


def test_a_page_that_is_none_says_so_to_anyone(stranger: Browser, officer: Browser) -> None:
    for browser in (stranger, officer):
        answer = browser.get("/no-such-page")
        assert answer.status_code == 404
        assert '<h1 class="govuk-heading-l">Page not found</h1>' in answer.text
    assert "Sign out" in officer.get("/no-such-page").text


def test_an_address_that_takes_forms_only_cannot_be_opened(officer: Browser) -> None:
    assert officer.get("/sign-out").status_code == 405


def test_too_much_text_is_refused(officer: Browser, seeded: Seeded) -> None:
    answer = officer.post(f"/cases/{seeded.overdue}/notes", note="x" * 2_100_000)
    assert answer.status_code == 413


def test_an_unforeseen_fault_shows_and_logs_no_details(
    app: Flask, officer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    words = "".join(("Har", "riet Bell of Mill Lane"))  # a log of the source line must not hold it

    def broken() -> str:
        raise ValueError(words)

    app.testing = False
    app.view_functions["worklist.home"] = broken
    with caplog.at_level(logging.ERROR):
        answer = officer.get("/")
    assert answer.status_code == 500
    assert "Something went wrong at the desk" in answer.text
    assert "Harriet" not in answer.text + caplog.text
    assert "ValueError while making a page" in caplog.text
    assert "in broken" in caplog.text


def test_a_database_that_cannot_be_used_is_told_without_its_address(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.mktemp("empty") / "folder.db"
    nowhere.mkdir()
    app = create_app(replace(desk, engine=open_engine(f"sqlite:///{nowhere}")))
    visitor = Browser(app.test_client())
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", email="x@y.example", password="x")
    assert answer.status_code == 503
    assert "no mail is lost" in answer.text
    assert "folder.db" not in answer.text
    assert visitor.get("/health").status_code == 503

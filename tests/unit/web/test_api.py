"""The API by its tokens: what each may read, what is refused and how, and what it costs the database."""

import json
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from service.casework.standing_of import standing_of
from service.casework.statistics import quarterly
from service.desk import Desk
from service.domain.quarter import Quarter
from service.domain.token import Scope
from service.store.api_tokens import revoke_token
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.tables import ApiToken, Case
from tests.builders import open_a_case
from tests.conftest import Time
from tests.unit.web.api_desk import Program, a_token
from tests.unit.web.conftest import Browser, with_settings
from tests.unit.web.seed import Seeded
from tests.unit.web.test_feeds import counted
from web.app import create_app

WORDS = "the words of Harriet Bell"


@pytest.fixture
def program(app: Flask, desk: Desk, seeded: Seeded) -> Callable[..., Program]:
    """A program whose token has these scopes."""
    assert seeded
    return lambda *scopes: Program(app.test_client(), a_token(desk, scopes or tuple(Scope)))


def test_all_cases_come_once_page_after_page(desk: Desk, program: Callable[..., Program]) -> None:
    reader, path, found, newest = program(Scope.CASES), "/cases?limit=2", [], ""
    while path:
        page = reader.read(path)
        assert len(page["cases"]) <= 2
        found += [case["reference"] for case in page["cases"]]
        path = (page["next"] or "").removeprefix("/api/v1")
        if len(found) < 5:  # what comes meanwhile is at the end, and nothing is shown twice
            with transaction(desk.engine) as session:
                newest = open_a_case(session, desk).reference
    assert len(found) == len(set(found))
    assert found[-1] == newest


def test_the_filters_are_those_of_the_lists(desk: Desk, seeded: Seeded, program: Callable[..., Program]) -> None:
    reader = program(Scope.CASES)

    def found(query: str) -> set[str]:
        return {case["reference"] for case in reader.read(f"/cases?{query}")["cases"]}

    assert found("view=overdue") == {seeded.overdue}
    assert found("view=unassigned") == {seeded.unassigned}
    assert found("view=closed") == {seeded.closed}
    assert found("exemption=43(2)") == {seeded.overdue}
    assert found("owner=1&view=open") == {seeded.overdue, seeded.due_today, seeded.soon}
    assert found("due_to=2024-06-03&view=open") == {seeded.overdue, seeded.due_today}
    assert found("mailbox=nowhere") == set()
    assert found("late=true") == {seeded.overdue}
    assert found("answered_from=2024-05-01") == {seeded.closed}


def test_who_asked_and_what_is_told_to_a_token_for_it_alone(seeded: Seeded, program: Callable[..., Program]) -> None:
    for path in (f"/cases/{seeded.overdue}", "/cases", "/deadlines"):
        plain = program(Scope.CASES, Scope.DEADLINES).get(path)
        assert plain.status_code == 200
        for told in ("Harriet", "harriet", "Trees", "felled", "contractor", "Parks"):
            assert told not in plain.text, (path, told)
    trusted = program(Scope.CASES, Scope.REQUESTERS).read(f"/cases/{seeded.overdue}")
    assert trusted["requester"] == {"name": "Harriet Bell", "address": "harriet.bell@example.org"}
    assert trusted["subject"] == "Trees felled in 2023"
    assert program(Scope.CASES).get("/cases?q=Harriet").status_code == 403
    found = program(Scope.CASES, Scope.REQUESTERS).read("/cases?q=Harriet")["cases"]
    assert [case["reference"] for case in found] == [seeded.overdue]


def test_a_case_in_full_has_its_decisions_and_its_history(
    desk: Desk, seeded: Seeded, program: Callable[..., Program]
) -> None:
    told = program(Scope.CASES).read(f"/cases/{seeded.overdue}")
    assert [(one["decision"], one["limbs"]) for one in told["questions"]] == [("disclose", []), ("withhold", ["43(2)"])]
    assert told["history"][0] == {
        "number": 1,
        "kind": "received",
        "happened_at": "2024-05-01T08:30:00Z",
        "due_on": "2024-05-31",
    }
    with reading(desk.engine) as session:
        standing = standing_of(desk, case_by_reference(session, seeded.overdue), desk.today())
    assert told["standing"]["words"] == standing.words == "overdue by 1 working day"


def test_deadlines_come_the_most_urgent_first(program: Callable[..., Program]) -> None:
    reader, path, found = program(Scope.DEADLINES), "/deadlines?limit=2", []
    while path:
        page = reader.read(path)
        found += [(one["due_on"], one["reference"]) for one in page["deadlines"]]
        path = (page["next"] or "").removeprefix("/api/v1")
    assert found == sorted(found)
    assert len(found) == len(set(found)) == 5


def test_the_statistics_are_those_that_are_published(desk: Desk, program: Callable[..., Program]) -> None:
    path = "/statistics?quarter=2024Q2&as_at=2024-06-03"
    told = program(Scope.STATISTICS).read(path)
    with reading(desk.engine) as session:
        found = quarterly(session, desk, Quarter(2024, 2), desk.today(), today=desk.today())
    counts = {row["key"]: row["count"] for table in told["tables"] for row in table["figures"]}
    assert counts == {row.key: row.count for table in found.tables for row in table.figures}
    assert {row["references"] is None for table in told["tables"] for row in table["figures"]} == {True}
    assert program(Scope.STATISTICS).get(f"{path}&references=true").status_code == 403
    both = program(Scope.STATISTICS, Scope.CASES).read(f"{path}&references=true")
    assert len(both["tables"][0]["figures"][0]["references"]) == counts["code.1"]


@pytest.mark.parametrize(
    ("scope", "path"),
    [(Scope.DEADLINES, "/cases"), (Scope.STATISTICS, "/deadlines"), (Scope.CASES, "/statistics?quarter=2024Q2")],
)
def test_a_token_reads_nothing_beyond_its_scopes(program: Callable[..., Program], scope: Scope, path: str) -> None:
    answer = program(scope).get(path)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_without_a_good_token_there_is_nothing(desk: Desk, app: Flask, time: Time, seeded: Seeded) -> None:
    good = a_token(desk, [Scope.CASES], days=1)
    for header in (
        "",
        "Bearer",
        "Bearer fdk_wrong",
        f"Basic {good}",
        f"Bearer {good[4:]}",
        f"Bearer {good}x",
        "Bearer \xff",
    ):
        answer = app.test_client().get("/api/v1/cases", headers={"Authorization": header} if header else {})
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), header
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="foidesk"'
    reader = Program(app.test_client(), good)
    assert reader.get("/cases").status_code == 200
    time.pass_by(days=1)
    assert reader.get("/cases").status_code == 200  # its last day
    time.pass_by(days=1)
    assert reader.get("/cases").status_code == 401
    assert seeded


def test_a_revoked_token_is_none(desk: Desk, program: Callable[..., Program]) -> None:
    reader = program(Scope.CASES)
    assert reader.get("/cases").status_code == 200
    with transaction(desk.engine) as session:
        revoke_token(session, session.exec(select(ApiToken)).one().id, desk.now())
    assert reader.get("/cases").status_code == 401


def test_a_token_is_kept_as_a_hash_with_its_last_use(desk: Desk, program: Callable[..., Program]) -> None:
    reader = program()
    reader.get("/cases")
    with reading(desk.engine) as session:
        row = session.exec(select(ApiToken)).one()
    assert reader.token.startswith("fdk_")
    assert len(reader.token) == 47
    assert reader.token[4:] not in repr(row)
    assert row.used_at == desk.now()


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=1.0", "late=yes", "regime=foia", "due_from=1717", "after=-1", "colour=red",
     "view=mine", "limit=1&limit=2", "due_to=2024-02-30", "due_to=2024-02-28&due_from=2024-02-29",
     "answered_to=2024-01-01&answered_from=2024-02-29"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_name(program: Callable[..., Program], query: str) -> None:
    answer = program().get(f"/cases?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [fault["parameter"] for fault in json.loads(answer.text)["faults"]] == [query.partition("=")[0]]


def test_nothing_under_the_api_is_ever_a_page_a_session_or_kept(app: Flask, seeded: Seeded, officer: Browser) -> None:
    client = officer.client
    for method, path in [
        ("GET", "/api"), ("GET", "/api/"), ("GET", "/api/v1"), ("GET", "/api/v1/cases/"), ("GET", "/api/v1/nothing"),
        ("GET", "/api//v1/cases"), ("POST", "/api/v1/cases"), ("OPTIONS", "/api/v1/cases"), ("DELETE", "/api/v1/x"),
        ("GET", f"/api/v1/cases/{seeded.overdue}"), ("GET", "/api/v1/openapi.json"), ("PUT", "/api/v1/openapi.json"),
    ]:  # fmt: skip
        answer = client.open(path, method=method)
        assert answer.mimetype in ("application/json", "application/problem+json"), (method, path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert answer.status_code in (200, 401, 404, 405), (method, path)
    assert set(app.test_client().post("/api/v1/cases").headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_a_fault_of_the_desk_is_told_without_its_words(
    desk: Desk, program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(WORDS)

    reader = program()
    reader.client.application.testing = False
    monkeypatch.setattr("web.api.answers.cases_after", fail)
    with caplog.at_level(logging.DEBUG):
        answer = reader.get("/cases")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "Harriet" not in answer.text + caplog.text
    assert reader.token not in caplog.text
    assert desk


def test_so_many_requests_and_no_more(desk: Desk, seeded: Seeded, tmp_path: Path) -> None:
    slow = create_app(with_settings(desk, tmp_path, web={"api_limit": "3 per minute"}))
    one, other = (Program(slow.test_client(), a_token(desk)) for _ in range(2))
    assert [one.get(f"/{path}").status_code for path in ("cases", "deadlines", "cases", "cases")] == [
        200,
        200,
        200,
        429,
    ]
    told = one.get("/cases")
    assert told.mimetype == "application/problem+json"
    assert 0 < int(told.headers["Retry-After"]) <= 60
    free = other.get("/cases")
    assert (free.status_code, "Retry-After" in free.headers) == (200, False)
    guesses = [Program(slow.test_client(), f"fdk_guess{n}").get("/cases").status_code for n in range(5)]
    assert guesses == [401, 401, 401, 429, 429]
    assert seeded


def test_a_list_asks_as_much_of_the_database_for_many_cases_as_for_one(
    desk: Desk, program: Callable[..., Program]
) -> None:
    reader = program()
    reader.get("/cases")
    for path in ("/cases", "/deadlines"):
        few, many = (counted(desk, partial(reader.get, f"{path}?limit={n}")) for n in (1, 500))
        assert few == many <= 6  # with the BEGIN of each of three looks


def test_every_case_of_a_desk_can_be_told(desk: Desk, program: Callable[..., Program]) -> None:
    with reading(desk.engine) as session:
        references = session.exec(select(Case.reference)).all()
    reader = program()
    assert {reader.get(f"/cases/{reference}").status_code for reference in references} == {200}
    assert reader.get("/cases/99.FOI.99.999999").status_code == 404


def test_tokens_are_made_shown_once_and_revoked_by_administrators(
    browser: Callable[[str], Browser], app: Flask
) -> None:
    for role in ("officer", "supervisor"):
        window = browser(role)
        window.get("/calendar-and-api")
        assert window.post("/calendar-and-api/tokens", name="x", scope="cases", days="30").status_code == 403
        assert "Tokens of the API" not in window.get("/calendar-and-api").text
    window = browser("administrator")
    assert (
        "Choose at least one of cases"
        in window.post("/calendar-and-api/tokens", name="", scope="requesters", days="30").text
    )
    made = window.post("/calendar-and-api/tokens", name="The intranet", scope="deadlines", days="30")
    shown = window.get(made.headers["Location"])
    token = shown.text.split('tabindex="0">')[1].split("</code>")[0]
    reader = Program(app.test_client(), token)
    assert (reader.get("/deadlines").status_code, reader.get("/cases").status_code) == (200, 403)
    page = window.get(made.headers["Location"]).text  # loaded again
    assert token not in page
    assert page.count("The intranet") == 2  # in its row and on its link
    assert window.post("/calendar-and-api/tokens/1/revoke").status_code == 302
    assert reader.get("/deadlines").status_code == 401

"""Every address is guarded or public by name, and every form must carry its token."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlmodel import Session, select
from werkzeug.routing import Rule

from service.casework.team import change_role
from service.desk import Desk
from service.store.cases import case_by_reference, history
from service.store.database import transaction
from service.store.officers import Role, officer_by_email
from service.store.tables import SignIn
from tests.conftest import Time
from tests.unit.web.conftest import Browser, with_settings
from tests.unit.web.seed import EMAILS, PASSWORD, Seeded
from web.app import create_app
from web.guard import PUBLIC

ROLES = ("officer", "supervisor", "administrator")


def _values(rule: Rule, seeded: Seeded) -> dict[str, object]:
    known: dict[str, object] = {
        "reference": seeded.overdue,
        "view": "mine",
        "post_id": seeded.suggestion,
        "message_id": 1,
        "letter_id": seeded.uncertain_letter,
        "position": 0,
        "file_id": 1,
        "filename": "desk.css",
        "slug": "clarification-sought",
        "seq": 1,
        "act": "add",
        "account": "foi",
        "number": 1,
        "version": 1,
        "rule": "R1",
        "kind": "withdrawn",
        "digest": "own",
        "suffix": "csv",
        "list_id": seeded.saved_list,
        "bulk_id": seeded.bulk_act,
        "undo_id": 1,
        "token": "guessed",
        "feed_id": 1,
        "token_id": 1,
        "webhook_id": seeded.webhook,
        "delivery_id": seeded.webhook_message,
    }
    return {name: known[name] for name in rule.arguments}


def addresses(app: Flask, seeded: Seeded, method: str) -> Iterator[tuple[str, str]]:
    """Every endpoint that takes a method, with an address that exists."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.methods and method in rule.methods:
                yield rule.endpoint, url_for(rule.endpoint, **_values(rule, seeded))  # type: ignore[arg-type]


# Public by name because they look at a token of their own, and what they answer without one.
BY_TOKEN = {"feeds.show": 404, "api.cases": 401, "api.case": 401, "api.deadlines": 401, "api.statistics": 401}


def test_every_public_name_is_an_address_we_have(app: Flask) -> None:
    assert set(PUBLIC) == set(PUBLIC) & {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_stranger_gets_nothing_but_what_is_public_by_name(app: Flask, seeded: Seeded, stranger: Browser) -> None:
    for endpoint, address in addresses(app, seeded, "GET"):
        response = stranger.get(address)
        if endpoint in PUBLIC:
            expected = 404 if endpoint == "theme.logo" else BY_TOKEN.get(endpoint, 200)  # this desk has no logo
            assert response.status_code == expected, endpoint
        else:
            assert response.status_code == 302, endpoint
            assert response.headers["Location"].startswith("/sign-in?next="), endpoint


def test_an_officers_session_opens_nothing_that_asks_for_a_token(app: Flask, seeded: Seeded, officer: Browser) -> None:
    for endpoint, address in addresses(app, seeded, "GET"):
        if endpoint in BY_TOKEN:
            assert officer.get(address).status_code == BY_TOKEN[endpoint], endpoint


def test_every_address_of_the_api_asks_for_a_token_but_its_description(app: Flask) -> None:
    served = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api")}
    assert served - set(BY_TOKEN) == {"api.describe"}


def test_a_stranger_can_change_nothing(app: Flask, seeded: Seeded, stranger: Browser) -> None:
    stranger.get("/sign-in")
    for endpoint, address in addresses(app, seeded, "POST"):
        if endpoint not in PUBLIC:
            assert stranger.post(address).status_code == 401, endpoint


@pytest.mark.parametrize("role", ROLES)
def test_a_form_without_its_token_is_refused(
    app: Flask, seeded: Seeded, browser: Callable[[str], Browser], role: str
) -> None:
    client = browser(role).client
    for endpoint, address in addresses(app, seeded, "POST"):
        assert client.post(address, data={"reason": "x"}).status_code == 400, endpoint


@pytest.mark.parametrize("role", ROLES)
def test_every_page_can_be_read_in_every_role(
    app: Flask, seeded: Seeded, browser: Callable[[str], Browser], role: str
) -> None:
    reader = browser(role)
    for endpoint, address in addresses(app, seeded, "GET"):
        elsewhere = ("worklist.home", "access.show_sign_in", "bulk.nothing")
        expected = {200, 302} if endpoint in elsewhere else {200}
        if role == "officer" and endpoint in ("post.as_sent", "post.file"):
            continue
        if role == "officer" and endpoint == "holidays.ask":
            expected = {403}
        if endpoint in BY_TOKEN or endpoint == "theme.logo":  # this desk has no logo
            continue
        if endpoint.startswith("webhooks.") and role != "administrator":
            expected = {403}
        if endpoint == "instructions.show" and role == "officer":
            expected = {403}
        if endpoint == "instructions.ask":  # nobody has said anything by email
            expected = {404}
        if endpoint == "grants.ask_end_feed":  # one's own, of which there is none
            expected = {302}
        if endpoint == "grants.ask_end_token":
            expected = {302 if role == "administrator" else 403}
        if endpoint == "reviews.ask":  # there is no answer to review
            expected = {409}
        if endpoint == "triage.ask_supervisor":  # nobody has said that it is no request
            expected = {409}
        if endpoint == "triage.ask_why" and role != "officer":  # only the officer who was given it hands it back
            expected = {403}
        if endpoint == "answered.ask":  # nobody has sent a mail by hand
            expected = {404}
        if endpoint in ("post.as_sent", "post.file"):  # this mail is plain text without files
            expected = {404}
        assert reader.get(address).status_code in expected, endpoint


TYPED = {
    "reason": "x",
    "subject": "x",
    "body": "A body.",
    "kind": "reply",
    "step": "send",
    "outcome": "granted in full",
    "answered_on-day": "3",
    "answered_on-month": "6",
    "answered_on-year": "2024",
    "on-day": "3",
    "on-month": "6",
    "on-year": "2024",
    "found": "a request for information",
    "regime": "EIR",
    "decision": "disclose",
    "holding": "held",
    "grounds": "0",
    "rows": "1",
    "position-1": "0",
    "text-1": "x",
    "owner": "1",
    "address": "colleague@anytown.example",
    "name": "A colleague",
    "question": "x",
}
FOR_ANYONE = ("cases.write_note", "reviews.begin_complaint", "search.", "consultations.all")


def test_an_officer_changes_nothing_on_a_colleagues_case(
    app: Flask, seeded: Seeded, officer: Browser, desk: Desk
) -> None:
    def told() -> list[tuple[int, str]]:
        with Session(desk.engine) as session:
            case = case_by_reference(session, seeded.of_colleague)
            return [(event.seq, event.kind) for event in history(session, case.id)]

    before = told()
    for endpoint, address in addresses(app, replace(seeded, overdue=seeded.of_colleague), "POST"):
        if address.startswith("/cases/") and not endpoint.startswith(FOR_ANYONE):
            answer = officer.post(address, **TYPED)
            assert answer.status_code in (403, 404, 409, 422), (endpoint, answer.status_code)
            assert told() == before, endpoint


def test_a_good_password_opens_the_page_that_was_asked_for(stranger: Browser, seeded: Seeded) -> None:
    stranger.get("/sign-in")
    answer = stranger.post(
        "/sign-in", email=EMAILS["officer"].upper(), password=PASSWORD, next=f"/cases/{seeded.overdue}"
    )
    assert answer.headers["Location"] == f"/cases/{seeded.overdue}"
    assert seeded.overdue in stranger.get(f"/cases/{seeded.overdue}").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(stranger: Browser, seeded: Seeded, elsewhere: str) -> None:
    assert seeded
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in", email=EMAILS["officer"], password=PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/"


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(stranger: Browser, seeded: Seeded) -> None:
    assert seeded
    stranger.get("/sign-in")
    answers = [
        stranger.post("/sign-in", email=email, password="not the password")
        for email in (EMAILS["officer"], "x@y.example")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("The email address or the password is not right" in answer.text for answer in answers)


def test_the_database_holds_a_hash_of_the_token_and_not_the_token(officer: Browser, desk: Desk) -> None:
    with officer.client.session_transaction() as cookie, Session(desk.engine) as session:
        (row,) = session.exec(select(SignIn)).all()
        assert len(row.token_hash) == 64
        assert cookie["token"] not in row.token_hash


def test_signing_in_replaces_a_token_that_was_there(officer: Browser) -> None:
    with officer.client.session_transaction() as cookie:
        before = cookie["token"]
    officer.post("/sign-out")
    officer.sign_in("officer")
    with officer.client.session_transaction() as cookie:
        assert cookie["token"] != before


def test_signing_out_ends_the_session_on_the_server_too(officer: Browser, desk: Desk) -> None:
    with officer.client.session_transaction() as cookie:
        stolen = dict(cookie)
    officer.post("/sign-out")
    with officer.client.session_transaction() as cookie:
        cookie.update(stolen)
    assert officer.get("/list/mine").status_code == 302
    with Session(desk.engine) as session:
        assert session.exec(select(SignIn)).all() == []


def test_an_idle_session_ends_and_a_used_one_does_not(officer: Browser, time: Time) -> None:
    for _ in range(4):
        time.pass_by(minutes=40)
        assert officer.get("/list/mine").status_code == 200
    time.pass_by(minutes=61)
    assert officer.get("/list/mine").status_code == 302


def test_the_last_use_is_written_at_most_once_a_minute(officer: Browser, desk: Desk, time: Time) -> None:
    def seen() -> timedelta:
        with Session(desk.engine) as session:
            return time.now() - session.exec(select(SignIn)).one().seen_at

    time.pass_by(seconds=59)
    officer.get("/list/mine")
    assert seen() == timedelta(seconds=59)
    time.pass_by(seconds=1)
    officer.get("/list/mine")
    assert seen() == timedelta(0)


def test_a_letter_being_written_survives_the_end_of_the_session(officer: Browser, seeded: Seeded, time: Time) -> None:
    officer.get(f"/cases/{seeded.overdue}/reply?kind=reply")
    time.pass_by(hours=3)
    answer = officer.post(
        f"/cases/{seeded.overdue}/reply", kind="reply", subject="x", body="The words of an afternoon.", step="send"
    )
    assert answer.status_code == 401
    assert "The words of an afternoon." in answer.text


def test_an_inactive_officer_is_out_at_once(officer: Browser, desk: Desk) -> None:
    with Session(desk.engine) as session:
        someone = officer_by_email(session, EMAILS["officer"])
        assert someone is not None
        someone.active = False
        session.add(someone)
        session.commit()
    assert officer.get("/list/mine").status_code == 302


def test_another_role_holds_from_the_next_page_on(officer: Browser, desk: Desk) -> None:
    assert officer.get("/webhooks").status_code == 403
    with transaction(desk.engine) as session:
        change_role(session, EMAILS["officer"], Role.ADMINISTRATOR)
    assert officer.get("/webhooks").status_code == 200
    with transaction(desk.engine) as session:
        change_role(session, EMAILS["officer"], Role.OFFICER)
    assert officer.get("/webhooks").status_code == 403


def test_guessing_is_slowed_down_by_address_and_by_account(desk: Desk, tmp_path: Path, seeded: Seeded) -> None:
    assert seeded
    slow = create_app(with_settings(desk, tmp_path, web={"sign_in_limit": "2 per minute"}))
    for vary in ("email", "network", "spelling", "part of the network"):
        statuses = []
        for number in range(3):
            guesser = Browser(slow.test_client())
            guesser.get("/sign-in")
            email = {
                "email": f"{number}@x.example",
                "network": "n@x.example",
                "spelling": "  s\x01".ljust(4 + number, "\x01") + "@X.example",
                "part of the network": f"p{number}@x.example",
            }[vary]
            origin = {
                "REMOTE_ADDR": {
                    "email": "10.0.0.1",
                    "network": f"10.0.1.{number}",
                    "spelling": f"10.0.2.{number}",
                    "part of the network": f"2001:db8::{number}:1",
                }[vary]
            }
            token = guesser._token
            answer = guesser.client.post(
                "/sign-in", data={"email": email, "password": "p", "csrf_token": token}, environ_base=origin
            )
            statuses.append(answer.status_code)
        assert statuses == [422, 422, 429], vary


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: Browser) -> None:
    cookie = stranger.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("foidesk=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_is_bound_to_this_very_host(desk: Desk, tmp_path: Path) -> None:
    secure = create_app(with_settings(desk, tmp_path, web={"secure_cookies": True}))
    answer = secure.test_client().get("/sign-in", base_url="https://desk.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-foidesk=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_cookies_key_is_not_the_desks_secret(app: Flask, desk: Desk) -> None:
    assert desk.secret not in (app.secret_key, str(app.secret_key).encode())

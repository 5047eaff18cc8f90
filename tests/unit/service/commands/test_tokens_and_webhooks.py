from pathlib import Path

from service.desk import Desk
from service.domain.token import digest
from service.hooks.signature import secret_of
from service.store.api_tokens import token_by_hash
from service.store.database import reading
from service.store.webhooks import webhook_by_id
from tests.unit.service.commands.conftest import Foidesk
from tests.unit.service.hooks.receiver import a_closed_port, receiving


def test_a_token_is_printed_once_listed_and_revoked(foidesk: Foidesk, desk: Desk) -> None:
    made = foidesk("token", "add", "the intranet", "--scope", "cases", "--scope", "deadlines", "--days", "30")
    assert made.exit_code == 0, made.output
    token = made.stdout.strip().splitlines()[-1]
    with reading(desk.engine) as session:
        held = token_by_hash(session, digest(token), desk.today())
    assert held is not None
    assert held.scopes == "cases deadlines"
    listed = foidesk("token", "list").output
    assert "the intranet" in listed
    assert token not in listed
    assert "no longer works" in foidesk("token", "revoke", "1").output
    assert foidesk("token", "list").output == "There is no token.\n"
    again = foidesk("token", "revoke", "1")
    assert (again.exit_code, "There is no such token in use" in again.output) == (1, True)


def test_a_token_needs_something_to_read(sqlite_foidesk: Foidesk) -> None:
    refused = sqlite_foidesk("token", "add", "x", "--scope", "requesters")
    assert refused.exit_code == 1
    assert "at least one scope" in refused.output


def test_a_webhook_is_made_tried_given_a_new_secret_and_removed(foidesk: Foidesk, desk: Desk, tmp_path: Path) -> None:
    with (tmp_path / "foidesk.toml").open("a") as settings:
        settings.write('[webhooks]\ninternal_networks = ["127.0.0.0/8"]\ntimeout = 2\n')
    with receiving() as receiver:
        made = foidesk("webhook", "add", receiver.url, "--event", "case.overdue")
        assert made.exit_code == 0, made.output
        first = made.stdout.strip().splitlines()[-1]
        listed = foidesk("webhook", "list").output
        assert receiver.url in listed
        assert first not in listed
        assert foidesk("webhook", "test", "1").output == "The test was accepted.\n"
        assert receiver.heard[0][0]["webhook-signature"].startswith("v1,")
    assert foidesk("webhook", "test", "1").exit_code == 1
    second = foidesk("webhook", "rotate", "1").stdout.strip().splitlines()[-1]
    with reading(desk.engine) as session:
        webhook = webhook_by_id(session, 1)
    secret = (tmp_path / "secret").read_text().strip().encode()
    assert [first, second] == [secret_of(secret, webhook.old_salt), secret_of(secret, webhook.salt)]
    foidesk("webhook", "remove", "1")
    assert foidesk("webhook", "list").output == "There is no webhook.\n"
    assert "There is no such webhook" in foidesk("webhook", "test", "1").output


def test_an_address_inside_or_without_tls_is_refused(sqlite_foidesk: Foidesk) -> None:
    assert "only https" in sqlite_foidesk("webhook", "add", "http://hooks.example/").output
    made = sqlite_foidesk("webhook", "add", f"http://127.0.0.1:{a_closed_port()}/")
    assert (made.exit_code, "is inside a network" in made.output) == (1, True)
    assert sqlite_foidesk("webhook", "list").output == "There is no webhook.\n"

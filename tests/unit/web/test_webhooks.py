"""Webhooks as administrators make, try and remove them."""

from collections.abc import Callable

import pytest

from service.desk import Desk
from service.health import health, troubles
from service.hooks.signature import secret_of
from service.store.database import reading, transaction
from service.store.webhooks import lock_delivery, lock_webhook, webhook_by_id
from tests.conftest import Time
from tests.unit.web.conftest import Browser
from tests.unit.web.seed import Seeded


@pytest.fixture
def administrator(browser: Callable[[str], Browser]) -> Browser:
    return browser("administrator")


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(desk: Desk, administrator: Browser) -> None:
    administrator.get("/webhooks")
    made = administrator.post("/webhooks", url="https://hooks.example/foi", event="case.received")
    with reading(desk.engine) as session:
        webhook = webhook_by_id(session, 2)
    secret = secret_of(desk.secret, webhook.salt)
    assert secret in administrator.get(made.headers["Location"]).text.replace("&#43;", "+")
    assert (webhook.url, webhook.events, webhook.created_by) == (
        "https://hooks.example/foi",
        "case.received",
        "officer:3",
    )
    assert secret not in administrator.get("/webhooks/2").text
    assert secret.removeprefix("whsec_") not in repr(webhook)


@pytest.mark.parametrize(
    ("url", "said"),
    [("", "Enter the address"), ("http://hooks.example/", "only https"), ("https://u:p@hooks.example/", "leave out")],
)
def test_an_address_that_cannot_be_one_is_refused_beside_its_field(administrator: Browser, url: str, said: str) -> None:
    administrator.get("/webhooks")
    answer = administrator.post("/webhooks", url=url, event="case.received")
    assert answer.status_code == 422
    assert said in answer.text


def test_a_message_that_failed_is_shown_and_tried_again(desk: Desk, seeded: Seeded, administrator: Browser) -> None:
    page = administrator.get(f"/webhooks/{seeded.webhook}").text
    assert "it did not answer within 10 seconds" in page
    again = f"/webhooks/{seeded.webhook}/messages/{seeded.webhook_message}"
    assert again in page
    assert administrator.post(again).status_code == 302
    with transaction(desk.engine) as session:
        assert lock_delivery(session, seeded.webhook_message).state == "queued"


def test_a_new_secret_replaces_the_old_one(desk: Desk, seeded: Seeded, administrator: Browser) -> None:
    with reading(desk.engine) as session:
        old = webhook_by_id(session, seeded.webhook).salt
    administrator.get(f"/webhooks/{seeded.webhook}")
    changed_to = administrator.post(f"/webhooks/{seeded.webhook}/secret").headers["Location"]
    assert "For 24 hours" in administrator.get(changed_to).text
    assert "For 24 hours" not in administrator.get(changed_to).text
    with reading(desk.engine) as session:
        changed = webhook_by_id(session, seeded.webhook)
    assert (changed.old_salt, changed.salt == old) == (old, False)


def test_one_that_was_switched_off_is_told_on_every_page_until_it_is_on_again(
    desk: Desk, seeded: Seeded, administrator: Browser, time: Time
) -> None:
    with transaction(desk.engine) as session:
        webhook = lock_webhook(session, seeded.webhook)
        webhook.disabled_at = webhook.failing_since = desk.now()
        webhook.trouble = "connection refused"
        session.add(webhook)
    with reading(desk.engine) as session:
        assert health(session, desk, desk.now())["webhooks"]["status"] == "warn"
        assert any(
            "The webhook to intranet.anytown.example was switched off" in one
            for one in troubles(session, desk, desk.now())
        )
    assert "was switched off after failing since 3 June" in administrator.get("/list/open").text
    administrator.get(f"/webhooks/{seeded.webhook}")
    administrator.post(f"/webhooks/{seeded.webhook}/on")
    assert "was switched off" not in administrator.get("/list/open").text


def test_a_removed_webhook_is_gone(seeded: Seeded, administrator: Browser) -> None:
    administrator.get(f"/webhooks/{seeded.webhook}")
    assert administrator.post(f"/webhooks/{seeded.webhook}/test").status_code == 302
    assert administrator.post(f"/webhooks/{seeded.webhook}/remove").status_code == 302
    assert "Nobody is told of anything yet" in administrator.get("/webhooks").text
    assert administrator.get(f"/webhooks/{seeded.webhook}").status_code == 404

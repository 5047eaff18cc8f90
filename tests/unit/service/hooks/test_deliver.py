"""Webhooks against a real web server: told once, signed, tried again, and never at the desk's expense."""

import json
import time as wall
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlmodel import Session, select
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from service.casework.announce import announce_deadlines, queue_test
from service.casework.close import close
from service.casework.subscribe import rotate, subscribe, switch_on, try_again, unsubscribe
from service.desk import Desk
from service.domain.announcement import OF_CASES, Announcement
from service.domain.outcome import Outcome
from service.hooks import deliver
from service.hooks.deliver import Round, deliver_webhooks, send_test
from service.hooks.signature import secret_of
from service.store.cases import case_by_reference
from service.store.database import reading, transaction
from service.store.tables import Webhook, WebhookDelivery
from service.store.webhooks import webhook_by_id
from tests.builders import open_a_case
from tests.conftest import Time, council_settings
from tests.unit.service.hooks.receiver import Receiver, a_closed_port, answers, receiving


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """A desk whose webhooks may reach this machine, and that waits one second for them."""
    return replace(
        desk, settings=council_settings(tmp_path, webhooks={"internal_networks": ["127.0.0.0/8"], "timeout": 1})
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def listen(desk: Desk, url: str, *events: Announcement) -> int:
    with transaction(desk.engine) as session:
        return subscribe(session, url, events or OF_CASES, at=desk.now(), by="console").id


def arrives(desk: Desk) -> str:
    with transaction(desk.engine) as session:
        return open_a_case(session, desk).reference


def messages(desk: Desk) -> list[WebhookDelivery]:
    with reading(desk.engine) as session:
        return list(session.exec(select(WebhookDelivery).order_by(WebhookDelivery.id)).all())  # type: ignore[arg-type]


def the_webhook(desk: Desk, webhook_id: int) -> Webhook:
    with reading(desk.engine) as session:
        return webhook_by_id(session, webhook_id)


def greets_like_a_mail_server(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n")


def test_a_request_is_told_of_without_a_word_of_its_requester(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    reference = arrives(desk)
    assert deliver_webhooks(desk) == Round(delivered=1)
    ((headers, body),) = receiver.heard
    told = json.loads(body)
    assert told["type"] == "case.received"
    assert told["data"] == {
        "reference": reference,
        "regime": "FOIA",
        "received_on": "2024-06-03",
        "due_on": "2024-07-01",
        "prudent_due_on": "2024-07-01",
        "answered_on": None,
        "link": f"http://127.0.0.1:8000/cases/{reference}",
        "api": f"http://127.0.0.1:8000/api/v1/cases/{reference}",
    }
    assert b"Harriet" not in body
    assert b"Pothole" not in body
    assert headers["content-type"] == "application/json"
    (row,) = messages(desk)
    assert (row.state, row.status, row.attempts, row.delivered_at) == ("delivered", 204, 1, desk.now())


def test_what_was_acknowledged_is_never_sent_again(desk: Desk, receiver: Receiver, time: Time) -> None:
    listen(desk, receiver.url)
    arrives(desk)
    for _ in range(3):
        deliver_webhooks(desk)
        time.pass_by(hours=2)
    assert len(receiver.heard) == 1


def test_an_independent_receiver_finds_the_signature_right(desk: Desk, receiver: Receiver, time: Time) -> None:
    time.moment = time.moment.fromtimestamp(wall.time(), time.moment.tzinfo)  # the verifier asks the wall clock
    key = listen(desk, receiver.url)
    arrives(desk)
    deliver_webhooks(desk)
    ((headers, body),) = receiver.heard
    secret = secret_of(desk.secret, the_webhook(desk, key).salt)
    assert Verifier(secret).verify(body, headers) == json.loads(body)
    for forged in (body.replace(b"2", b"3"), body + b" "):
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(forged, headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(b"another desk", the_webhook(desk, key).salt)).verify(body, headers)


def test_after_a_rotation_both_secrets_hold_for_a_day(desk: Desk, receiver: Receiver, time: Time) -> None:
    time.moment = time.moment.fromtimestamp(wall.time(), time.moment.tzinfo)
    key = listen(desk, receiver.url)
    old = secret_of(desk.secret, the_webhook(desk, key).salt)
    with transaction(desk.engine) as session:
        new = secret_of(desk.secret, rotate(session, key, at=desk.now()).salt)
        queue_test(session, key, at=desk.now())
    assert old != new
    deliver_webhooks(desk)
    headers, body = receiver.heard[-1]
    Verifier(old).verify(body, headers)
    Verifier(new).verify(body, headers)
    time.pass_by(hours=25)
    with transaction(desk.engine) as session:
        queue_test(session, key, at=desk.now())
    deliver_webhooks(desk)
    assert len(receiver.heard[-1][0]["webhook-signature"].split()) == 1


def test_a_message_is_tried_again_under_the_same_id(desk: Desk, receiver: Receiver, time: Time) -> None:
    listen(desk, receiver.url)
    arrives(desk)
    receiver.behaviour = answers(500)
    assert deliver_webhooks(desk) == Round(queued=1)
    assert deliver_webhooks(desk) == Round()  # not before its time
    time.pass_by(minutes=1)
    receiver.behaviour = answers(200)
    assert deliver_webhooks(desk) == Round(delivered=1)
    first, second = (headers["webhook-id"] for headers, _ in receiver.heard)
    assert first == second
    assert receiver.heard[0][1] == receiver.heard[1][1]


def test_tries_come_after_1_5_15_and_60_minutes_and_end_after_48_hours(
    desk: Desk, receiver: Receiver, time: Time
) -> None:
    listen(desk, receiver.url)
    receiver.behaviour = answers(503)
    arrives(desk)
    begun, gaps, last = desk.now(), [], desk.now()
    while messages(desk)[0].state == "queued":
        deliver_webhooks(desk)
        gaps.append((desk.now() - last) // timedelta(minutes=1))
        last = desk.now()
        time.moment = messages(desk)[0].next_try_at or last
    assert len(receiver.heard) == len(gaps)
    assert gaps[:6] == [0, 1, 5, 15, 60, 60]
    assert timedelta(hours=48) <= last - begun < timedelta(hours=49, minutes=30)
    assert messages(desk)[0].state == "failed"
    assert messages(desk)[0].trouble == "it did not take the message (status 503)"


def test_a_message_that_failed_can_be_tried_again(desk: Desk, receiver: Receiver) -> None:
    key = listen(desk, receiver.url)
    arrives(desk)
    with transaction(desk.engine) as session:
        row = session.exec(select(WebhookDelivery)).one()
        row.state = "failed"
        session.add(row)
    assert deliver_webhooks(desk) == Round()
    with transaction(desk.engine) as session:
        try_again(session, key, row.id, at=desk.now())
    assert deliver_webhooks(desk) == Round(delivered=1)


@pytest.mark.parametrize("behaviour", ["hangs", "dribbles"])
def test_a_receiver_that_does_not_answer_costs_its_seconds_and_no_more(
    desk: Desk, receiver: Receiver, behaviour: str
) -> None:
    listen(desk, receiver.url)
    arrives(desk)
    receiver.behaviour = getattr(receiver, behaviour)
    begun = wall.monotonic()
    assert deliver_webhooks(desk) == Round(queued=1)
    assert wall.monotonic() - begun < 6
    assert messages(desk)[0].trouble == "it did not answer within 1 seconds"


def test_a_redirect_is_not_followed(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    arrives(desk)
    receiver.behaviour = answers(302, Location=f"{receiver.url}&again")
    assert deliver_webhooks(desk) == Round(queued=1)
    assert len(receiver.heard) == 1
    assert "which is not followed (status 302)" in messages(desk)[0].trouble


def test_a_receiver_that_is_off_is_left_alone_until_its_time(desk: Desk, time: Time, receiver: Receiver) -> None:
    off = listen(desk, f"http://127.0.0.1:{a_closed_port()}/")
    listen(desk, receiver.url)
    for _ in range(3):
        arrives(desk)
    assert deliver_webhooks(desk) == Round(delivered=3, queued=1)  # the others of the dead one are not tried
    assert the_webhook(desk, off).trouble == "connection refused"
    assert deliver_webhooks(desk) == Round()
    time.pass_by(minutes=1)
    assert deliver_webhooks(desk) == Round(queued=1)


def test_a_test_that_fails_holds_up_nothing_and_is_not_tried_again(desk: Desk, receiver: Receiver, time: Time) -> None:
    key = listen(desk, receiver.url)
    receiver.behaviour = answers(410)
    for _ in range(4):
        assert send_test(desk, key).state == "failed"
    assert the_webhook(desk, key).next_try_at is None
    assert the_webhook(desk, key).disabled_at is None
    time.pass_by(days=3)
    assert deliver_webhooks(desk) == Round()
    receiver.behaviour = answers(200)
    arrives(desk)
    assert deliver_webhooks(desk) == Round(delivered=1)


def test_an_answer_that_is_none_is_a_failure(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    arrives(desk)
    receiver.behaviour = greets_like_a_mail_server
    assert deliver_webhooks(desk) == Round(queued=1)
    assert messages(desk)[0].trouble == "it does not answer as a web server does"


def test_a_receiver_that_fails_for_days_is_switched_off_and_on_again(
    desk: Desk, receiver: Receiver, time: Time
) -> None:
    key = listen(desk, receiver.url)
    receiver.behaviour = answers(500)
    for _ in range(6):
        arrives(desk)
        deliver_webhooks(desk)
        time.pass_by(days=1)
    assert the_webhook(desk, key).disabled_at is not None
    assert {row.state for row in messages(desk)} == {"failed"}
    arrives(desk)
    assert len(messages(desk)) == 6  # it is told nothing while it is off
    with transaction(desk.engine) as session:
        switch_on(session, key)
    receiver.behaviour = answers(200)
    arrives(desk)
    assert deliver_webhooks(desk) == Round(delivered=1)


def test_a_receiver_that_says_gone_is_switched_off_at_once(desk: Desk, receiver: Receiver) -> None:
    key = listen(desk, receiver.url)
    arrives(desk)
    receiver.behaviour = answers(410)
    deliver_webhooks(desk)
    assert the_webhook(desk, key).disabled_at == desk.now()


def test_a_removed_webhook_is_told_nothing_more(desk: Desk, receiver: Receiver) -> None:
    key = listen(desk, receiver.url)
    arrives(desk)
    with transaction(desk.engine) as session:
        unsubscribe(session, key, at=desk.now())
    arrives(desk)
    assert deliver_webhooks(desk) == Round()
    assert receiver.heard == []


def test_a_desk_killed_between_the_act_and_the_sending_sends_it_at_its_next_start(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    listen(desk, receiver.url)
    arrives(desk)

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(deliver, "_post", killed)
        with pytest.raises(SystemExit):
            deliver_webhooks(desk)
    assert [row.state for row in messages(desk)] == ["sending"]
    assert deliver_webhooks(desk) == Round()  # somebody may still be at it
    time.pass_by(minutes=2)
    assert deliver_webhooks(desk) == Round(delivered=1)
    assert len(receiver.heard) == 1


def test_an_act_that_is_rolled_back_tells_nobody(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    with pytest.raises(RuntimeError), transaction(desk.engine) as session:
        open_a_case(session, desk)
        raise RuntimeError
    assert messages(desk) == []


def test_an_answer_is_told_with_its_day(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url, Announcement.ANSWERED)
    reference = arrives(desk)
    with transaction(desk.engine) as session:
        case = case_by_reference(session, reference)
        close(session, desk, case, Outcome.GRANTED, answered_on=desk.today(), at=desk.now(), by="officer:1")
    deliver_webhooks(desk)
    ((_, body),) = receiver.heard
    assert json.loads(body)["type"] == "case.answered"
    assert json.loads(body)["data"]["answered_on"] == "2024-06-03"


def test_a_withdrawn_request_was_not_answered(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url, Announcement.ANSWERED)
    reference = arrives(desk)
    with transaction(desk.engine) as session:
        case = case_by_reference(session, reference)
        close(session, desk, case, Outcome.WITHDRAWN, answered_on=desk.today(), at=desk.now(), by="officer:1")
    assert messages(desk) == []


def test_each_deadline_is_told_once_when_soon_and_once_when_past(desk: Desk, time: Time, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    arrives(desk)

    def morning(session: Session) -> int:
        return announce_deadlines(session, desk, today=desk.today(), at=desk.now())

    told = []
    for _ in range(12):
        time.pass_by(days=3)
        with transaction(desk.engine) as session:
            told.append(morning(session))
    assert sum(told) == 2
    assert [row.event for row in messages(desk)] == ["case.received", "case.due_soon", "case.overdue"]

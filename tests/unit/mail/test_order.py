"""Mails may come in any order: what becomes of each does not depend on the others."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mail.reader import Reader
from mail.take_in import take_in
from service.bootstrap import open_desk
from service.store.correspondence import post_by_id
from service.store.database import reading, transaction
from service.store.schema import migrate
from tests.builders import stored_post
from tests.conftest import Time, council_settings

HEAD = "From: Person {n} <person{n}@example.com>\nTo: foi@anytown.example\nMessage-ID: <{n}@example.com>\n"
ODDITIES = (
    "Subject: Potholes\n\nHow many?",
    "Subject: Potholes\nAuto-Submitted: auto-replied\n\nI am away.",
    "Subject: Potholes\nPrecedence: bulk\nList-Id: <news.example.com>\n\nOur offers of the week.",
    "Subject: Potholes\nReply-To: foi@anytown.example\n\nHow many?",
    "Subject: Re: 01.FOI.24.000999\n\nAnd how many in March?",
    "Subject: Potholes\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHow many?\n--b\n\nx",
    "Subject: =?utf-8?q?Caf=C3=A9?=\nContent-Type: text/plain; charset=unknown-8bit\n\nHow many \x80 caf\xe9s?",
    (
        "Subject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nNot delivered.\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@example.net\n"
        "Action: failed\nStatus: 5.1.1\n--b--"
    ),
    "Subject: Two\nFrom: another@example.org\n\nWho asks?",
    "",
)

Fates = dict[bytes, tuple[str, str, bool]]  # state, action, and whether there is a case


def mails() -> list[bytes]:
    """Several of each, from different people."""
    made = [HEAD.format(n=n) + oddity for n, oddity in enumerate(ODDITIES * 3)]
    return [mail.encode("latin-1", "replace") for mail in made]


@pytest.fixture
def settle(tmp_path: Path, time: Time) -> Iterator[Callable[[int], Fates]]:
    """What becomes of each mail, by its bytes, when they come in the order of a seed."""

    def run(seed: int) -> Fates:
        folder = tmp_path / str(seed)
        folder.mkdir()
        desk = open_desk(council_settings(folder), time.now)
        migrate(desk.engine)
        came = mails()
        random.Random(seed).shuffle(came)
        found: Fates = {}
        for raw in came:
            with transaction(desk.engine) as session:
                post_id = stored_post(session, received_at=time.now(), raw=raw).id
            take_in(desk, reader, posts=[post_id])
            with reading(desk.engine) as session:
                post = post_by_id(session, post_id)
            found[raw] = (post.state, post.action, post.case_id is not None)
        desk.engine.dispose()
        return found

    with Reader(tmp_path / "spool") as reader:
        yield run


def test_the_order_in_which_mails_come_changes_nothing(
    settle: Callable[[int], Fates],
) -> None:
    first, second, third = settle(1), settle(2), settle(3)
    assert first == second == third
    assert len(first) == len(mails())
    assert {action for _, action, _ in first.values()} >= {
        "new-case",
        "auto-reply-ignore",
        "junk",
        "bounce",
        "quarantine",
    }

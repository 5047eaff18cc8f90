"""Killed in the middle, or run twice at once: still every mail exactly once."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from service.desk import Desk
from service.store.tables import Post
from tests.integration.dovecot import Dovecot
from tests.integration.polling import a_mail, child_command, counted, fill, reading_from, rows

MAILS = 80  # test_killed does it with two hundred
TIMEOUT = 120


@pytest.fixture
def polling(desk: Desk, dovecot: Dovecot) -> Desk:
    return reading_from(desk, dovecot.settings())


@contextmanager
def a_poller(polling: Desk) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of its own that polls the mailbox once."""
    url = polling.engine.url.render_as_string(hide_password=False)
    command = child_command(polling.settings, polling.settings.mailbox, url)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def _kill_once(polling: Desk, reached: Callable[[Sequence[Post]], bool]) -> bool:
    """Poll until a point is reached and kill the poller there; whether it was killed before it was done."""
    with a_poller(polling) as process:
        deadline = monotonic() + TIMEOUT
        while monotonic() < deadline and not reached(rows(polling)) and process.poll() is None:
            sleep(0.05)  # to look takes a processor, of which the poller has need
        process.kill()
        return process.wait(10) < 0


def _finish(polling: Desk) -> None:
    with a_poller(polling) as process:
        assert process.wait(TIMEOUT) == 0


def _in_state(posts: Sequence[Post], state: str) -> int:
    return sum(post.state == state for post in posts)


def test_killed_again_and_again_it_makes_exactly_one_case_and_one_acknowledgement_of_each_mail(
    polling: Desk, dovecot: Dovecot
) -> None:
    fill(dovecot, {number: a_mail(number) for number in range(MAILS)})
    killed = [
        _kill_once(polling, lambda posts: len(posts) >= 20),
        _kill_once(polling, lambda posts: _in_state(posts, "filed") >= 10),
        _kill_once(polling, lambda posts: _in_state(posts, "filed") >= 40),
        _kill_once(polling, lambda posts: _in_state(posts, "filed") >= MAILS),
    ]
    assert any(killed)
    _finish(polling)
    assert counted(polling) == (MAILS, MAILS, MAILS)
    posts = rows(polling)
    assert (len(posts), _in_state(posts, "filed")) == (MAILS, MAILS)
    assert {post.place for post in posts} <= {"moved", "gone"}
    assert dovecot.folder_content("INBOX") == []
    assert len(dovecot.folder_content("FOI/Filed")) == MAILS


def test_two_pollers_at_once_make_one_case_of_each_mail(polling: Desk, dovecot: Dovecot) -> None:
    # The second half are copies of the first, so that the two may also meet over the same content.
    mails = [a_mail(number) for number in range(60)]
    fill(dovecot, dict(enumerate([*mails, *mails])))
    with a_poller(polling) as one, a_poller(polling) as other:
        codes = [one.wait(TIMEOUT), other.wait(TIMEOUT)]
    _finish(polling)
    assert 0 in codes
    assert counted(polling) == (60, 60, 60)
    posts = rows(polling)
    assert (_in_state(posts, "filed"), _in_state(posts, "duplicate")) == (60, 60)

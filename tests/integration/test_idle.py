"""Waiting for mail: woken at once, quiet when the server goes away, and gone when told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread, Timer
from time import monotonic, process_time, sleep

import pytest

from mail.errors import MailServerUnreachable
from mail.idle import watch
from mail.mailbox import open_mailbox
from service.servers import MailboxSettings
from tests.integration.dovecot import Dovecot
from tests.integration.imap_front import Death, imap_front
from tests.integration.polling import SAT_JUN_1_2024, a_mail
from tests.integration.scripted_imap import scripted


@dataclass
class Watching:
    """A thread that watches, and the moments at which it had news."""

    thread: Thread
    stop: Event
    news: list[float] = field(default_factory=list)

    def until(self, number: int, seconds: float = 10) -> bool:
        return _soon(lambda: len(self.news) >= number, seconds)


def _soon(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = monotonic() + seconds
    while monotonic() < deadline and not condition():
        sleep(0.02)
    return condition()


@contextmanager
def watching(settings: MailboxSettings) -> Iterator[Watching]:
    news: list[float] = []
    stop = Event()
    thread = Thread(target=watch, args=(settings, lambda: news.append(monotonic()), stop))
    thread.start()
    try:
        yield Watching(thread, stop, news)
    finally:
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_new_mail_wakes_us(dovecot: Dovecot, security: str) -> None:
    with watching(dovecot.settings(security=security)) as watched:
        assert watched.until(1)  # at the connection: what came while nobody listened
        sleep(1.2)
        assert len(watched.news) == 1
        dovecot.deliver(a_mail(1))
        assert watched.until(2)


@pytest.mark.parametrize("security", ["tls", "none"])
def test_mail_that_came_just_before_we_listened_is_not_missed(dovecot: Dovecot, security: str) -> None:
    with open_mailbox(dovecot.settings(security=security)) as box:
        box.select("INBOX")
        dovecot.deliver(a_mail(1))
        began = monotonic()
        assert box.wait_for_news(20, Event())
        assert monotonic() - began < 5


def test_without_news_the_wait_ends_in_time(dovecot: Dovecot) -> None:
    with open_mailbox(dovecot.settings()) as box:
        box.select("INBOX")
        assert not box.wait_for_news(0.6, Event())
        assert box.uids_since(SAT_JUN_1_2024.date()) == []  # the connection goes on


def test_being_told_to_stop_ends_the_wait_at_once(dovecot: Dovecot) -> None:
    with watching(dovecot.settings()) as watched:
        assert watched.until(1)
        sleep(0.3)
        began = monotonic()
        watched.stop.set()
        watched.thread.join(5)
        assert monotonic() - began < 2


@pytest.mark.parametrize(
    "answer",
    [
        "+ idling\r\nEOF",
        "+ idling\r\n* BYE AccessTokenExpired\r\nEOF",
        "+ idling\r\n* BYE Server shutting down\r\n",  # it answers DONE before it closes
        "+ idling\r\n* 1 EXIEOF",
    ],
)
def test_a_server_that_goes_away_while_we_listen_is_noticed(answer: str) -> None:
    with scripted(IDLE=answer) as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        with pytest.raises(MailServerUnreachable):
            box.wait_for_news(20, Event())


def test_news_before_the_server_agrees_to_idle_counts() -> None:
    with scripted(IDLE="* 1 EXISTS\r\n+ idling\r\n") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        began = monotonic()
        assert box.wait_for_news(20, Event())
        assert monotonic() - began < 5


def test_a_servers_still_here_is_no_news() -> None:
    with scripted(IDLE="+ idling\r\n* OK Still here\r\n") as settings, open_mailbox(settings) as box:
        box.select("INBOX")
        assert not box.wait_for_news(20, Event())


def test_a_server_that_keeps_going_away_is_neither_hammered_nor_given_up() -> None:
    with scripted(IDLE="+ idling\r\nEOF") as settings, watching(settings) as watched:
        assert watched.until(1)
        used = process_time()
        sleep(3)
        assert process_time() - used < 0.5
        assert len(watched.news) == 1  # it comes back after five seconds
        assert watched.until(2)


def test_a_server_without_idle_is_not_watched() -> None:
    with scripted(CAPABILITY="* CAPABILITY IMAP4rev1") as settings:
        watched = Thread(target=watch, args=(settings, lambda: None, Event()))
        watched.start()
        watched.join(5)
        assert not watched.is_alive()


@pytest.mark.parametrize("how", ["end of file", "BYE", "silence"])
def test_a_connection_that_dies_while_we_listen_costs_no_time_to_notice_and_no_work(
    dovecot: Dovecot, how: Death
) -> None:
    with imap_front(dovecot.imap) as front:
        settings = dovecot.settings(security="none", timeout=1).model_copy(update={"port": front.port})
        with open_mailbox(settings) as box:
            box.select("INBOX")
            dying = Timer(0.5, front.let_down, (how,))
            dying.start()
            began, used = monotonic(), process_time()
            with pytest.raises(MailServerUnreachable):
                box.wait_for_news(2, Event())  # of a silent server we hear only when we have something to say
            assert monotonic() - began < (5 if how == "silence" else 2)
            assert process_time() - used < 0.2
            dying.join()
        with open_mailbox(settings) as box:
            box.select("INBOX")
